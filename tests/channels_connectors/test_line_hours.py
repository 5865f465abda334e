"""The hours on the page of a line."""

from datetime import date

import pytest
import time_machine

from openlines.models import Line
from routing.models import Schedule
from tests.channels_connectors.test_line_settings import save, values_of
from tests.pages import get, post, text_of
from tests.routing.opening_times import MONDAY_NIGHT, MONDAY_NOON, WORKING_WEEK, keep_hours

pytestmark = [pytest.mark.row("A2"), pytest.mark.row("L2")]

WEEK = {"day_0": "9-13, 14.00–18:00", "day_1": "22:00-06:00", "day_2": "", "day_5": "00:00–24:00", "day_6": ""}


def special(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    names = ("special_date", "special_yearly", "special_hours", "special_name")
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def page_of(cast, line: Line) -> str:
    return text_of(get(cast.alla, f"/settings/lines/{line.pk}/"))


def test_hours_are_saved_with_the_page(cast, line):
    days = special(("2027-01-01", "1", "", "New Year"), ("2026-12-31", "", "9-12", ""), ("", "", "", ""))

    response = save(cast, line, has_hours="on", time_zone="Asia/Tokyo", country="JP", **WEEK, **days)

    assert response.status_code == 302
    schedule = Schedule.objects.get(line=line)
    assert (schedule.is_enabled, schedule.time_zone, schedule.country) == (True, "Asia/Tokyo", "JP")
    assert schedule.weekly == [
        [["09:00", "13:00"], ["14:00", "18:00"]], [["22:00", "06:00"]], [], [["09:00", "18:00"]],
        [["09:00", "18:00"]], [["00:00", "24:00"]], [],
    ]  # fmt: skip
    found = schedule.special_days.values_list("date", "is_yearly", "intervals", "name")
    assert list(found) == [
        (date(2026, 12, 31), False, [["09:00", "12:00"]], ""),
        (date(2027, 1, 1), True, [], "New Year"),
    ]


def test_the_page_shows_what_is_stored(cast, line):
    days = special(("2027-01-01", "1", "10:00–12:00", "New Year"))
    save(cast, line, has_hours="on", time_zone="Asia/Tokyo", country="JP", **WEEK, **days)

    page = page_of(cast, line)

    for words in ("09:00–13:00, 14:00–18:00", 'value="2027-01-01"', "10:00–12:00", "New Year", "Asia/Tokyo (UTC+9)"):
        assert words in page
    assert '<rect x="1320" width="120" height="16"/>' in page
    assert '<rect x="0" width="360" height="16"/>' in page


def test_the_untouched_page_changes_nothing(cast, line):
    with time_machine.travel(MONDAY_NOON, tick=False):
        keep_hours(cast, line, now=MONDAY_NOON)
        save(cast, line)

    assert Schedule.objects.get(line=line).weekly == WORKING_WEEK


def test_a_line_without_hours_is_offered_a_working_week(cast, line):
    values = values_of(line)

    assert (values["day_0"], values["day_6"]) == ("09:00–18:00", "")
    assert "open all the time" in page_of(cast, line)


def test_the_page_says_when_it_opens(cast, line):
    keep_hours(cast, line, now=MONDAY_NOON)

    with time_machine.travel(MONDAY_NOON, tick=False):
        assert "open now" in page_of(cast, line)
    with time_machine.travel(MONDAY_NIGHT, tick=False):
        assert "closed now, opens tomorrow at 09:00" in page_of(cast, line)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day_1": "nine to five"}, "Enter times like 09:00–18:00"),
        ({"day_1": "09:00–25:00"}, "Enter times like 09:00–18:00"),
        ({"day_1": "9-13, 12-18"}, "These times overlap."),
        ({"day_1": "20-10"}, "The night runs into the hours of Wednesday."),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"country": "XX"}, "Select a valid choice"),
        (dict.fromkeys(("day_0", "day_1", "day_2", "day_3", "day_4"), ""), "With these hours the line would never be"),
        (special(("", "", "9-12", "")), "Enter a date."),
        (special(("2027-02-30", "", "", "")), "Enter a date."),
        (special(("2027-01-01", "", "all day", "")), "Enter times like"),
        (special(("2027-01-01", "", "", ""), ("2027-01-01", "", "9-12", "")), "This date is listed twice."),
    ],
)
def test_mistakes_are_said_at_their_fields_and_nothing_is_saved(cast, line, changes, words):
    response = save(cast, line, piece=True, has_hours="on", name="Support", **changes)

    assert response.status_code == 422
    assert words in text_of(response)
    line.refresh_from_db()
    assert (line.name, Schedule.objects.get(line=line).is_enabled) == ("Sales", False)


def test_what_was_typed_stays_while_a_mistake_is_mended(cast, line):
    days = special(("2027-01-01", "1", "all day", "New Year"))

    page = text_of(save(cast, line, piece=True, has_hours="on", day_1="nine", **days))

    for words in ('value="nine"', 'value="all day"', 'value="2027-01-01"', 'value="New Year"'):
        assert words in page


def test_hours_that_changed_meanwhile_are_not_overwritten_unseen(cast, line):
    values = values_of(line)
    keep_hours(cast, line, now=MONDAY_NOON)

    response = post(cast.alla, f"/settings/lines/{line.pk}/", piece=True, **values)

    assert "Somebody changed this line while you did" in text_of(response)
    assert Schedule.objects.get(line=line).is_enabled
