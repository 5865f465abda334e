"""The hours of a line: checked and changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from crm.audit import Action, record_change, settings_of
from crm.models import User
from openlines.models import Line
from openlines.services.lines import require_administrator, require_in_use
from routing.hours import Hours, countries
from routing.models import Schedule, SpecialDay
from routing.schedules import as_minutes
from routing.services.off_hours import follow_new_hours

CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
INTERVAL = re.compile(f"{CLOCK}-({CLOCK}|24:00)")
MIDNIGHT = 24 * 60
MOST_SPECIAL_DAYS = 400
LONGEST_NAME = 100

Intervals = Sequence[Sequence[str]]  # ["09:00", "18:00"]; one that ends at or before its start runs overnight


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialHours:
    """Other hours on a date, or none."""

    date: date
    is_yearly: bool = False
    name: str = ""
    intervals: Intervals = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHours:
    is_enabled: bool
    time_zone: str
    weekly: Sequence[Intervals]
    country: str = ""
    special_days: Sequence[SpecialHours] = field(default_factory=tuple)


@transaction.atomic
def change_hours(*, administrator: User, line: Line, hours: NewHours, now: datetime) -> Schedule:
    """The hours of the line from now on. What waits is offered if it is open by them, and else at their next opening.

    Raises ``NotAllowed``, ``LineIsArchived``, ``InvalidInput`` with the places named as ``weekly.0`` (Monday) and
    ``special_days.0``.
    """
    require_administrator(administrator)
    require_in_use(line)
    if problems := problems_of(hours, now=now):
        raise InvalidInput(fields=problems)
    schedule = Schedule.objects.select_for_update().get(line=line)
    before = _as_recorded(schedule)
    schedule.is_enabled, schedule.time_zone, schedule.country = hours.is_enabled, hours.time_zone, hours.country
    schedule.weekly = [[list(interval) for interval in day] for day in hours.weekly]
    schedule.save()
    schedule.special_days.all().delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(
            schedule=schedule, date=day.date, is_yearly=day.is_yearly, name=day.name,
            intervals=[list(interval) for interval in day.intervals],
        )
        for day in hours.special_days
    )  # fmt: skip
    after = _as_recorded(schedule)
    record_change(actor=administrator, action=Action.CHANGED, subject=schedule, before=before, after=after, now=now)
    follow_new_hours(schedule, now=now)
    return schedule


def _as_recorded(schedule: Schedule) -> dict[str, Any]:
    """The hours as the audit log keeps them."""
    days = schedule.special_days.order_by("date").values("date", "is_yearly", "name", "intervals")
    special_days = [day | {"date": day["date"].isoformat()} for day in days]
    return settings_of(schedule) | {"special_days": special_days}


def problems_of(hours: NewHours, *, now: datetime) -> dict[str, list[str]]:
    """What is wrong, in words, by place."""
    problems: dict[str, list[str]] = {}
    if hours.time_zone not in time_zones():
        problems["time_zone"] = [_("There is no such time zone.")]
    if hours.country and hours.country not in countries():
        problems["country"] = [_("The holidays of this country are not known.")]
    if len(hours.weekly) != len(_weekdays()):
        problems["weekly"] = [_("A week has seven days.")]
    else:
        problems |= _problems_of_week(hours.weekly)
    problems |= _problems_of_dates(hours.special_days)
    if not problems and hours.is_enabled and _planned(hours).next_opening(now) is None:
        problems["is_enabled"] = [_("With these hours the line would never be open. Enter hours, or switch them off.")]
    return problems


@cache
def time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _planned(hours: NewHours) -> Hours:
    """The new hours before they are stored."""
    days = hours.special_days
    return Hours(
        zone=ZoneInfo(hours.time_zone),
        week=[as_minutes(day) for day in hours.weekly],
        dated={day.date: as_minutes(day.intervals) for day in days if not day.is_yearly},
        yearly={(day.date.month, day.date.day): as_minutes(day.intervals) for day in days if day.is_yearly},
        country=hours.country,
    )


def _problems_of_week(weekly: Sequence[Intervals]) -> dict[str, list[str]]:
    wrong = {day: words for day, intervals in enumerate(weekly) if (words := _problem_of_day(intervals))}
    if not wrong:
        wrong = {day: words for day in range(7) if (words := _problem_of_night(weekly, day))}
    return {f"weekly.{day}": [words] for day, words in wrong.items()}


def _problem_of_day(intervals: Intervals) -> str:
    for interval in intervals:
        if not _is_interval(interval):
            return _("Enter times like 09:00–18:00, several with commas.")
    spans = sorted(_spans(intervals))
    for (_start, end), (start, _end) in pairwise(spans):
        if start < end:
            return _("These times overlap.")
    return ""


def _is_interval(interval: Sequence[str]) -> bool:
    return len(interval) == 2 and INTERVAL.fullmatch("-".join(interval)) is not None


def _spans(intervals: Intervals) -> list[tuple[int, int]]:
    """Minutes from the day's midnight on, past the next one where it runs overnight."""
    return [(start, end if end > start else end + MIDNIGHT) for start, end in as_minutes(intervals)]


def _problem_of_night(weekly: Sequence[Intervals], day: int) -> str:
    """Whether the night of a day runs into the hours of the next one."""
    night = max((end - MIDNIGHT for _start, end in _spans(weekly[day])), default=0)
    first = min((start for start, _end in _spans(weekly[(day + 1) % 7])), default=MIDNIGHT)
    if night <= first:
        return ""
    return _("The night runs into the hours of %(day)s.") % {"day": _weekdays()[(day + 1) % 7]}


def _problems_of_dates(days: Sequence[SpecialHours]) -> dict[str, list[str]]:
    if len(days) > MOST_SPECIAL_DAYS:
        return {"special_days": [_("At most %(number)d special days.") % {"number": MOST_SPECIAL_DAYS}]}
    seen: set[object] = set()
    problems: dict[str, list[str]] = {}
    for place, day in enumerate(days):
        keys: Iterable[object] = (day.date, (day.date.month, day.date.day)) if day.is_yearly else (day.date,)
        words = _problem_of_day(day.intervals)
        if seen & set(keys):
            words = _("This date is listed twice.")
        elif len(day.name) > LONGEST_NAME:
            words = _("At most %(number)d characters.") % {"number": LONGEST_NAME}
        if words:
            problems[f"special_days.{place}"] = [words]
        seen.update(keys)
    return problems


def _weekdays() -> tuple[str, ...]:
    return (
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    )  # fmt: skip
