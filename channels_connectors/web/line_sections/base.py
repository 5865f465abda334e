"""A section of the page of a line: a form of its own that knows which settings it edits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms.models import model_to_dict

from channels_connectors.web.durations import SecondsField
from common.errors import listed
from common.forms import PageForm
from openlines.models import Line

if TYPE_CHECKING:
    from django.db.models import Model
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class Section(PageForm):
    """Fields are called as the settings they edit; ``also_called`` names those that are not, by setting."""

    anchor: ClassVar[str]
    line_fields: ClassVar[tuple[str, ...]] = ()
    queue_fields: ClassVar[tuple[str, ...]] = ()
    also_called: ClassVar[Mapping[str, str]] = {}

    def __init__(self, data: Any = None, *, line: Line) -> None:
        self.line = line
        super().__init__(data, initial=self.stored())
        for name, field in self.fields.items():
            if isinstance(field, SecondsField):
                field.offer(self.initial[name])

    def stored(self) -> dict[str, Any]:
        """What the fields begin with: the settings as they are."""
        return self._values(self.line, self.line_fields) | self._values(self.line.queue, self.queue_fields)

    def _values(self, owner: "Model", names: tuple[str, ...]) -> dict[str, Any]:
        return {self._called(name): value for name, value in model_to_dict(owner, names).items()}

    @property
    def line_changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[self._called(name)] for name in self.line_fields}

    @property
    def queue_changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[self._called(name)] for name in self.queue_fields}

    def shows(self, setting: str, words: object) -> bool:
        """Put a refusal at the field that edits the setting, if it is here."""
        name = self._called(setting)
        if name not in self.fields:
            return False
        self.add_error(name, [str(word) for word in listed(words)])
        return True

    def _called(self, setting: str) -> str:
        return self.also_called.get(setting, setting)


def switch(label: "Words", hint: "Words" = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)
