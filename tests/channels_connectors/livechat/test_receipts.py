import pytest
from django.utils import timezone

from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Dialog, Message
from openlines.services.closing import finish_dialog
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog


@pytest.fixture
def replies(anna, cast, commit):
    """Two answers of Olga's."""
    anna.write("Hello")
    with commit():
        answer_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
        return [
            send_reply(dialog_id=anna.dialog.pk, operator=cast.olga, text=text, now=timezone.now())[0]
            for text in ("One", "Two")
        ]


def states(replies):
    return [Message.objects.get(pk=reply.pk).delivery_state for reply in replies]


def tell(anna, **receipts):
    return anna.call("POST", "receipts/", receipts).status_code


@pytest.mark.row("C3")
def test_what_the_browser_has_is_delivered(anna, replies):
    assert tell(anna, delivered=replies[0].pk) == 204

    assert states(replies) == ["DELIVERED", "QUEUED"]


@pytest.mark.row("C3")
@pytest.mark.row("C18")
def test_what_was_on_screen_is_read(anna, replies):
    tell(anna, read=replies[1].pk)

    assert states(replies) == ["READ", "READ"]
    assert anna.dialog.client_read_seq == replies[1].seq


def test_the_senders_report_that_comes_later_changes_nothing(anna, replies):
    tell(anna, delivered=replies[1].pk)
    while claimed := claim_due(limit=5, now=timezone.now()):
        for delivery in claimed:
            deliver(delivery)

    assert states(replies) == ["DELIVERED", "DELIVERED"]


def test_told_twice_is_told_once(anna, replies):
    tell(anna, read=replies[1].pk)
    revision = anna.dialog.revision
    tell(anna, read=replies[1].pk)
    tell(anna, delivered=replies[1].pk)

    assert anna.dialog.revision == revision
    assert states(replies) == ["READ", "READ"]


def test_consoles_see_the_ticks(anna, replies, commit, bells):
    bells.taken()
    with commit():
        tell(anna, read=replies[0].pk)

    frame = bells.bodies("dialog.changed")[0]
    assert [message["delivery"]["state"] for message in frame["messages"]] == ["READ"]
    assert frame["dialog"]["client_read_seq"] == replies[0].seq


def test_nobody_reads_for_others(boris, replies):
    assert tell(boris, read=replies[1].pk) == 204

    assert states(replies) == ["QUEUED", "QUEUED"]


def test_the_goodbye_is_read_after_the_end(anna, cast, replies, commit):
    with commit():
        finish_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
    goodbye = Message.objects.get(author_kind="BOT")
    tell(anna, read=goodbye.pk)

    assert states([*replies, goodbye]) == ["READ"] * 3
    assert Dialog.objects.get().state == Dialog.State.CLOSED


@pytest.mark.parametrize("body", [{"read": -1}, {"read": "x"}, {"delivered": 2**80}, {"read": None}, []])
def test_what_makes_no_sense_is_refused(anna, body):
    assert anna.call("POST", "receipts/", body or "[]").status_code == 400
