"""What a kind's ``Setup`` asks for, as a form of the settings pages. What is right is said in one place: ``given``."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from channels_connectors.services.given import given_values
from channels_connectors.setup import BASE_URL, SETTINGS, Field, Setup
from common.errors import InvalidInput
from common.forms import PageForm

WIDGETS: dict[str, type[forms.Widget]] = {
    "text": forms.TextInput,
    "password": forms.PasswordInput,
    "url": forms.URLInput,
    "email": forms.EmailInput,
    "number": forms.NumberInput,
    "choice": forms.Select,
    "switch": forms.CheckboxInput,
    "area": forms.Textarea,
}


class SetupForm(PageForm):
    """Secrets are taken, never shown again. ``known`` are the credentials of a connected account: they stay where
    nothing else is given."""

    def __init__(
        self, setup: Setup, values: Any = None, *, known: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(values, **{"auto_id": "setup_%s", **kwargs})
        self.setup, self.known = setup, known
        for wanted in setup.fields:
            self.fields[wanted.name] = _field(wanted, is_known=bool(known and known.get(wanted.name)))

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        try:
            given_values(self.setup.kind, values, known=self.known)
        except InvalidInput as error:
            self.refuse(error)
        return values

    @property
    def plain(self) -> list[BoundField]:
        return [self[wanted.name] for wanted in self.setup.fields if not wanted.is_advanced]

    @property
    def advanced(self) -> list[BoundField]:
        return [self[wanted.name] for wanted in self.setup.fields if wanted.is_advanced]

    @property
    def is_unfolded(self) -> bool:
        """Something among the folded fields is filled in or wrong."""
        return any(field.errors or (field.value() or "") != (field.field.initial or "") for field in self.advanced)

    @property
    def asks_for_one_thing(self) -> bool:
        return len(self.plain) == 1

    def keep_what_was_pasted(self) -> None:
        """Secrets stay in the page while mistakes are mended; we never send them back."""
        for field in list(self.fields.values())[:1]:
            field.widget.attrs["autofocus"] = ""
        for field in self.fields.values():
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["hx-preserve"] = "true"


def stored_values(setup: Setup, *, base_url: str, own_settings: Mapping[str, Any]) -> dict[str, Any]:
    """What may be shown of a connected account: everything but credentials."""
    values: dict[str, Any] = {}
    for wanted in setup.fields:
        if wanted.kept_in == BASE_URL:
            values[wanted.name] = base_url
        elif wanted.kept_in == SETTINGS:
            values[wanted.name] = own_settings.get(wanted.name, wanted.initial)
    return values


def _field(wanted: Field, *, is_known: bool) -> forms.Field:
    attrs: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false"}
    if placeholder := _("As it is") if is_known else wanted.placeholder:
        attrs["placeholder"] = placeholder
    if wanted.is_required and not is_known and wanted.widget != "switch":
        attrs["required"] = ""
    kwargs: dict[str, Any] = {"choices": wanted.choices} if wanted.widget == "choice" else {}
    widget = WIDGETS[wanted.widget](attrs=attrs | _looks(wanted), **kwargs)
    kind = forms.BooleanField if wanted.widget == "switch" else forms.CharField
    return kind(
        label=str(wanted.label),
        help_text=str(wanted.hint),
        required=False,
        widget=widget,
        initial=wanted.initial or None,
    )


def _looks(wanted: Field) -> dict[str, Any]:
    if wanted.widget == "switch":
        return {}
    look: dict[str, Any] = {"class": "select" if wanted.widget == "choice" else "input"}
    if wanted.widget == "area":
        look["rows"] = 4
    return look
