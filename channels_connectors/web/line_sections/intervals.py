"""Hours of a day as people type them: ``9-13, 14:00–18:00``; nothing is a day off."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from routing.hours import MINUTES
from routing.schedules import as_minutes

LONGEST = 200
BETWEEN = re.compile(r"[,;]")
TYPED = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?\s*", re.ASCII)
ROUND_THE_CLOCK = "00:00–24:00"

Intervals = list[list[str]]


def read_intervals(text: str) -> Intervals:
    """Raises ``ValidationError``; whether the times make sense together is for the service to say."""
    if not text.strip():
        return []
    return [_read(part) for part in BETWEEN.split(text)]


def _read(part: str) -> list[str]:
    typed = TYPED.fullmatch(part)
    if typed is None:
        raise ValidationError(_("Enter times like 09:00–18:00, several with commas."))
    start, start_minutes, end, end_minutes = typed.groups(default="00")
    return [f"{start:0>2}:{start_minutes}", f"{end:0>2}:{end_minutes}"]


def written(intervals: Iterable[Sequence[str]]) -> str:
    return ", ".join(f"{start}–{end}" for start, end in intervals)


class DayField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST, **kwargs)
        self.widget.attrs |= {"placeholder": _("day off"), "autocomplete": "off", "data-day": ""}

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return read_intervals(super().clean(value))


def bars(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """What is drawn of seven days while they are typed: starts and widths in minutes, nights in both of their days."""
    drawn: list[list[tuple[int, int]]] = [[] for _day in texts]
    for day, text in enumerate(texts):
        for start, end in _drawable(text):
            if end > start:
                drawn[day].append((start, end - start))
            else:
                drawn[day].append((start, MINUTES - start))
                drawn[(day + 1) % len(texts)].append((0, end))
    return drawn


def _drawable(text: str) -> list[tuple[int, int]]:
    try:
        return as_minutes(read_intervals(text))
    except ValidationError:
        return []
