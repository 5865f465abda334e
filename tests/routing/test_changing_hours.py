"""What administrators may set the hours of a line to."""

from datetime import date
from typing import Any

import pytest

from common.errors import InvalidInput, NotAllowed
from crm.models import AuditEntry
from routing.models import Schedule
from routing.services.hours import SpecialHours, change_hours, problems_of
from tests.routing.opening_times import MONDAY_NOON, WORKING_DAY, WORKING_WEEK, new_hours

pytestmark = pytest.mark.row("A2")


def problems(**values: Any) -> dict[str, list[str]]:
    return problems_of(new_hours(**values), now=MONDAY_NOON)


def week(**days: Any) -> list[Any]:
    """The working week with other hours on some days."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return [days.get(name, hours) for name, hours in zip(names, WORKING_WEEK, strict=True)]


def new_year(**values: Any) -> SpecialHours:
    return SpecialHours(**({"date": date(2027, 1, 1)} | values))


def test_hours_are_stored_as_they_are_given(cast, line):
    hours = new_hours(country="RU", special_days=[new_year(is_yearly=True, name="New Year")])

    change_hours(administrator=cast.alla, line=line, hours=hours, now=MONDAY_NOON)

    schedule = Schedule.objects.get(line=line)
    assert (schedule.is_enabled, schedule.time_zone, schedule.country) == (True, "Europe/Moscow", "RU")
    assert schedule.weekly == WORKING_WEEK
    day = schedule.special_days.get()
    assert (day.date, day.is_yearly, day.name, day.intervals) == (date(2027, 1, 1), True, "New Year", [])


def test_special_days_are_replaced(cast, line):
    for day in (date(2027, 1, 1), date(2027, 1, 2)):
        hours = new_hours(special_days=[SpecialHours(date=day)])
        change_hours(administrator=cast.alla, line=line, hours=hours, now=MONDAY_NOON)

    assert Schedule.objects.get(line=line).special_days.get().date == date(2027, 1, 2)


@pytest.mark.row("L4")
def test_only_administrators_change_hours(cast, line):
    for user in (cast.sergey, cast.olga, cast.mallory):
        with pytest.raises(NotAllowed):
            change_hours(administrator=user, line=line, hours=new_hours(), now=MONDAY_NOON)
    assert not Schedule.objects.get(line=line).is_enabled


def test_refused_hours_change_nothing(cast, line):
    with pytest.raises(InvalidInput) as refusal:
        change_hours(administrator=cast.alla, line=line, hours=new_hours(time_zone="Mars/Base"), now=MONDAY_NOON)

    assert refusal.value.fields == {"time_zone": ["There is no such time zone."]}
    assert not Schedule.objects.get(line=line).is_enabled


@pytest.mark.parametrize(
    "hours",
    [
        [], [["00:00", "24:00"]], [["00:00", "00:00"]], [["22:00", "06:00"]], [["09:00", "13:00"], ["13:00", "18:00"]],
        [["14:00", "18:00"], ["09:00", "13:00"]], [["09:00", "18:00"], ["20:00", "02:00"]],
    ],
)  # fmt: skip
def test_any_hours_that_make_sense_are_taken(hours):
    assert problems(weekly=week(wednesday=hours)) == {}


@pytest.mark.parametrize(
    "hours",
    [
        [["9:00", "18:00"]], [["09:00", "25:00"]], [["24:00", "02:00"]], [["09:00"]], [["09:00-18:00"]],
        [["0٩:00", "18:00"]], [["09:00", "12:00", "18:00"]], [["09:60", "18:00"]], [["", ""]], [["09:00", "18:00\n"]],
        [["٠٩:00", "18:00"]], [["09:00", "24:01"]],
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_at_its_day(hours):
    assert problems(weekly=week(tuesday=hours)) == {"weekly.1": ["Enter times like 09:00–18:00, several with commas."]}


@pytest.mark.parametrize(
    "hours", [[["09:00", "13:00"], ["12:00", "18:00"]], [["20:00", "06:00"], ["19:00", "21:00"]], [WORKING_DAY[0]] * 2]
)
def test_overlapping_times_of_a_day_are_refused(hours):
    assert problems(weekly=week(friday=hours)) == {"weekly.4": ["These times overlap."]}


def test_a_night_that_runs_into_the_next_days_hours_is_refused():
    night = [["20:00", "09:01"]]

    assert problems(weekly=week(monday=night)) == {"weekly.0": ["The night runs into the hours of Tuesday."]}
    assert problems(weekly=week(sunday=night)) == {"weekly.6": ["The night runs into the hours of Monday."]}
    assert problems(weekly=week(friday=night, sunday=[["20:00", "09:00"]])) == {}


def test_a_week_has_seven_days():
    assert set(problems(weekly=WORKING_WEEK[:6])) == {"weekly"}


def test_countries_without_known_holidays_are_refused():
    assert set(problems(country="XX")) == {"country"}
    assert problems(country="DE") == {}


def test_a_date_is_listed_once():
    twice = {"special_days.1": ["This date is listed twice."]}

    assert problems(special_days=[new_year(), new_year()]) == twice
    assert problems(special_days=[new_year(), new_year(is_yearly=True)]) == twice
    yearly = new_year(is_yearly=True)
    assert problems(special_days=[yearly, new_year(date=date(2028, 1, 1), is_yearly=True)]) == twice
    assert problems(special_days=[yearly, new_year(date=date(2028, 1, 1))]) == {}


def test_special_days_are_checked_like_days_of_the_week():
    wrong = [new_year(intervals=[["9", "18"]]), new_year(date=date(2027, 1, 2), name="x" * 101)]

    assert set(problems(special_days=wrong)) == {"special_days.0", "special_days.1"}
    assert set(problems(special_days=[new_year()] * 401)) == {"special_days"}


def test_hours_that_never_come_are_refused_while_they_are_on():
    never = [[]] * 7

    assert set(problems(weekly=never)) == {"is_enabled"}
    assert problems(weekly=never, is_enabled=False) == {}
    assert problems(weekly=never, special_days=[new_year(intervals=WORKING_DAY)]) == {}
    assert set(problems(weekly=never, special_days=[new_year(date=date(2020, 1, 1), intervals=WORKING_DAY)])) == {
        "is_enabled"
    }


def test_the_audit_log_says_what_was_and_is(cast, line):
    hours = new_hours(special_days=[new_year(name="New Year")])
    change_hours(administrator=cast.alla, line=line, hours=hours, now=MONDAY_NOON)

    entry = AuditEntry.objects.get(subject_kind="schedule")
    assert (entry.actor, entry.before["is_enabled"], entry.after["is_enabled"]) == (cast.alla, False, True)
    assert entry.after["special_days"] == [
        {"date": "2027-01-01", "is_yearly": False, "name": "New Year", "intervals": []}
    ]
