"""When the line is open."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.line_sections.base import Section, switch
from channels_connectors.web.line_sections.intervals import DayField, bars
from channels_connectors.web.line_sections.special_days import SpecialDaysField, SpecialRow, read_rows, stored_rows
from common.errors import listed
from openlines.models import Line
from routing.hours import country_names, public_holidays
from routing.models import Schedule
from routing.schedules import opening_words
from routing.services.hours import NewHours, SpecialHours, problems_of, time_zones
from routing.services.off_hours import closed_period

REGIONS = frozenset(
    {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
    }
)  # fmt: skip
DAYS = tuple(f"day_{day}" for day in range(7))
WORKING_WEEK: list[list[list[str]]] = [*[[["09:00", "18:00"]]] * 5, [], []]
NEXT_HOLIDAYS = 3


class HoursSection(Section):
    anchor: ClassVar = "hours"
    also_called: ClassVar = {
        "is_enabled": "has_hours", "weekly": DAYS[0], **{f"weekly.{day}": name for day, name in enumerate(DAYS)},
    }  # fmt: skip

    has_hours = switch(_("The line has hours"), _("Switched off, it is open all the time"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    country = forms.ChoiceField(label=_("Public holidays are days off"), required=False)
    special_days = SpecialDaysField(label=_("Special days"), required=False)

    def __init__(self, data: Any = None, *, line: Line) -> None:
        self.schedule: Schedule = line.schedule
        super().__init__(data, line=line)
        for day, name in enumerate(DAYS):
            field = self.fields[name] = DayField(label=WEEKDAYS[day])
            field.widget.attrs |= {"class": "input", "aria-label": WEEKDAYS[day]}
        _offer(self.fields["time_zone"], zone_choices(self.schedule.time_zone))
        _offer(self.fields["country"], [("", _("None")), *country_names().items()])

    def stored(self) -> dict[str, Any]:
        schedule = self.schedule
        is_untouched = not schedule.is_enabled and not any(schedule.weekly)
        weekly = WORKING_WEEK if is_untouched else schedule.weekly
        return {
            "has_hours": schedule.is_enabled,
            "time_zone": schedule.time_zone,
            "country": schedule.country,
            **dict(zip(DAYS, weekly, strict=True)),
            "special_days": stored_rows(schedule),
        }

    def clean_special_days(self) -> list[SpecialHours]:
        return read_rows(self.rows)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for place, words in problems_of(self.new_hours, now=timezone.now()).items():
                self.shows(place, words)
        return values

    def shows(self, setting: str, words: object) -> bool:
        place = setting.removeprefix("special_days.")
        if place == setting:
            return super().shows(setting, words)
        self.rows[int(place)].error = " ".join(str(word) for word in listed(words))
        self.add_error("special_days", str(_("Please check the special days.")))
        return True

    @property
    def new_hours(self) -> NewHours:
        values = self.cleaned_data
        return NewHours(
            is_enabled=values["has_hours"],
            time_zone=values["time_zone"],
            weekly=[values[name] for name in DAYS],
            country=values["country"],
            special_days=values["special_days"],
        )

    @cached_property
    def rows(self) -> list[SpecialRow]:
        """Those that are filled in."""
        rows: list[SpecialRow] = self["special_days"].value() or []
        return rows

    @property
    def blank_row(self) -> SpecialRow:
        return SpecialRow()

    @property
    def week(self) -> list[tuple[object, Any, Sequence[tuple[int, int]]]]:
        fields = [self[name] for name in DAYS]
        drawn = bars([str(field.value() or "") for field in fields])
        return [(WEEKDAYS_ABBR[day], fields[day], drawn[day]) for day in range(7)]

    @property
    def local_time(self) -> datetime:
        return timezone.now().astimezone(ZoneInfo(self.schedule.time_zone))

    @property
    def opens(self) -> str:
        """When it is closed now: until when, in words."""
        now = timezone.now()
        period = closed_period(self.schedule, now)
        return opening_words(period.opening, now=now) if period and period.opening else ""

    @property
    def next_holidays(self) -> list[tuple[Any, str]]:
        """The nearest days off that come with the country."""
        today = self.local_time.date()
        known = {**self._holidays(today.year), **self._holidays(today.year + 1)}
        return sorted((day, name) for day, name in known.items() if day >= today)[:NEXT_HOLIDAYS]

    def _holidays(self, year: int) -> dict[Any, str]:
        return dict(public_holidays(self.schedule.country, year)) if self.schedule.country else {}


def _offer(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def zone_choices(current: str) -> list[tuple[str, str]]:
    """Places by name, with what their clocks are ahead of UTC now."""
    names = _places() if current in _places() else sorted({*_places(), current})
    now = datetime.now(UTC)
    return [(name, f"{name.replace('_', ' ')} ({_offset(name, now)})") for name in names]


@cache
def _places() -> tuple[str, ...]:
    return tuple(sorted({"UTC", *(name for name in time_zones() if name.split("/")[0] in REGIONS)}))


def _offset(name: str, now: datetime) -> str:
    ahead = now.astimezone(ZoneInfo(name)).utcoffset() or timedelta()
    minutes = abs(ahead) // timedelta(minutes=1)
    sign = "+" if ahead >= timedelta() else "−"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
