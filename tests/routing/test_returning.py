"""Dialogs come back to the queue: from who went away, and from who does not answer."""

from uuid import uuid4

import pytest

from crm.models import User
from crm.staff import set_active
from openlines.models import Dialog, Timer
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import pin_dialog
from openlines.services.replies import send_reply
from routing.services.returning import UNANSWERED
from routing.services.transferring import transfer_dialog
from routing.services.working_day import end_day, start_day
from routing.types import ToOperator
from tests.committing import committed
from tests.factories import write
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R7")


def says(desk: Desk, dialog: Dialog, name: str, text: str = "Good morning") -> None:
    with committed():
        send_reply(dialog_id=dialog.pk, operator=desk.people[name], text=text, now=desk.now)


def asks_more(desk: Desk, dialog: Dialog) -> None:
    with committed():
        write(desk.scene.channel, "And then?", number=uuid4().hex, now=desk.now)


def go_offline(desk: Desk, name: str) -> None:
    """As the sweep finds it; nobody heard of it yet."""
    User.objects.filter(pk=desk.people[name].pk).update(presence=User.Presence.OFFLINE)


def owner(dialog: Dialog) -> str | None:
    dialog.refresh_from_db()
    return dialog.owner.username if dialog.owner else None


@pytest.fixture
def at_work(desk: Desk) -> Desk:
    """A line that looks at working days only; Olga and Oleg have begun theirs."""
    desk.rule(checks_presence=False, checks_working_day=True)
    for name in ("olga", "oleg"):
        start_day(operator=desk.people[name], now=desk.now)
    return desk


def test_who_ends_the_day_without_an_answer_gives_the_dialog_back(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")

    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)

    assert at_work.offered(dialog) == ["oleg"]
    assert "Taken back from Olga, whose working day ended." in at_work.reasons(dialog)
    lines = [m.payload["service"] for m in dialog.messages.filter(author_kind="SYSTEM")]
    assert {"code": "RETURNED_TO_QUEUE", "params": {"operator": "Olga", "reason": "DAY_ENDED"}} in lines


def test_what_came_back_can_be_taken_by_the_next(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)

    at_work.answer(dialog, "oleg")

    assert owner(dialog) == "oleg"


def test_an_answered_dialog_stays_until_the_client_writes(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    says(at_work, dialog, "olga")
    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)
    assert owner(dialog) == "olga"

    asks_more(at_work, dialog)

    assert owner(dialog) is None
    assert at_work.offered(dialog) == ["oleg"]


def test_a_client_who_goes_on_asking_keeps_the_operator_who_had_answered(at_work: Desk):
    """Answered once, and the client waits again: it is theirs until the client writes anew."""
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    says(at_work, dialog, "olga")
    asks_more(at_work, dialog)

    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)

    assert owner(dialog) == "olga"


def test_a_pinned_dialog_waits_for_its_operator(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    pin_dialog(dialog_id=dialog.pk, operator=at_work.people["olga"], is_pinned=True, now=at_work.now)
    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)
    asks_more(at_work, dialog)

    assert owner(dialog) == "olga"


def test_a_line_that_asks_for_no_working_day_leaves_the_dialog(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    at_work.rule(checks_working_day=False)

    with committed():
        end_day(operator=at_work.people["olga"], now=at_work.now)

    assert owner(dialog) == "olga"


def test_the_client_of_someone_offline_is_given_to_the_others(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    says(desk, dialog, "olga")
    go_offline(desk, "olga")

    asks_more(desk, dialog)

    assert desk.offered(dialog) == ["oleg"]
    assert "Taken back from Olga, who went offline." in desk.reasons(dialog)


def test_with_nobody_there_the_dialog_waits_in_the_queue(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    says(desk, dialog, "olga")
    for name in ("olga", "oleg", "roman"):
        go_offline(desk, name)

    asks_more(desk, dialog)

    dialog.refresh_from_db()
    assert dialog.state == Dialog.State.QUEUED


def test_who_is_dismissed_hands_everything_on_and_is_at_work_no_more(at_work: Desk):
    dialog = at_work.hello()
    at_work.answer(dialog, "olga")
    says(at_work, dialog, "olga")

    with committed():
        set_active(administrator=at_work.scene.cast.alla, member_id=at_work.people["olga"].pk, is_active=False)

    assert at_work.offered(dialog) == ["oleg"]
    assert "Taken back from Olga, who no longer works here." in at_work.reasons(dialog)
    assert User.objects.get(pk=at_work.people["olga"].pk).working_day == "ENDED"


@pytest.fixture
def patient(desk: Desk) -> Desk:
    """A line that takes dialogs back after two minutes without an answer."""
    desk.rule(return_seconds=120)
    return desk


def due(dialog: Dialog) -> list[float]:
    timers = Timer.objects.filter(dialog=dialog, kind=UNANSWERED)
    return [(timer.due_at - dialog.opened_at).total_seconds() for timer in timers]


def test_who_takes_a_dialog_and_is_silent_loses_it(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    patient.wait(119)
    assert owner(dialog) == "olga"

    patient.wait(2)

    assert patient.offered(dialog) == ["oleg"]
    assert patient.reasons(dialog)[-2] == "Taken back from Olga, who did not answer the client in time."


def test_seconds_count_from_the_first_word_that_waits(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    says(patient, dialog, "olga")
    assert due(dialog) == []

    patient.seconds = 100
    asks_more(patient, dialog)
    patient.seconds = 150
    asks_more(patient, dialog)

    assert due(dialog) == [220]


def test_an_answer_stops_the_clock(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    says(patient, dialog, "olga")

    patient.wait(1000)

    assert owner(dialog) == "olga"


def test_a_finish_stops_the_clock(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    finish_dialog(dialog_id=dialog.pk, operator=patient.people["olga"], now=patient.now)

    assert due(dialog) == []


def test_a_transfer_gives_the_next_operator_the_whole_time(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    patient.seconds = 100
    with committed():
        oleg = patient.people["oleg"]
        transfer_dialog(dialog_id=dialog.pk, actor=patient.people["olga"], target=ToOperator(oleg.pk), now=patient.now)
    assert len(due(dialog)) == 1

    patient.rule(return_seconds=None)
    patient.wait(500)

    assert owner(dialog) == "oleg"


def test_a_pinned_dialog_is_not_taken_back(patient: Desk):
    dialog = patient.hello()
    patient.answer(dialog, "olga")
    pin_dialog(dialog_id=dialog.pk, operator=patient.people["olga"], is_pinned=True, now=patient.now)

    patient.wait(500)

    assert owner(dialog) == "olga"


def test_one_alone_is_asked_again(patient: Desk):
    patient.sit("olga")
    dialog = patient.hello()
    patient.answer(dialog, "olga")

    patient.wait(121)

    assert patient.offered(dialog) == ["olga"]


def test_every_round_of_taking_and_losing_is_told_apart(patient: Desk):
    patient.sit("olga", "oleg")
    dialog = patient.hello()
    for name in ("olga", "oleg", "olga", "oleg"):
        assert patient.offered(dialog) == [name]
        patient.answer(dialog, name)
        patient.wait(121)

    assert patient.offered(dialog) == ["olga"]
