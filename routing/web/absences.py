"""Absences of a member of staff: a piece of their page, and a page of its own for supervisors."""

from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, NotFound
from common.forms import PageForm
from common.pages import drawer, is_partial
from crm.current import staff
from crm.models import User
from crm.web.access import supervisors_only
from routing.attendance import arranges_absences_of
from routing.models import Absence
from routing.services.absences import add_absence, remove_absence

REMEMBERED_DAYS = 365


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(PageForm):
    kind = forms.ChoiceField(label=_("Why"), choices=Absence.Kind.choices)
    first_date = forms.DateField(label=_("First day"), widget=_date_input())
    last_date = forms.DateField(label=_("Last day"), widget=_date_input())
    note = forms.CharField(label=_("Note"), max_length=255, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisors_only
def absences(request: HttpRequest, member_id: int) -> HttpResponse:
    member = get_object_or_404(User, pk=member_id)
    if not arranges_absences_of(staff(request), member):
        raise Http404
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_absence(actor=staff(request), operator_id=member_id, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            form = AbsenceForm()
    return _page(request, member, form)


@require_POST
@supervisors_only
def absence_removed(request: HttpRequest, absence_id: int) -> HttpResponse:
    absence = Absence.objects.select_related("operator").filter(pk=absence_id).first()
    if absence is None:
        raise NotFound
    remove_absence(actor=staff(request), absence_id=absence_id, now=timezone.now())
    return _page(request, absence.operator, AbsenceForm())


def _page(request: HttpRequest, member: User, form: AbsenceForm) -> HttpResponse:
    since = timezone.localdate() - timedelta(days=REMEMBERED_DAYS)
    context = {
        "member": member,
        "absence_form": form,
        "absences": Absence.objects.filter(operator=member, last_date__gte=since),
        "today": timezone.localdate(timezone=timezone.get_default_timezone()),
    }
    status = 422 if form.errors else 200
    if is_partial(request):
        return render(request, "settings/staff/_absences.html", context, status=status)
    return drawer(request, "settings/staff/absences.html", context, back=_back(request), status=status)


def _back(request: HttpRequest) -> str:
    return reverse("staff") if staff(request).is_administrator else reverse("stats")
