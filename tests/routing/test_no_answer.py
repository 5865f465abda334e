"""Nobody answered for the line's set time: a text, the form, round again, or nothing."""

from datetime import timedelta

import pytest

from openlines.models import Dialog, Line, Message, Timer
from openlines.services.closing import finish_dialog
from routing.models import Decision, Schedule
from routing.services.departures import hand_on_dialogs_of
from tests.routing.desk import Desk
from tests.scenes import anna_writes

pytestmark = pytest.mark.row("R6")

CALM = "All operators are busy, {client}. Please wait."


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


def waits(dialog: Dialog) -> bool:
    return Timer.objects.filter(dialog=dialog, kind="no_answer").exists()


@pytest.fixture
def patient(desk: Desk) -> Desk:
    """Offers outlast what is tested here."""
    desk.rule(offer_seconds=3600, no_answer_seconds=300)
    return desk


@pytest.mark.row("A3")
def test_the_client_is_told_once_that_nobody_is_free_yet(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text=CALM)
    dialog = patient.hello()

    patient.wait(299)
    assert "NOBODY_ANSWERED" not in feed(dialog)
    patient.wait(1)
    patient.wait(3000)

    assert feed(dialog)[-2:] == ["NOBODY_ANSWERED", "All operators are busy, Anna. Please wait."]
    line = Message.objects.get(payload__service__code="NOBODY_ANSWERED")
    assert line.payload["service"]["params"] == {"seconds": 300, "count": 1}
    assert patient.offered(dialog) == ["olga"], "the offer goes on"
    assert (dialog.no_answer_count, waits(dialog)) == (1, False)
    assert "Nobody had answered for as long as the line waits." in patient.reasons(dialog)


@pytest.mark.row("A3")
def test_the_form_is_sent_with_the_text(patient):
    patient.rule(no_answer_action="FORM", no_answer_text="Leave your number:")
    Line.objects.update(form_url="https://forms.example/call-me")
    dialog = patient.hello()

    patient.wait(300)

    assert feed(dialog)[-1] == "Leave your number:\nhttps://forms.example/call-me"


@pytest.mark.row("A6")
def test_the_text_is_said_in_the_clients_language(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text="Подождите")
    Line.objects.update(translations={"en": {"no_answer_text": "Please wait"}})
    dialog = patient.hello()
    type(dialog.client).objects.update(language="en-US")

    patient.wait(300)

    assert feed(dialog)[-1] == "Please wait"


def test_the_dialog_goes_round_the_whole_queue_again_and_again(patient):
    patient.rule(no_answer_action="RETURN", distribution="STRICTLY")
    dialog = patient.hello()
    patient.skip(dialog, "olga")
    assert patient.offered(dialog) == ["oleg"]

    patient.wait(300)
    assert patient.offered(dialog) == ["olga"], "a new round, though Roman was not asked in the old one"
    patient.wait(300)
    patient.wait(300)

    counts = Message.objects.filter(payload__service__code="NOBODY_ANSWERED").order_by("seq")
    assert [m.payload["service"]["params"] for m in counts] == [
        {"seconds": 300, "count": 1}, {"seconds": 600, "count": 2}, {"seconds": 900, "count": 3},
    ]  # fmt: skip
    assert Decision.objects.filter(outcome="RETURNED", reason__code="NO_ANSWER").count() == 3
    assert waits(dialog)


def test_whoever_kept_it_from_themselves_is_asked_again(patient):
    patient.rule(no_answer_action="RETURN", distribution="ALL_AT_ONCE")
    dialog = patient.hello()
    patient.skip(dialog, "olga")

    patient.wait(300)

    assert sorted(patient.offered(dialog)) == ["oleg", "olga", "roman"]


def test_who_waits_in_the_queue_counts_too(patient):
    patient.rule(no_answer_action="RETURN")
    patient.away("olga", "oleg", "roman")
    dialog = patient.hello()

    patient.wait(300)

    dialog.refresh_from_db()
    assert (dialog.state, dialog.no_answer_count) == ("QUEUED", 1)
    assert waits(dialog)


def test_nothing_is_done_where_nothing_is_wanted(patient):
    dialog = patient.hello()

    assert not waits(dialog)


def test_whoever_takes_the_dialog_ends_the_waiting(patient):
    patient.rule(no_answer_action="RETURN")
    dialog = patient.hello()

    patient.answer(dialog, "olga")

    assert not waits(dialog)
    patient.wait(3000)
    assert "NOBODY_ANSWERED" not in feed(dialog)


def test_the_end_ends_the_waiting(patient):
    patient.rule(no_answer_action="RETURN")
    dialog = patient.hello()

    finish_dialog(dialog_id=dialog.pk, operator=patient.scene.cast.sergey, now=patient.now)

    assert not waits(dialog)


def test_an_answer_that_is_given_back_may_go_unanswered_too(patient):
    patient.rule(no_answer_action="RETURN")
    dialog = patient.hello()
    patient.answer(dialog, "olga")

    hand_on_dialogs_of(operator_id=patient.people["olga"].pk, now=patient.now)

    assert waits(dialog)


def test_outside_the_hours_nobody_is_expected_to_answer(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text=CALM)
    dialog = patient.hello()
    local = patient.now + timedelta(hours=3)
    tomorrow = [[] for _ in range(7)]
    tomorrow[(local.weekday() + 1) % 7] = [["09:00", "18:00"]]
    Schedule.objects.update(is_enabled=True, time_zone="Europe/Moscow", weekly=tomorrow)

    patient.wait(300)

    assert "NOBODY_ANSWERED" not in feed(dialog)
    due = Timer.objects.get(dialog=dialog, kind="no_answer").due_at + timedelta(hours=3)
    assert (due.hour, due.minute) == (9, 5)


def test_who_writes_outside_the_hours_is_waited_for_from_the_opening_on(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text=CALM)
    local = patient.now + timedelta(hours=3)
    tomorrow = [[] for _ in range(7)]
    tomorrow[(local.weekday() + 1) % 7] = [["09:00", "18:00"]]
    Schedule.objects.update(is_enabled=True, time_zone="Europe/Moscow", weekly=tomorrow)

    dialog = patient.hello()

    due = Timer.objects.get(dialog=dialog, kind="no_answer").due_at + timedelta(hours=3)
    assert (due.hour, due.minute) == (9, 5)


def test_a_line_that_is_switched_off_says_nothing(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text=CALM)
    dialog = patient.hello()
    Line.objects.update(is_active=False)

    patient.wait(300)

    assert "NOBODY_ANSWERED" not in feed(dialog)


def test_who_goes_on_writing_is_not_waited_for_anew(patient):
    patient.rule(no_answer_action="TEXT", no_answer_text=CALM)
    patient.hello()
    due = Timer.objects.get(kind="no_answer").due_at
    patient.seconds += 100

    anna_writes(patient.scene, "Hello?")

    assert Timer.objects.get(kind="no_answer").due_at == due
