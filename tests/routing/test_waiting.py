"""The place in the queue, and what is said of the time."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm.models import User
from openlines.models import Dialog, Line
from openlines.services.closing import finish_dialog
from openlines.texts import fill_in
from routing.models import Schedule
from routing.pace import Wait
from routing.waiting import WEEK, wait_words, waiting_of
from tests.committing import committed
from tests.factories import make_channel, make_line, write
from tests.routing.desk import Desk

SENDERS = ("Anna", "Boris", "Clara", "Dmitry", "Eva")


@pytest.fixture
def waiting(desk: Desk) -> list[Dialog]:
    """Five clients came, a minute after each other. Nobody is there."""
    desk.away("olga", "oleg", "roman")
    return come(desk, SENDERS)


def come(desk: Desk, senders: Sequence[str]) -> list[Dialog]:
    dialogs = []
    for sender in senders:
        dialogs.append(desk.hello(sender))
        desk.seconds += 60
    return dialogs


def position(dialog: Dialog, desk: Desk) -> int | None:
    dialog.refresh_from_db()
    found = waiting_of(dialog, now=desk.now)
    return found.position if found else None


def wait(dialog: Dialog, desk: Desk) -> Wait | None:
    dialog.refresh_from_db()
    found = waiting_of(dialog, now=desk.now)
    assert found is not None
    return found.wait


def history(line: Line, *, until: datetime, number: int = 20, gap: float = 60.0, **fields: object) -> None:
    """So many dialogs were taken, one gap after the other, by clients who had all come before the first."""
    model = Dialog.objects.filter(line=line).first()
    assert model is not None
    taken = [until - timedelta(seconds=gap * place) for place in range(number)]
    opened = taken[-1] - timedelta(seconds=gap)
    values = {"state": Dialog.State.CLOSED, "opened_at": opened, "last_message_at": opened, **fields}
    Dialog.objects.bulk_create(
        Dialog(
            line=line,
            chat_id=model.chat_id,
            channel_id=model.channel_id,
            client_id=model.client_id,
            answered_at=moment,
            closed_at=moment,
            **values,
        )
        for moment in taken
    )


@pytest.mark.row("R12")
def test_clients_wait_in_the_order_in_which_they_came(desk: Desk, waiting: list[Dialog]):
    assert [position(dialog, desk) for dialog in waiting] == [1, 2, 3, 4, 5]


@pytest.mark.row("R12")
def test_places_move_up_when_somebody_is_taken_or_leaves(desk: Desk, waiting: list[Dialog]):
    desk.answer(waiting[0], "olga")
    with committed():
        finish_dialog(dialog_id=waiting[2].pk, operator=desk.scene.cast.sergey, now=desk.now)

    assert [position(dialog, desk) for dialog in waiting] == [None, 1, None, 2, 3]


def test_what_is_offered_keeps_its_place_until_somebody_takes_it(desk: Desk):
    dialogs = come(desk, SENDERS)

    assert {dialog.state for dialog in dialogs} == {Dialog.State.OFFERED}
    assert [position(dialog, desk) for dialog in dialogs] == [1, 2, 3, 4, 5]


def test_a_place_goes_by_rank(desk: Desk, waiting: list[Dialog]):
    Dialog.objects.filter(pk=waiting[3].pk).update(ranked_at=desk.now - timedelta(hours=1))

    assert [position(dialog, desk) for dialog in waiting] == [2, 3, 4, 1, 5]


def test_other_lines_don_t_count(desk: Desk, waiting: list[Dialog]):
    cast = desk.scene.cast
    elsewhere = make_channel(cast, make_line(cast, name="Support"))
    with committed():
        dialog = write(elsewhere, "Hello", sender="Fyodor", now=desk.now)

    assert position(dialog, desk) == 1


@pytest.mark.row("R12")
def test_the_wait_is_a_range_by_what_the_line_did_lately(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    third = wait(waiting[2], desk)

    assert third is not None
    assert third.from_seconds <= 3 * 60 <= third.to_seconds


@pytest.mark.row("R12")
def test_nothing_is_said_where_nobody_is_on_the_line(desk: Desk, waiting: list[Dialog]):
    history(desk.scene.line, until=desk.now)
    assert wait(waiting[0], desk) is None

    desk.rule(checks_presence=False)
    assert wait(waiting[0], desk) is not None


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        ("checks_absence", {"is_absent": True}),
        ("checks_working_day", {"working_day": "ENDED"}),
        ("checks_working_day", {"working_day": "STARTED", "is_paused": True}),
    ],
)
def test_who_is_away_by_the_lines_rules_does_not_count(
    desk: Desk, waiting: list[Dialog], rule: str, fact: dict[str, Any]
):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    User.objects.filter(pk=desk.people["olga"].pk).update(**fact)

    desk.rule(**{rule: True})
    assert wait(waiting[0], desk) is None
    desk.rule(**{rule: False})
    assert wait(waiting[0], desk) is not None


def test_nothing_is_said_of_a_line_that_is_off(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    Line.objects.update(is_active=False)

    assert wait(waiting[0], desk) is None


@pytest.mark.row("R12")
def test_nothing_is_said_outside_the_hours(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    Schedule.objects.update(is_enabled=True, weekly=[])
    assert wait(waiting[0], desk) is None

    Schedule.objects.update(weekly=[[["00:00", "00:00"]]] * 7)
    Dialog.objects.update(is_off_hours=True)
    history(desk.scene.line, until=desk.now)
    assert wait(waiting[0], desk) is not None


def test_a_line_without_a_past_says_nothing(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")

    assert wait(waiting[0], desk) is None


@pytest.mark.parametrize(
    "past",
    [
        pytest.param({"number": 5}, id="a handful"),
        pytest.param({"is_off_hours": True}, id="begun outside the hours"),
    ],
)
def test_what_teaches_nothing_is_left_out(desk: Desk, waiting: list[Dialog], past: dict[str, Any]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now, **past)

    assert wait(waiting[0], desk) is None


def test_a_week_ago_is_no_longer_true(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now - WEEK)

    assert wait(waiting[0], desk) is None


def test_a_line_that_has_stopped_says_nothing(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    desk.seconds += 170
    assert wait(waiting[0], desk) is not None

    desk.seconds += 20
    assert wait(waiting[0], desk) is None


def test_it_costs_two_statements(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)

    with CaptureQueriesContext(connection) as queries:
        waiting_of(waiting[4], now=desk.now)

    assert len(queries) == 2


@pytest.mark.parametrize(
    ("seconds", "english", "russian_number"),
    [
        ((5, 40), "less than a minute", ""),
        ((20, 130), "up to 3 minutes", "3"),
        ((120, 290), "2–5 minutes", "2–5"),
        ((3700, 5300), "61–89 minutes", "61–89"),
        ((1800, 6000), "up to 2 hours", "2"),
        ((4000, 7300), "1–3 hours", "1–3"),
    ],
)
def test_the_range_in_words(seconds: tuple[int, int], english: str, russian_number: str):
    assert wait_words(Wait(*seconds)) == english
    with translation.override("ru"):
        assert russian_number in wait_words(Wait(*seconds))


@pytest.mark.row("R12")
def test_automatic_texts_can_say_it(desk: Desk, waiting: list[Dialog]):
    desk.come("olga")
    history(desk.scene.line, until=desk.now)
    text = fill_in("You are number {position}, usually {wait}.", waiting[1], now=desk.now)

    assert re.fullmatch("You are number 2, usually [0-9]+–[0-9]+ minutes[.]", text)


def test_a_welcome_can_say_it(desk: Desk):
    Line.objects.update(welcome_text="You are number {position}, usually {wait}.")
    dialogs = [desk.hello(sender) for sender in SENDERS[:3]]

    texts = [dialog.messages.get(author_kind="BOT").text for dialog in dialogs]
    assert texts == [f"You are number {place}, usually." for place in (1, 2, 3)]


def test_automatic_texts_say_nothing_of_a_dialog_that_was_taken(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, desk.offered(dialog)[0])
    dialog.refresh_from_db()

    assert fill_in("Number {position}, {wait}", dialog, now=desk.now) == "Number"
