"""Forms in the product's look: widgets carry its classes, refusals of services land at their fields."""

from typing import Any

from django import forms

from common.errors import DomainError, listed

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.HiddenInput, ""),
    (forms.Select, "select"),
    (forms.Widget, "input"),
)


class PageForm(forms.Form):
    """A form of a page; drawn field by field with ``forms/_field.html``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            look = next(look for kind, look in CLASSES if isinstance(field.widget, kind))
            if look:
                field.widget.attrs.setdefault("class", look)

    def refuse(self, error: DomainError) -> None:
        """Show what a service refused: at the fields it named, the rest above the form."""
        elsewhere = True
        for name, messages in error.fields.items():
            if name in self.fields:
                self.add_error(name, [str(message) for message in listed(messages)])
                elsewhere = False
        if elsewhere:
            self.add_error(None, str(error))
