"""The raw events and the deliveries of one channel, with filters, and another try for what failed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from channels_connectors.logs import PER_PAGE, Filter, body_in_words, deliveries, raw_events
from channels_connectors.models import Delivery, RawEvent
from channels_connectors.services.raw_events import replay_event
from channels_connectors.web.kinds import is_own, setup_of
from common.api.requests import LONGEST_SEARCH, integer_or_none
from common.errors import DomainError
from common.forms import PageForm
from common.pages import is_partial, say
from crm.current import staff
from crm.web.access import administrators_only
from openlines.models import Channel
from openlines.services.replies import retry_delivery

DAY = timedelta(days=1)
ERROR_KINDS = (
    ("RETRY", gettext_lazy("tried again")),
    ("LATER", gettext_lazy("a limit was reached")),
    ("BLOCKED", gettext_lazy("the client can't be written to")),
    ("WINDOW", gettext_lazy("too long after the client wrote")),
    ("TOKEN", gettext_lazy("our credentials are refused")),
    ("PERMANENT", gettext_lazy("never accepted")),
    ("UNKNOWN", gettext_lazy("fate not known")),
)


class LogFilterForm(PageForm):
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    error_kind = forms.ChoiceField(
        label=gettext_lazy("Class of the error"), required=False,
        choices=[("", gettext_lazy("Any error or none")), *ERROR_KINDS],
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("Words of the error"), required=False, max_length=LONGEST_SEARCH)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, values: Any, *, states: list[tuple[str, Any]], has_classes: bool) -> None:
        super().__init__(values)
        state = self.fields["state"]
        if isinstance(state, forms.ChoiceField):
            state.choices = [("", gettext_lazy("Every state")), *states]
        if not has_classes:
            del self.fields["error_kind"]

    def wanted(self, *, before: int | None) -> Filter:
        """What of the form makes sense; the days are those of the installation's time zone."""
        self.is_valid()
        values = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        return Filter(
            state=values.get("state", ""),
            words=values.get("words", "").replace("\0", ""),
            error_kind=values.get("error_kind", ""),
            since=_midnight(since) if since else None,
            until=_midnight(until + DAY) if until else None,
            before=before,
        )


def _midnight(date: Any) -> datetime:
    return timezone.make_aware(datetime.combine(date, time.min))


@require_safe
@administrators_only
def channel_events(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = _channel(channel_id)
    form = LogFilterForm(request.GET, states=list(RawEvent.State.choices), has_classes=False)
    wanted = form.wanted(before=integer_or_none(request.GET, "before"))
    found = list(raw_events(channel, wanted).defer("body")[: PER_PAGE + 1])
    return _page(request, channel, "events", form, found)


@require_safe
@administrators_only
def channel_event(request: HttpRequest, channel_id: int, event_id: int) -> HttpResponse:
    """The body of one, as text and nothing else."""
    channel = _channel(channel_id)
    event = get_object_or_404(RawEvent, pk=event_id, channel=channel)
    context = {"channel": channel, "event": event, "body": body_in_words(event, channel.account)}
    return render(request, "settings/channels/_event_body.html", context)


@require_POST
@administrators_only
def event_replay(request: HttpRequest, channel_id: int, event_id: int) -> HttpResponse:
    get_object_or_404(RawEvent, pk=event_id, channel_id=channel_id)
    replay_event(administrator=staff(request), event_id=event_id, now=timezone.now())
    say(request, _("It is read once more; what is stored already is not stored twice."))
    return redirect("channel-events", channel_id=channel_id)


@require_safe
@administrators_only
def channel_deliveries(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = _channel(channel_id)
    form = LogFilterForm(request.GET, states=list(Delivery.State.choices), has_classes=True)
    wanted = form.wanted(before=integer_or_none(request.GET, "before"))
    found = list(deliveries(channel, wanted)[: PER_PAGE + 1])
    return _page(request, channel, "deliveries", form, found)


@require_POST
@administrators_only
def delivery_retry(request: HttpRequest, channel_id: int, delivery_id: int) -> HttpResponse:
    channel = _channel(channel_id)
    delivery = get_object_or_404(Delivery, pk=delivery_id, channel=channel)
    try:
        retry_delivery(message_id=delivery.message_id, operator=staff(request))
    except DomainError as error:
        say(request, str(error), is_bad=True)
    else:
        say(request, _("It is sent once more."))
    return redirect("channel-deliveries", channel_id=channel.pk)


def _channel(channel_id: int) -> Channel:
    return get_object_or_404(Channel.objects.select_related("line", "account"), pk=channel_id)


def _page(request: HttpRequest, channel: Channel, what: str, form: LogFilterForm, found: list[Any]) -> HttpResponse:
    query = request.GET.copy()
    for name in ["before", *(name for name, value in request.GET.items() if not value)]:
        query.pop(name, None)
    context = {
        "channel": channel,
        "kind": setup_of(channel.kind),
        "is_own": is_own(channel.kind),
        "what": what,
        "form": form,
        "rows": found[:PER_PAGE],
        "before": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "query": query.urlencode(),
    }
    if not is_partial(request):
        return render(request, f"settings/channels/{what}.html", context)
    template = f"_{what}_rows.html" if "before" in request.GET else f"_{what}.html"
    return render(request, f"settings/channels/{template}", context)
