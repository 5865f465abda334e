"""The audit log: the administrators' page."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.api.requests import LONGEST_SEARCH, integer_or_none
from common.forms import PageForm
from common.pages import is_partial
from crm.audit_log import AuditFilter, audit_entries, entries_in_words, kind_words, kinds
from crm.models import User
from crm.web.access import administrators_only

PER_PAGE = 50
DAY = timedelta(days=1)


class AuditFilterForm(PageForm):
    search = forms.CharField(required=False, max_length=LONGEST_SEARCH)
    actor = forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.exclude(role=User.Role.NONE, is_superuser=False).order_by("first_name", "last_name", "pk")
        actor, kind = self.fields["actor"], self.fields["kind"]
        if isinstance(actor, forms.ChoiceField) and isinstance(kind, forms.ChoiceField):
            actor.choices = [("", _("Everybody")), *((str(user.pk), user.name) for user in people)]
            # A kind that the log knows nothing of yet is a filter all the same.
            asked = str(self.data.get("kind", ""))
            known = {"": _("Everything"), **dict(kinds())}
            kind.choices = list((known if asked in known else known | {asked: kind_words(asked)}).items())

    def wanted(self, *, before: int | None) -> AuditFilter:
        """What of the form makes sense; the days are those of the installation's time zone."""
        values = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        return AuditFilter(
            search=values.get("search", "").replace("\0", ""),
            actor_id=values.get("actor"),
            kind=values.get("kind", ""),
            since=_midnight(since) if since else None,
            until=_midnight(until + DAY) if until else None,
            before=before,
        )


def _midnight(date: Any) -> datetime:
    return timezone.make_aware(datetime.combine(date, time.min))


@require_safe
@administrators_only
def audit(request: HttpRequest) -> HttpResponse:
    """The log by the filters; the rest of it with ``?before=``."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    before = integer_or_none(request.GET, "before")
    wanted = form.wanted(before=before)
    found = list(audit_entries(wanted)[: PER_PAGE + 1])
    context = {
        "form": form,
        "is_filtered": wanted.is_active,
        "rows": entries_in_words(found[:PER_PAGE]),
        "before": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "query": _query(request),
    }
    if not is_partial(request):
        return render(request, "settings/audit/page.html", context)
    return render(request, "settings/audit/_rows.html" if before else "settings/audit/_results.html", context)


def _query(request: HttpRequest) -> str:
    """The filters, to be carried on by the link to what is older."""
    query = request.GET.copy()
    for name in ["before", *(name for name, value in request.GET.items() if not value)]:
        query.pop(name, None)
    return query.urlencode()
