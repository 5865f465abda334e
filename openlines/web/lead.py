"""The page of one lead: its fields, its client, and the conversation as it happens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.api.requests import integer_or_none
from common.errors import InvalidInput, NotFound
from common.pages import is_partial, say
from crm.current import staff
from crm.models import Lead, LeadStage
from crm.web.access import staff_only
from openlines.access import visible_leads
from openlines.portraits import portrait_of
from openlines.services.leads import change_lead
from openlines.web.answers import gone_to
from openlines.web.lead_forms import LeadForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@ensure_csrf_cookie
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    found = _lead(request, lead_id)
    form = LeadForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_lead(lead_id=lead_id, actor=staff(request), **form.changes())
        return _saved(request, lead_id)
    if is_partial(request) and request.method == "POST":
        return render(request, "crm/_lead_form.html", {"form": form, "lead": found}, status=422)
    return render(request, "crm/lead.html", _page(request, found, form), status=422 if form.errors else 200)


def _saved(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Whoever hands a lead on may no longer see it."""
    found = visible_leads(staff(request)).filter(pk=lead_id).first()
    if found is None:
        say(request, _("Saved. A colleague looks after this lead now."))
        return gone_to(request, "/crm/leads/")
    say(request, _("Saved."))
    if not is_partial(request):
        return redirect("lead", lead_id)
    context = {"form": LeadForm.of(found), "lead": found, "is_saved": True}
    return render(request, "crm/_lead_form.html", context)


@require_POST
@staff_only
def lead_stage(request: HttpRequest, lead_id: int) -> HttpResponse:
    stage = LeadStage.objects.filter(pk=integer_or_none(request.POST, "stage") or 0).first()
    if stage is None:
        raise InvalidInput(_("There is no such stage."))
    changed = change_lead(lead_id=lead_id, actor=staff(request), stage=stage)
    if not is_partial(request):
        return redirect("lead", lead_id)
    return render(request, "crm/_stage_bar.html", {"lead": changed, "stages": LeadStage.objects.all()})


@require_safe
@staff_only
def lead_side(request: HttpRequest, lead_id: int) -> HttpResponse:
    """What a page on screen asks for again when somebody changed the lead or the client; its form only with ``?form=``,
    as somebody may be typing there."""
    found = _lead(request, lead_id)
    form = LeadForm.of(found) if "form" in request.GET else None
    return render(request, "crm/_lead_side.html", _page(request, found, form))


def _lead(request: HttpRequest, lead_id: int) -> Lead:
    leads = visible_leads(staff(request)).select_related("client", "stage", "source", "responsible")
    found = leads.filter(pk=lead_id).first()
    if found is None:
        raise NotFound
    return found


def _page(request: HttpRequest, found: Lead, form: LeadForm | None) -> dict[str, Any]:
    return {
        "lead": found,
        "client": found.client,
        "form": form,
        "stages": LeadStage.objects.all(),
        "portrait": portrait_of(found.client, reader=staff(request)),
    }
