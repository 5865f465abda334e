"""Groups of staff: the administrators' page."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.forms import PageForm
from common.pages import drawer, settled
from crm.current import staff
from crm.models import StaffGroup, User
from crm.staff_groups import change_group, create_group, remove_group
from crm.web.access import administrators_only

CHANGED = ("staff-groups-changed", "drawer-close")


class GroupForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=User.objects.filter(is_active=True).exclude(role=User.Role.NONE).order_by("first_name", "last_name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def people(self) -> list[tuple[User, bool]]:
        chosen = {str(getattr(value, "pk", value)) for value in self["members"].value() or ()}
        field = self.fields["members"]
        return [(user, str(user.pk) in chosen) for user in getattr(field, "queryset", ())]

    @property
    def values(self) -> dict[str, Any]:
        members = self.cleaned_data["members"]
        return {"name": self.cleaned_data["name"], "member_ids": [member.pk for member in members]}


@require_safe
@administrators_only
def groups(request: HttpRequest) -> HttpResponse:
    found = StaffGroup.objects.prefetch_related("members")
    return render(request, "settings/staff/groups.html", {"groups": found})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_group(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            group = create_group(administrator=staff(request), **form.values)
        except DomainError as error:
            form.refuse(error)
        else:
            return settled(request, _("“%(name)s” is there.") % {"name": group.name}, back=_list(), events=CHANGED)
    return _page(request, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    found = get_object_or_404(StaffGroup, pk=group_id)
    if request.method != "POST":
        return _page(request, found, _form_of(found))
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            change_group(administrator=staff(request), group_id=group_id, **form.values)
        except DomainError as error:
            form.refuse(error)
        else:
            return settled(request, _("Saved."), back=_list(), events=CHANGED)
    return _page(request, found, form)


@require_POST
@administrators_only
def group_removed(request: HttpRequest, group_id: int) -> HttpResponse:
    found = get_object_or_404(StaffGroup, pk=group_id)
    try:
        remove_group(administrator=staff(request), group_id=group_id)
    except DomainError as error:
        return _page(request, found, _form_of(found), refusal=str(error))
    return settled(request, _("“%(name)s” is removed.") % {"name": found.name}, back=_list(), events=CHANGED)


def _page(request: HttpRequest, found: StaffGroup | None, form: GroupForm, refusal: str = "") -> HttpResponse:
    context = {"group": found, "form": form, "refusal": refusal}
    status = 422 if form.errors or refusal else 200
    return drawer(request, "settings/staff/group.html", context, back=_list(), status=status)


def _form_of(found: StaffGroup) -> GroupForm:
    return GroupForm(initial={"name": found.name, "members": list(found.members.values_list("pk", flat=True))})


def _list() -> str:
    return reverse("staff-groups")
