"""Groups of lines: the administrators' page."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.forms import PageForm
from common.pages import drawer, settled
from crm.current import staff
from crm.models import User
from crm.web.access import administrators_only
from openlines.models import Line, LineGroup
from openlines.services.line_groups import change_line_group, create_line_group, remove_line_group

CHANGED = ("line-groups-changed", "drawer-close")


class LineGroupForm(PageForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the group"), help_text=gettext_lazy("For example: Moscow, Partners"), max_length=100
    )
    supervisors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Supervisors"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    lines = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Lines"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, group: LineGroup | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(group), **kwargs)
        chosen = self.initial.get("supervisors", [])
        staff_by_name = User.objects.order_by("first_name", "last_name", "pk")
        self.people = [
            user for user in staff_by_name if user.pk in chosen or (user.is_active and user.role == "SUPERVISOR")
        ]
        self.found = list(Line.objects.filter(archived_at=None).select_related("group").order_by("name", "pk"))
        for name, rows in (("supervisors", self.people), ("lines", self.found)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(str(row.pk), str(row)) for row in rows]

    @property
    def watchers(self) -> list[tuple[User, bool]]:
        return [(user, str(user.pk) in self._chosen("supervisors")) for user in self.people]

    @property
    def members(self) -> list[tuple[Line, bool]]:
        return [(line, str(line.pk) in self._chosen("lines")) for line in self.found]

    def _chosen(self, name: str) -> set[str]:
        return {str(value) for value in self[name].value() or ()}

    @property
    def values(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"name": values["name"], "supervisor_ids": values["supervisors"], "line_ids": values["lines"]}


def _initial(group: LineGroup | None) -> dict[str, Any]:
    if group is None:
        return {}
    return {
        "name": group.name,
        "supervisors": list(group.supervisors.values_list("pk", flat=True)),
        "lines": list(group.lines.filter(archived_at=None).values_list("pk", flat=True)),
    }


@require_safe
@administrators_only
def line_groups(request: HttpRequest) -> HttpResponse:
    lines = Line.objects.filter(archived_at=None).order_by("name", "pk")
    groups = LineGroup.objects.prefetch_related("supervisors", Prefetch("lines", lines))
    return render(request, "settings/line_groups/list.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_line_group(request: HttpRequest) -> HttpResponse:
    form = LineGroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = create_line_group(administrator=staff(request), now=timezone.now(), **form.values)
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(request, _("The group “%(name)s” is made.") % {"name": group.name})
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def line_group(request: HttpRequest, group_id: int) -> HttpResponse:
    group = get_object_or_404(LineGroup, pk=group_id)
    form = LineGroupForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            change_line_group(administrator=staff(request), group_id=group_id, now=timezone.now(), **form.values)
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(request, _("Saved."))
    return _page(request, form, group)


@require_POST
@administrators_only
def line_group_removed(request: HttpRequest, group_id: int) -> HttpResponse:
    remove_line_group(administrator=staff(request), group_id=group_id, now=timezone.now())
    return _done(request, _("The group is gone; its lines stay."))


def _done(request: HttpRequest, words: str) -> HttpResponse:
    return settled(request, words, back=reverse("line-groups"), events=CHANGED)


def _page(request: HttpRequest, form: LineGroupForm, group: LineGroup | None) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "group": group}
    return drawer(request, "settings/line_groups/group.html", context, back=reverse("line-groups"), status=status)
