"""From the rows of a line's hours to what ``routing.hours`` reckons with, and openings in words."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from routing.hours import DAY, DayHours, Hours
from routing.models import Schedule

NEVER: DayHours = ()


def hours_of(schedule: Schedule) -> Hours:
    special = list(schedule.special_days.all())
    week = [as_minutes(day) for day in schedule.weekly]
    return Hours(
        zone=ZoneInfo(schedule.time_zone),
        week=[*week, *[NEVER] * (7 - len(week))],
        dated={day.date: as_minutes(day.intervals) for day in special if not day.is_yearly},
        yearly={(day.date.month, day.date.day): as_minutes(day.intervals) for day in special if day.is_yearly},
        country=schedule.country,
    )


def as_minutes(intervals: Iterable[Sequence[str]]) -> list[tuple[int, int]]:
    return [(minutes_of(start), minutes_of(end)) for start, end in intervals]


def minutes_of(clock: str) -> int:
    hours, _colon, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def opening_words(opening: datetime, *, now: datetime) -> str:
    """When it opens, for who reads this in the time zone of ``opening``: by the name of the day while that is clear."""
    values = {"time": date_format(opening, "H:i")}
    days = (opening.date() - now.astimezone(opening.tzinfo or UTC).date()) // DAY
    if days == 0:
        return _("today at %(time)s") % values
    if days == 1:
        return _("tomorrow at %(time)s") % values
    return day_and_time(opening)


def day_and_time(moment: datetime) -> str:
    """By the clock of its own time zone, in the reader's language."""
    values = {
        "time": date_format(moment, "H:i"),
        "weekday": date_format(moment, "l"),
        # Translators: a day and a month, as Django's "date" filter has them.
        "day": date_format(moment, _("j F")),
    }
    return _("%(weekday)s, %(day)s, at %(time)s") % values
