"""The leads' board and list, and new leads by hand."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.api.requests import integer_or_none
from common.errors import DomainError, InvalidInput, NotFound
from common.pages import is_partial, say
from crm.current import staff
from crm.models import Client, LeadStage
from crm.services import first_stage
from crm.web.access import staff_only
from openlines.access import visible_clients, visible_leads
from openlines.board import PER_COLUMN, LeadFilter, board, cards, leads_for, more_of_column
from openlines.services.leads import open_lead
from openlines.web.answers import gone_to
from openlines.web.lead_forms import LeadFilterForm, NewLeadForm

PER_PAGE = 50


@require_safe
@staff_only
def leads(request: HttpRequest) -> HttpResponse:
    """The board; the list with ``?view=list``; the rest of a column with ``?before=``."""
    form = LeadFilterForm(request.GET, reader=staff(request))
    if not form.is_valid():
        raise InvalidInput(" ".join(str(words) for errors in form.errors.values() for words in errors))
    wanted = form.wanted()
    if request.GET.get("view") == "list":
        return _list(request, form, wanted)
    before = integer_or_none(request.GET, "before")
    if before is not None and wanted.stage is not None:
        return _rest_of_column(request, wanted, before)
    columns = board(staff(request), replace(wanted, stage=None))
    context = {"form": form, "columns": columns, "query": _query(request, "stage", "view")}
    return render(request, "crm/_board.html" if is_partial(request) else "crm/leads_board.html", context)


def _rest_of_column(request: HttpRequest, wanted: LeadFilter, before: int) -> HttpResponse:
    found = more_of_column(staff(request), wanted, before=before)
    context = {
        "cards": found[:PER_COLUMN],
        "has_more": len(found) > PER_COLUMN,
        "stage": wanted.stage,
        "query": _query(request, "stage", "before"),
    }
    return render(request, "crm/_cards.html", context)


def _list(request: HttpRequest, form: LeadFilterForm, wanted: LeadFilter) -> HttpResponse:
    found = leads_for(staff(request), wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PER_PAGE
    context = {
        "form": form,
        "page": page,
        "cards": cards(found[start : start + PER_PAGE], reader=staff(request)),
        "query": _query(request, "page"),
    }
    return render(request, "crm/_lead_list.html" if is_partial(request) else "crm/leads_list.html", context)


def _query(request: HttpRequest, *without: str) -> str:
    """The page's address parameters, to be carried on by its links."""
    query = request.GET.copy()
    for name in [*without, *(name for name, value in request.GET.items() if not value)]:
        query.pop(name, None)
    return query.urlencode()


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_lead(request: HttpRequest) -> HttpResponse:
    """A lead by hand; of a known client with ``?client=``."""
    client = _client(request)
    form = NewLeadForm(request.POST or None, client=client, initial=_beginning(request))
    if request.method == "POST" and form.is_valid():
        try:
            lead = open_lead(actor=staff(request), client_id=client.pk if client else None, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, _("Lead No. %(number)s is created.") % {"number": lead.pk})
            # Given to a colleague, it may be one that its maker can't see.
            is_seen = visible_leads(staff(request)).filter(pk=lead.pk).exists()
            return gone_to(request, f"/crm/leads/{lead.pk}/" if is_seen else "/crm/leads/")
    context: dict[str, Any] = {
        "form": form,
        "client": client,
        "back": f"/crm/clients/{client.pk}/" if client else "/crm/leads/",
        "layout": "settings/_drawer.html" if is_partial(request) else "crm/drawer_page.html",
    }
    return render(request, "crm/new_lead.html", context, status=422 if form.errors else 200)


def _client(request: HttpRequest) -> Client | None:
    client_id = integer_or_none(request.GET, "client")
    client = visible_clients(staff(request)).filter(pk=client_id).first() if client_id else None
    if client_id and client is None:
        raise NotFound
    return client


def _beginning(request: HttpRequest) -> dict[str, Any]:
    stage = integer_or_none(request.GET, "stage") or first_stage().pk
    known = LeadStage.objects.filter(pk=stage).exists()
    return {"responsible": staff(request).pk, "currency": "RUB", "stage": stage if known else None}
