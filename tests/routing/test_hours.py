"""Hours of a line against somebody who looks at the clock every minute, in 50 time zones while their clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import DayHours, Hours, public_holidays

pytestmark = pytest.mark.row("A2")

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Tripoli", "Africa/Windhoek",
    "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas", "America/Chicago",
    "America/Denver", "America/Godthab", "America/Halifax", "America/Havana", "America/Los_Angeles",
    "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "Antarctica/Troll", "Asia/Amman", "Asia/Baku", "Asia/Beirut", "Asia/Dhaka", "Asia/Gaza", "Asia/Jerusalem",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Asia/Tokyo", "Asia/Vladivostok",
    "Atlantic/Azores", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe", "Australia/Sydney",
    "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/Kyiv", "Europe/London", "Europe/Moscow",
    "Europe/Samara", "Europe/Volgograd", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Fakaofo",
)  # fmt: skip
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WATCHED = 2 * 24 * 60  # minutes, from half a day before the day of the change on
NEVER: DayHours = ()
NINE_TO_SIX: DayHours = [(9 * 60, 18 * 60)]
MOSCOW = ZoneInfo("Europe/Moscow")


@cache
def clock_changes(name: str) -> list[datetime]:
    """The days, of UTC, since 2000 on which the offset of the zone becomes another."""
    zone, first = ZoneInfo(name), datetime(2000, 1, 1, tzinfo=UTC)
    days = [first + number * DAY for number in range(30 * 365)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [days[n] for n in range(len(days) - 1) if offsets[n] != offsets[n + 1]] or [first]


minutes = st.integers(0, 24 * 60 - 1) | st.sampled_from([0, 30, 60, 90, 119, 120, 121, 150, 180, 23 * 60, 24 * 60 - 1])
intervals = st.tuples(minutes, minutes | st.just(24 * 60))
day_hours = st.lists(intervals, max_size=2)


@st.composite
def hours_and_days(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Any hours, and a day close to a change of clocks in their zone."""
    name = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(clock_changes(name)))
    close = [(day + n * DAY).date() for n in range(-1, 3)]
    hours = Hours(
        zone=ZoneInfo(name),
        week=draw(st.lists(day_hours, min_size=7, max_size=7)),
        dated=draw(st.dictionaries(st.sampled_from(close), day_hours, max_size=2)),
        yearly={(d.month, d.day): on for d, on in draw(st.dictionaries(st.sampled_from(close), day_hours)).items()},
    )
    return hours, day


def minutes_around(day: datetime) -> Iterator[datetime]:
    return (day - DAY / 2 + n * MINUTE for n in range(WATCHED))


def open_minutes(hours: Hours, day: datetime) -> set[tuple[date, int]]:
    """What the clock on the wall may show while it is open: each interval walked through minute by minute."""
    shown = set()
    for begin in ((day + n * DAY).date() for n in range(-4, 6)):
        if begin in hours.dated:
            on = hours.dated[begin]
        else:
            on = hours.yearly.get((begin.month, begin.day), hours.week[begin.weekday()])
        for start, end in on:
            for minute in range(start, end if end > start else end + 24 * 60):
                shown.add((begin + timedelta(days=minute // (24 * 60)), minute % (24 * 60)))
    return shown


def seen_open(hours: Hours, day: datetime) -> dict[datetime, bool]:
    shown = open_minutes(hours, day)
    walls = ((moment, moment.astimezone(hours.zone)) for moment in minutes_around(day))
    return {moment: (wall.date(), wall.hour * 60 + wall.minute) in shown for moment, wall in walls}


def test_there_are_fifty_time_zones():
    assert len(set(ZONES)) == 50


@settings(deadline=None, max_examples=60)
@given(case=hours_and_days())
def test_it_is_open_whenever_the_clock_on_the_wall_says_so(case):
    hours, day = case

    assert {moment: hours.is_open(moment) for moment in minutes_around(day)} == seen_open(hours, day)


@settings(deadline=None, max_examples=60)
@given(case=hours_and_days(), minute=st.integers(0, WATCHED - 1))
def test_the_next_opening_is_the_first_open_minute(case, minute):
    hours, day = case
    seen = seen_open(hours, day)
    moment = day - DAY / 2 + minute * MINUTE
    expected = next((later for later, is_open in seen.items() if later >= moment and is_open), None)

    opening = hours.next_opening(moment)

    if expected is not None:
        assert opening == expected
    elif opening is not None:
        assert opening >= day + 1.5 * DAY
        assert hours.is_open(opening)
        assert not hours.is_open(opening - MINUTE)


@settings(deadline=None, max_examples=60)
@given(case=hours_and_days(), minute=st.integers(0, WATCHED - 1))
def test_a_closed_period_began_with_its_first_closed_minute(case, minute):
    hours, day = case
    seen = seen_open(hours, day)
    moment = day - DAY / 2 + minute * MINUTE
    opened = [earlier for earlier, is_open in seen.items() if earlier <= moment and is_open]

    since = hours.closed_since(moment)

    if seen[moment]:
        assert since is None
    elif opened:
        assert since == opened[-1] + MINUTE
    elif since is not None:
        assert since <= day - DAY / 2
        assert hours.is_open(since - MINUTE)
        assert not hours.is_open(since)


@settings(deadline=None, max_examples=60)
@given(case=hours_and_days(), minute=st.integers(0, WATCHED - 1), seconds=st.integers(1, 59))
def test_all_moments_of_a_closed_period_agree_on_when_it_began(case, minute, seconds):
    hours, day = case
    moment = day - DAY / 2 + minute * MINUTE + timedelta(seconds=seconds)

    if since := hours.closed_since(moment):
        assert {hours.closed_since(since), hours.closed_since(moment - timedelta(seconds=seconds))} == {since}


# Examples


def at(zone: str, *when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc, arg-type]


def every_day(on: DayHours, **more: object) -> Hours:
    return Hours(**({"zone": MOSCOW, "week": [on] * 7} | more))  # type: ignore[arg-type]


def test_without_open_hours_there_is_no_opening_and_no_end_to_the_search():
    hours = every_day(NEVER)
    noon = at("Europe/Moscow", 2026, 11, 23, 12)

    assert (hours.is_open(noon), hours.next_opening(noon), hours.closed_since(noon)) == (False, None, None)


def test_around_the_clock_there_is_always_an_opening_now():
    hours = every_day([(0, 24 * 60)])
    noon = at("Europe/Moscow", 2026, 11, 23, 12)

    assert (hours.next_opening(noon), hours.closed_since(noon)) == (noon, None)


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    hours = every_day([(22 * 60, 6 * 60)], dated={date(2026, 11, 24): NEVER})

    assert hours.is_open(at("Europe/Moscow", 2026, 11, 24, 5, 59))
    assert not hours.is_open(at("Europe/Moscow", 2026, 11, 24, 6))
    assert hours.next_opening(at("Europe/Moscow", 2026, 11, 24, 6)) == at("Europe/Moscow", 2026, 11, 25, 22)


def test_an_opening_in_the_hour_that_is_left_out_is_the_moment_after_it():
    hours = every_day([(2 * 60 + 30, 5 * 60)], zone=ZoneInfo("Europe/Berlin"))

    assert hours.next_opening(at("Europe/Berlin", 2026, 3, 29, 1)) == at("Europe/Berlin", 2026, 3, 29, 3)


def test_an_hour_that_comes_twice_is_open_twice():
    hours = every_day([(2 * 60, 2 * 60 + 30)], zone=ZoneInfo("Europe/Berlin"))
    between = at("Europe/Berlin", 2026, 10, 25, 2, 45)

    assert hours.closed_since(between) == at("Europe/Berlin", 2026, 10, 25, 2, 30).astimezone(UTC)
    assert hours.next_opening(between) == at("Europe/Berlin", 2026, 10, 25, 2, fold=1).astimezone(UTC)


def test_a_day_that_an_island_left_out_is_not_waited_for():
    hours = every_day(NINE_TO_SIX, zone=ZoneInfo("Pacific/Apia"))

    assert hours.next_opening(at("Pacific/Apia", 2011, 12, 29, 19)) == at("Pacific/Apia", 2011, 12, 31, 9)


def test_an_exact_date_beats_a_yearly_one_beats_a_holiday_beats_the_week():
    short: DayHours = [(10 * 60, 12 * 60)]
    shorter: DayHours = [(10 * 60, 11 * 60)]
    hours = every_day(
        NINE_TO_SIX, country="RU", yearly={(1, 1): short, (6, 1): shorter}, dated={date(2027, 1, 1): NINE_TO_SIX}
    )

    assert hours.on(date(2027, 1, 1)) == NINE_TO_SIX
    assert hours.on(date(2028, 1, 1)) == short
    assert hours.on(date(2028, 1, 2)) == NEVER
    assert hours.on(date(2028, 6, 1)) == shorter
    assert hours.on(date(2028, 6, 2)) == NINE_TO_SIX


def test_public_holidays_are_those_of_the_country():
    assert date(2026, 11, 4) in public_holidays("RU", 2026)
    assert date(2026, 11, 4) not in public_holidays("DE", 2026)
    assert public_holidays("XX", 2026) == {}


def test_an_opening_within_two_years_is_found():
    hours = every_day(NEVER, dated={date(2028, 5, 1): NINE_TO_SIX})

    assert hours.next_opening(at("Europe/Moscow", 2026, 11, 23, 12)) == datetime.combine(
        date(2028, 5, 1), time(9), MOSCOW
    )
