"""When a line is open. Pure: days and times in, moments out.

The clock on the wall decides: a line that is open from 09:00 is open whenever the clocks of its time zone say so, also
on the days on which they are changed. An hour that comes twice is open twice, one that is left out is not missed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

DAY = timedelta(days=1)
MINUTES = 24 * 60
# Whatever opens later than this is closed for good.
SEARCHED_DAYS = 2 * 366
JUST_BEFORE = timedelta(microseconds=1)

Interval = tuple[int, int]  # minutes of the day; one that ends at or before its start runs into the next day
DayHours = Sequence[Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """An exact date beats a yearly one, that beats a public holiday, and that beats the week."""

    zone: ZoneInfo
    week: Sequence[DayHours]  # Monday first
    dated: Mapping[date, DayHours] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], DayHours] = field(default_factory=dict)  # by month and day
    country: str = ""

    def on(self, day: date) -> DayHours:
        """The intervals that begin on this day."""
        if day in self.dated:
            return self.dated[day]
        if (day.month, day.day) in self.yearly:
            return self.yearly[day.month, day.day]
        if self.country and day in public_holidays(self.country, day.year):
            return ()
        return self.week[day.weekday()]

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        minutes = wall.hour * 60 + wall.minute
        today, yesterday = self.on(wall.date()), self.on(wall.date() - DAY)
        return any(start <= minutes and (minutes < end or end <= start) for start, end in today) or any(
            end <= start and minutes < end for start, end in yesterday
        )

    def next_opening(self, after: datetime) -> datetime | None:
        """The first moment from ``after`` on at which it is open; ``None`` when none comes within two years."""
        after = after.astimezone(UTC)
        if self.is_open(after):
            return after
        for day in _days(after, DAY):
            for moment in sorted(self._turning_points(day)):
                if moment > after and self.is_open(moment):
                    return moment
        return None

    def closed_since(self, moment: datetime) -> datetime | None:
        """When the closed period began that ``moment`` is in; ``None`` when it is open, or was not for two years."""
        moment = moment.astimezone(UTC)
        if self.is_open(moment):
            return None
        for day in _days(moment, -DAY):
            for turn in sorted(self._turning_points(day), reverse=True):
                if turn <= moment and self.is_open(turn - JUST_BEFORE):
                    return turn
        return None

    def _turning_points(self, start: datetime) -> Iterator[datetime]:
        """Where it can open or close within a day of UTC: where intervals begin and end, where clocks are changed."""
        end = start + DAY
        around = start.date()
        for day in (around - 2 * DAY, around - DAY, around, around + DAY):
            for moment in self._ends_of(day):
                if start <= moment < end:
                    yield moment
        if (change := _clock_change(self.zone, start, end)) is not None:
            yield change

    def _ends_of(self, day: date) -> Iterator[datetime]:
        midnight = datetime.combine(day, time())
        for start, end in self.on(day):
            for minutes in (start, end if start < end else end + MINUTES):
                wall = (midnight + timedelta(minutes=minutes)).replace(tzinfo=self.zone)
                yield from (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _days(moment: datetime, step: timedelta) -> Iterable[datetime]:
    """Days of UTC by their beginnings, from the one of ``moment`` on."""
    first = datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
    return (first + number * step for number in range(SEARCHED_DAYS))


def _clock_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """The first moment with another offset, to the second."""
    before = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == before:
        return None
    first, last = 0, int((end - start).total_seconds())
    while last - first > 1:
        middle = (first + last) // 2
        if (start + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            first = middle
        else:
            last = middle
    return start + timedelta(seconds=last)


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """With their names; none in a country that is not known."""
    if country not in countries():
        return {}
    return dict(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """In English, by their codes, in the order of the names."""
    names = {names[1]: name.replace("_", " ").title().replace(" And ", " and ") for name, names in COUNTRIES.items()}
    return dict(sorted(((code, name) for code, name in names.items() if code in countries()), key=lambda pair: pair[1]))
