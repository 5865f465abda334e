"""Lengths of time as administrators choose or type them; to the second where the API said so."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

LONGEST_MINUTES = 60 * 24 * 30
OFFER_MINUTES = tuple(range(1, 31))
GOAL_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 120, 240, 480, 1440)
PATIENCE_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 360, 480, 720)


def in_words(seconds: int) -> str:
    if seconds and seconds % 3600 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", seconds // 3600) % {"count": seconds // 3600}
    if seconds and seconds % 60 == 0:
        return ngettext("%(count)d minute", "%(count)d minutes", seconds // 60) % {"count": seconds // 60}
    return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}


class SecondsField(forms.TypedChoiceField):
    """A list of minutes and hours; what was set to the second over the API is among them."""

    def __init__(self, *, label: "Words", minutes: Iterable[int], none: "Words" = "", hint: "Words" = "") -> None:
        self.listed = [n * 60 for n in minutes]
        self.none = none
        super().__init__(
            label=label, help_text=hint, coerce=int, empty_value=None, required=not none, choices=self._lengths(None)
        )

    def offer(self, current: int | None) -> None:
        """The choices, with what is set now among them."""
        self.choices = self._lengths(current)

    def _lengths(self, current: int | None) -> Sequence[tuple[Any, Any]]:
        listed = sorted({*self.listed, *([current] if current else [])})
        nothing = [("", self.none)] if self.none else []
        return [*nothing, *((seconds, in_words(seconds)) for seconds in listed)]


class MinutesField(forms.DecimalField):
    """Minutes in the page, whole seconds in the settings."""

    def __init__(self, *, label: "Words", hint: "Words" = "", is_zero_allowed: bool = False) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            min_value=Decimal(0 if is_zero_allowed else "0.01"),
            max_value=LONGEST_MINUTES,
            widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            error_messages={
                "min_value": gettext_lazy("Enter nothing less than 0.")
                if is_zero_allowed
                else gettext_lazy("Enter more than nothing."),
                "max_value": gettext_lazy("At most 30 days."),
            },
        )
        self.least = 0 if is_zero_allowed else 1

    def prepare_value(self, value: Any) -> Any:
        return whole_or_exact(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        minutes = super().clean(value)
        return max(self.least, round(minutes * 60))


def whole_or_exact(seconds: int) -> Decimal:
    """A hundredth of a minute is less than a second: no second is lost on the way."""
    minutes = (Decimal(seconds) / 60).quantize(Decimal("0.01"))
    return minutes.to_integral() if minutes == minutes.to_integral() else minutes.normalize()
