"""The page of one channel: how it does, and what an administrator can do about it. Secrets are never shown."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_connectors.livechat.widgets import change_widget
from channels_connectors.provider_entries import provider_entries
from channels_connectors.queries import backlog_of, refusals_of
from channels_connectors.services.channels import disconnect_channel, move_channel, set_channel_state
from channels_connectors.services.upkeep import change_channel, change_credentials, check_channel
from channels_connectors.web.channel_forms import DetailsForm, LiveChatDetailsForm, MoveForm
from channels_connectors.web.health import health_of
from channels_connectors.web.kinds import is_own, setup_of
from channels_connectors.web.pieces import widget_pieces
from channels_connectors.web.setup_form import SetupForm, stored_values
from common.errors import DomainError
from common.forms import PageForm
from common.pages import drawer, is_partial, say, trigger_client_events
from crm.current import staff
from crm.models import User
from crm.web.access import administrators_only
from openlines.models import Channel

CHANGED = ("channels-changed",)
# The drawer lies over the page of a line, which has a name and a priority, too.
IDS = "channel_%s"


@require_safe
@administrators_only
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    return _page(request, _channel(channel_id))


@require_POST
@administrators_only
def channel_action(request: HttpRequest, channel_id: int, action: str) -> HttpResponse:
    """Pause, resume, check or disconnect."""
    if action not in ACTIONS:
        raise Http404
    found = _channel(channel_id)
    ACTIONS[action](staff(request), found)
    health = health_of(found)
    return _done(request, found, str(health.title), is_bad=health.tone == "warn")


def _pause(administrator: User, found: Channel) -> None:
    set_channel_state(administrator=administrator, channel=found, state=Channel.State.PAUSED)


def _resume(administrator: User, found: Channel) -> None:
    set_channel_state(administrator=administrator, channel=found, state=Channel.State.CONNECTED)


def _check(administrator: User, found: Channel) -> None:
    check_channel(administrator=administrator, channel=found, now=timezone.now())


def _disconnect(administrator: User, found: Channel) -> None:
    disconnect_channel(administrator=administrator, channel=found)


ACTIONS: dict[str, Callable[[User, Channel], None]] = {
    "pause": _pause,
    "resume": _resume,
    "check": _check,
    "disconnect": _disconnect,
}


@require_POST
@administrators_only
def channel_token(request: HttpRequest, channel_id: int) -> HttpResponse:
    found = _channel(channel_id)
    if not setup_of(found.kind).fields:
        raise Http404
    form = _setup_form(found, request.POST)
    if form.is_valid():
        try:
            change_credentials(
                administrator=staff(request), channel=found, values=form.cleaned_data, now=timezone.now()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(request, found, _("It works with this."))
    return _page(request, found, setup_form=form)


@require_POST
@administrators_only
def channel_move(request: HttpRequest, channel_id: int) -> HttpResponse:
    found = _channel(channel_id)
    form = MoveForm(request.POST, channel=found)
    if not form.is_valid():
        return _page(request, found, move_form=form)
    moved = move_channel(administrator=staff(request), channel=found, line=form.cleaned_data["line"])
    return _done(request, moved, _("The channel belongs to the line “%(line)s” now.") % {"line": moved.line.name})


@require_POST
@administrators_only
def channel_details(request: HttpRequest, channel_id: int) -> HttpResponse:
    """The name, the priority, and what else an own channel can be told."""
    found = _channel(channel_id)
    form = _details_form(found, request)
    if not form.is_valid():
        return _page(request, found, details_form=form)
    values = dict(form.cleaned_data)
    with transaction.atomic():
        changes = {name: values.pop(name) for name in ("name", "priority")}
        change_channel(administrator=staff(request), channel=found, **changes)
        if values:
            change_widget(administrator=staff(request), channel=found, **values)
    return _done(request, found, _("Saved."))


def _channel(channel_id: int) -> Channel:
    return get_object_or_404(Channel.objects.select_related("account", "line"), pk=channel_id)


def _setup_form(found: Channel, values: Any = None) -> SetupForm:
    setup, account = setup_of(found.kind), found.account
    shown = stored_values(setup, base_url=account.base_url, own_settings=account.settings)
    return SetupForm(setup, values, known=account.credentials, initial=shown)


def _details_form(found: Channel, request: HttpRequest | None = None) -> PageForm:
    posted = request.POST if request is not None else None
    if found.kind != "livechat":
        return DetailsForm(posted, auto_id=IDS, initial={"name": found.name, "priority": found.priority})
    values = found.account.settings
    origins = "\n".join(values.get("allowed_origins", ()))
    initial = {
        "name": found.name,
        "priority": found.priority,
        "title": values.get("title", ""),
        "allowed_origins": origins,
    }
    return LiveChatDetailsForm(posted, auto_id=IDS, initial=initial)


def _done(request: HttpRequest, found: Channel, words: str, *, is_bad: bool = False) -> HttpResponse:
    say(request, words, is_bad=is_bad)
    if not is_partial(request):
        return redirect("channel", channel_id=found.pk)
    return trigger_client_events(_page(request, _channel(found.pk)), CHANGED)


def _page(request: HttpRequest, found: Channel, **forms: PageForm) -> HttpResponse:
    context: dict[str, Any] = {
        "channel": found,
        "kind": setup_of(found.kind),
        "health": health_of(found, now=timezone.now()),
        "refusals": refusals_of(found, now=timezone.now()),
        "backlog": backlog_of(found),
        "is_own": is_own(found.kind),
        "details_form": _details_form(found),
        "move_form": MoveForm(channel=found),
        "setup_form": _setup_form(found),
        "entries": provider_entries(found.account),
        **widget_pieces(found, request),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    back = reverse("line", args=[found.line_id])
    return drawer(request, "settings/channels/channel.html", context, back=back, status=status)
