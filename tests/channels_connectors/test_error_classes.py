"""Each class of a provider's errors: what becomes of the message, of what comes after it, and of the account."""

from datetime import timedelta

import pytest

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, Delivery, DeliveryReport
from channels_connectors.services.editing import PartsWouldDiffer, StillBeingSent
from channels_connectors.services.outcomes import REPORT_WITHIN, recover_abandoned
from channels_connectors.services.receipts import record_echo, record_receipt
from crm.models import Client
from openlines.models import Channel, Line, Message
from openlines.services.replies import edit_reply, retry_delivery
from openlines.types import IncomingEcho, IncomingReceipt, Person
from tests.channels_connectors.carrying import carry, state_of
from tests.factories import write
from tests.providers.scripted import Scripted
from tests.scenes import Scene, active, carry_all, reply

pytestmark = pytest.mark.row("D12")

TIMED_OUT = ConnectorError("no answer", kind="UNKNOWN", is_outage=True)
LONG = "Very long " * 600


@pytest.fixture
def talk(scene: Scene, provider: Scripted) -> Scene:
    """Olga talks with Anna; nothing waits to be sent."""
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    scene.line.refresh_from_db()
    active(scene)
    return scene


def test_outside_the_window_a_message_fails_in_words_about_the_window(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("outside the allowed window", kind="WINDOW"))

    carry(talk)

    assert state_of(message) == ("FAILED", "WINDOW")
    assert Delivery.objects.get().error_kind == "WINDOW"
    assert Client.objects.get().is_reachable


def test_a_limit_of_the_day_lets_the_message_wait_for_hours_in_sight(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("the quota is used up", kind="LATER"))

    carry(talk)

    assert state_of(message) == ("QUEUED", "LATER")
    assert Delivery.objects.get().due_at == talk.later(seconds=1 + 3600)
    assert carry(talk, later=3500) == []
    carry(talk, later=3700)
    assert state_of(message) == ("SENT", "")


def test_a_limit_of_the_day_ends_when_the_provider_says(talk, provider):
    reply(talk, "Hi")
    provider.then(ConnectorError("tomorrow", kind="LATER", retry_after=9 * 3600))

    carry(talk)

    assert Delivery.objects.get().due_at == talk.later(seconds=1 + 9 * 3600)
    assert Account.objects.get().paused_until is None, "others may have quota left"


def test_a_quota_that_never_comes_back_is_given_up_after_three_days(talk, provider):
    message = reply(talk, "Hi")
    Delivery.objects.update(created_at=talk.later(hours=-73))
    provider.then(ConnectorError("tomorrow", kind="LATER"))

    carry(talk)

    assert state_of(message) == ("FAILED", "EXPIRED_RETRIES")


def test_what_one_chat_has_too_much_of_holds_up_no_other(talk, provider):
    reply(talk, "To Anna")
    provider.then(ConnectorError("one per second and chat", retry_after=30, of_chat=True))
    carry(talk)
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    write(talk.channel, "Hi", sender="Boris")

    carry(talk, later=2)
    assert provider.texts == ["To Anna", "Welcome"]
    assert carry(talk, later=30) == []
    assert carry(talk, later=32) != []


def test_a_pause_that_the_provider_asks_for_is_kept_to_the_second(talk, provider):
    reply(talk, "Hi")
    provider.then(ConnectorError("slow down", retry_after=17))

    carry(talk)

    assert Account.objects.get().paused_until == talk.later(seconds=18)
    assert Delivery.objects.get().due_at == talk.later(seconds=18)
    assert Account.objects.get().failures == 0, "who asks for patience is not ill"


# What is not known


def test_where_the_provider_knows_doubles_the_same_key_goes_out_again(talk, provider):
    provider.is_idempotent = True
    reply(talk, "Hi")
    provider.then(TIMED_OUT)

    carry(talk)
    carry(talk, later=60)

    first, second = (said for name, said in provider.calls)
    assert first.client_key == second.client_key


def test_where_the_provider_can_be_asked_it_is_asked_before_anything_is_sent(talk, provider):
    provider.can = {"idempotency": "listing"}
    message = reply(talk, "Hi")
    provider.then(TIMED_OUT, Receipt(parts=("77",)))

    carry(talk)
    assert state_of(message) == ("QUEUED", "")
    carry(talk, later=60)

    assert [name for name, _said in provider.calls] == ["send", "find_sent"]
    assert state_of(message) == ("SENT", "")
    assert message.external_id == "77"


def test_what_the_provider_does_not_have_is_sent_once_more(talk, provider):
    provider.can = {"idempotency": "listing"}
    message = reply(talk, "Hi")
    provider.then(TIMED_OUT)

    carry(talk)
    carry(talk, later=60)

    assert [name for name, _said in provider.calls] == ["send", "find_sent", "send"]
    assert state_of(message) == ("SENT", "")


@pytest.mark.parametrize("kind", ["RETRY", "UNKNOWN", "TOKEN", "LATER", "PERMANENT"])
def test_a_look_that_fails_is_tried_again_and_nothing_is_sent_unseen(talk, provider, kind):
    provider.can = {"idempotency": "listing"}
    reply(talk, "Hi")
    provider.then(TIMED_OUT, ConnectorError("not now", kind=kind), Receipt(parts=("77",)))

    carry(talk)
    carry(talk, later=60)
    Channel.objects.update(state=Channel.State.CONNECTED)
    carry(talk, later=9000)

    assert [name for name, _said in provider.calls] == ["send", "find_sent", "find_sent"]


@pytest.mark.parametrize("known_by", ["echo", "status"])
def test_where_a_report_may_tell_it_is_waited_for_before_a_person_is_asked(talk, provider, known_by):
    provider.can = {"idempotency": known_by}
    message = reply(talk, "Hi")
    reply(talk, "Are you there?")
    provider.then(TIMED_OUT)

    carry(talk)
    assert state_of(message) == ("QUEUED", "")
    assert recover_abandoned(now=talk.later(seconds=60)) == 0
    assert carry(talk, later=30) == [], "what comes after it waits as well"

    recover_abandoned(now=talk.later(seconds=62))
    assert state_of(message) == ("UNKNOWN", "UNKNOWN")
    carry(talk, later=63)
    assert provider.texts == ["Hi", "Are you there?"]


def test_an_echo_in_time_tells_that_it_was_sent(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, "Hi")
    provider.then(TIMED_OUT)
    carry(talk)

    echo_of(talk, message, number=0)

    assert state_of(message) == ("SENT", "")
    assert message.external_id == "m0"
    assert recover_abandoned(now=talk.later(hours=1)) == 0
    assert Message.objects.filter(text="Hi").count() == 1


def echo_of(scene: Scene, message: Message, *, number: int) -> None:
    echo = IncomingEcho(
        chat_external_id="anna", external_id=f"m{number}", recipient=Person(external_id="anna"),
        client_key=f"{message.pk}.{number}", text=message.text,
    )  # fmt: skip
    record_echo(channel=scene.channel, echo=echo, now=scene.now)


def test_an_echo_that_comes_late_still_tells(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, "Hi")
    provider.then(TIMED_OUT)
    carry(talk)
    recover_abandoned(now=talk.later(seconds=62))
    assert state_of(message) == ("UNKNOWN", "UNKNOWN")

    echo_of(talk, message, number=0)

    assert state_of(message) == ("SENT", "")
    assert Delivery.objects.get().state == "SENT"


def test_after_the_echo_of_a_part_only_the_rest_is_sent(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, LONG)
    provider.then(TIMED_OUT)
    carry(talk)

    echo_of(talk, message, number=0)
    carry(talk, later=2)

    assert [said.number for _name, said in provider.calls] == [0, 1]
    message.refresh_from_db()
    assert message.external_parts == ["m0", f"p{message.pk}"]


def test_an_echo_that_comes_before_the_worker_dies_is_not_forgotten(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, "Hi")

    def send_and_die(*_: object) -> None:
        echo_of(talk, message, number=0)
        raise SystemExit

    provider.send = send_and_die
    with pytest.raises(SystemExit):
        carry(talk)
    recover_abandoned(now=talk.later(minutes=5))

    assert state_of(message) == ("SENT", "")


def test_a_status_tells_as_well_and_says_how_far_it_came(talk, provider):
    provider.can = {"idempotency": "status", "receipts": "read"}
    message = reply(talk, "Hi")
    provider.then(TIMED_OUT)
    carry(talk)

    receipt = IncomingReceipt(
        state="DELIVERED", chat_external_id="anna", external_id="w1", client_key=f"{message.pk}.0", at=talk.now
    )
    record_receipt(channel=talk.channel, receipt=receipt, now=talk.now)

    assert state_of(message) == ("DELIVERED", "")
    assert set(DeliveryReport.objects.values_list("state", flat=True)) == {"SENT", "DELIVERED"}


def test_a_dead_worker_s_message_waits_for_its_report_as_well(talk, provider):
    provider.can = {"idempotency": "echo"}
    message = reply(talk, "Hi")
    provider.send = lambda *_: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(SystemExit):
        carry(talk)

    recover_abandoned(now=talk.later(minutes=2))
    assert state_of(message) == ("QUEUED", "")
    recover_abandoned(now=talk.later(minutes=2) + REPORT_WITHIN + timedelta(seconds=1))

    assert state_of(message) == ("UNKNOWN", "UNKNOWN")


def test_doubt_that_lasts_a_day_is_shown_as_doubt(talk, provider):
    provider.is_idempotent = True
    message = reply(talk, "Hi")
    Delivery.objects.update(created_at=talk.later(hours=-25))
    provider.then(TIMED_OUT)

    carry(talk)

    assert state_of(message) == ("UNKNOWN", "UNKNOWN")


# Parts


@pytest.mark.row("C18")
def test_a_long_message_is_changed_part_by_part(talk, provider):
    message = reply(talk, LONG)
    provider.then(Receipt(parts=("1",)), Receipt(parts=("2",)))
    carry(talk)

    edit_reply(message_id=message.pk, operator=talk.cast.olga, text=LONG.replace("long", "LONG"), now=talk.now)
    carry_all(talk)

    edits = [said for name, said in provider.calls if name == "edit"]
    assert [external_id for external_id, _text in edits] == ["1", "2"]
    assert all("LONG" in text for _id, text in edits)


def test_a_part_that_is_changed_already_is_not_changed_again(talk, provider):
    message = reply(talk, LONG)
    provider.then(Receipt(parts=("1",)), Receipt(parts=("2",)), None, ConnectorError("busy"))
    carry(talk)

    edit_reply(message_id=message.pk, operator=talk.cast.olga, text=LONG.replace("long", "LONG"), now=talk.now)
    carry(talk)
    carry(talk, later=60)

    edits = [said for name, said in provider.calls if name == "edit"]
    assert [external_id for external_id, _text in edits] == ["1", "2", "2"]


def test_a_text_that_needs_more_messages_is_refused_in_words(talk, provider):
    message = reply(talk, "Short")
    carry(talk)

    with pytest.raises(PartsWouldDiffer, match="another number of messages"):
        edit_reply(message_id=message.pk, operator=talk.cast.olga, text=LONG, now=talk.now)

    message.refresh_from_db()
    assert message.text == "Short"


def test_a_message_that_is_half_sent_can_not_be_changed_meanwhile(talk, provider):
    message = reply(talk, LONG)
    provider.then(Receipt(parts=("1",)), ConnectorError("busy"))
    carry(talk)

    with pytest.raises(StillBeingSent):
        edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Short", now=talk.now)


def test_a_second_try_after_a_report_of_failure_sends_what_failed_again(talk, provider):
    provider.can = {"receipts": "delivered"}
    message = reply(talk, "Hi")
    provider.then(Receipt(parts=("w1",)), Receipt(parts=("w2",)))
    carry(talk)
    report = IncomingReceipt(state="FAILED", chat_external_id="anna", external_id="w1", error="undeliverable")
    record_receipt(channel=talk.channel, receipt=report, now=talk.now)
    assert state_of(message) == ("FAILED", "PERMANENT")

    retry_delivery(message_id=message.pk, operator=talk.cast.olga)
    carry_all(talk)

    assert provider.texts == ["Hi", "Hi"]
    message.refresh_from_db()
    assert (message.delivery_state, message.external_parts) == ("SENT", ["w2"])
