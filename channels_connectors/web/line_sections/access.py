"""Who sees and steers a line's dialogs."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.line_sections.base import Section
from crm.models import User
from openlines.models import Line


class AccessSection(Section):
    anchor: ClassVar = "access"
    line_fields: ClassVar = ("access",)

    access = forms.ChoiceField(label=_("Operators see"), choices=Line.Access.choices)
    supervisors = forms.TypedMultipleChoiceField(
        label=_("Supervisors of the line"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, line: Line) -> None:
        self.watching = sorted(line.supervisors.all(), key=lambda user: user.pk)
        supervisors = User.objects.filter(role=User.Role.SUPERVISOR, is_active=True)
        possible = {user.pk: user for user in (*self.watching, *supervisors)}
        self.supervising = sorted(possible.values(), key=lambda user: (user.name, user.pk))
        super().__init__(data, line=line)
        field = self.fields["supervisors"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(user.pk, user.name) for user in self.supervising]

    def stored(self) -> dict[str, Any]:
        return super().stored() | {"supervisors": [user.pk for user in self.watching]}

    @property
    def line_changes(self) -> dict[str, Any]:
        chosen = set(self.cleaned_data["supervisors"])
        return super().line_changes | {"supervisors": [user for user in self.supervising if user.pk in chosen]}

    @property
    def watchers(self) -> list[tuple[User, bool]]:
        chosen = {str(pk) for pk in self["supervisors"].value() or ()}
        return [(user, str(user.pk) in chosen) for user in self.supervising]
