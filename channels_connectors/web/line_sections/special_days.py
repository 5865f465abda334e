"""Special days as a form has them: rows of a date, whether it is every year, hours and a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from channels_connectors.web.line_sections.intervals import read_intervals, written
from routing.models import Schedule
from routing.services.hours import SpecialHours

NAMES = ("special_date", "special_yearly", "special_hours", "special_name")


@dataclass(slots=True)
class SpecialRow:
    """As it was typed."""

    date: str = ""
    yearly: str = ""
    hours: str = ""
    name: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.date.strip() or self.hours.strip() or self.name.strip())

    def read(self) -> SpecialHours:
        """Raises ``ValidationError``."""
        return SpecialHours(
            date=_date(self.date),
            is_yearly=bool(self.yearly),
            name=self.name.strip(),
            intervals=read_intervals(self.hours),
        )


def _date(typed: str) -> date:
    try:
        found = parse_date(typed.strip())
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("Enter a date."))
    return found


def stored_rows(schedule: Schedule) -> list[SpecialRow]:
    return [
        SpecialRow(day.date.isoformat(), "1" if day.is_yearly else "", written(day.intervals), day.name)
        for day in schedule.special_days.all()
    ]


class SpecialDaysWidget(forms.Widget):
    """Drawn by the template; each row posts all of its inputs, so that they belong together by their places."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[SpecialRow]:
        columns = [data.getlist(each) if hasattr(data, "getlist") else data.get(each, []) for each in NAMES]
        return [row for row in (SpecialRow(*cells) for cells in zip(*columns, strict=False)) if not row.is_blank]


class SpecialDaysField(forms.Field):
    widget = SpecialDaysWidget


def read_rows(rows: Sequence[SpecialRow]) -> list[SpecialHours]:
    """What is wrong with a row is said in it; raises ``ValidationError`` if anything is."""
    days = []
    for row in rows:
        try:
            days.append(row.read())
        except ValidationError as error:
            row.error = " ".join(error.messages)
    if len(days) < len(rows):
        raise ValidationError(_("Please check the special days."))
    return days
