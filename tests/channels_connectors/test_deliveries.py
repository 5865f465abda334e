"""Messages on their way out: in order per chat, each once, honest about what is not known."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, Delivery
from channels_connectors.services.channels import set_channel_state
from channels_connectors.services.deliveries import LEASE, claim_due, queue_delivery
from channels_connectors.services.outcomes import recover_abandoned
from channels_connectors.services.sending import SENDERS, SHARE, Sender, deliver
from crm.models import Client
from openlines.models import Attachment, Channel, Line, Message
from openlines.services.replies import delete_reply, edit_reply, retry_delivery
from tests.channels_connectors.carrying import carry, state_of
from tests.factories import make_channel, write
from tests.providers.scripted import Scripted
from tests.scenes import Scene, active, carry_all, reply

pytestmark = pytest.mark.row("D12")

WELCOME_OFF = {"is_welcome_sent": False, "closing_action": "NONE"}


@pytest.fixture
def talk(scene: Scene, provider: Scripted) -> Scene:
    """Olga talks with Anna; nothing waits to be sent."""
    Line.objects.update(**WELCOME_OFF)
    scene.line.refresh_from_db()
    active(scene)
    return scene


def test_messages_of_a_chat_go_out_in_order_one_at_a_time(talk, provider):
    for text in ("One", "Two", "Three"):
        reply(talk, text)

    assert [len(carry(talk)), provider.texts] == [1, ["One"]]
    carry_all(talk)

    assert provider.texts == ["One", "Two", "Three"]
    assert set(Message.objects.filter(author=talk.cast.olga).values_list("delivery_state", flat=True)) == {"SENT"}


def test_the_provider_s_ids_are_kept(talk, provider):
    message = reply(talk, "Long")
    provider.then(Receipt(parts=("77", "78")))

    carry(talk)

    message.refresh_from_db()
    assert (message.external_id, message.external_parts) == ("77", ["77", "78"])


def test_a_receipt_that_says_delivered_is_believed(talk, provider):
    message = reply(talk, "Hi")
    provider.then(Receipt(parts=("1",), is_delivered=True))

    carry(talk)

    assert state_of(message) == ("DELIVERED", "")


def test_order_is_kept_across_retries(talk, provider):
    for text in ("One", "Two"):
        reply(talk, text)
    provider.then(ConnectorError("busy"), ConnectorError("busy"))

    carry(talk, later=1)
    assert carry(talk, later=1) == [], "the second must not overtake the first"
    carry(talk, later=3)
    carry(talk, later=60)
    carry(talk, later=60)

    assert provider.texts == ["One", "One", "One", "Two"]


def test_other_chats_do_not_wait_for_one_in_trouble(talk, provider):
    reply(talk, "To Anna")
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    write(talk.channel, "Hi", sender="Boris")
    provider.then(ConnectorError("busy"))

    carry(talk)

    assert sorted(provider.texts) == ["To Anna", "Welcome"]
    assert carry(talk) == []


def test_retry_after_pauses_the_whole_account(talk, provider):
    reply(talk, "To Anna")
    provider.then(ConnectorError("slow down", retry_after=30))
    carry(talk)
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    write(talk.channel, "Hi", sender="Boris")

    assert carry(talk, later=20) == []
    assert carry(talk, later=35) != []

    assert provider.texts[:1] == ["To Anna"]
    assert sorted(provider.texts[1:]) == ["To Anna", "Welcome"]


def test_another_account_is_not_paused(talk, provider):
    reply(talk, "To Anna")
    provider.then(ConnectorError("slow down", retry_after=30))
    carry(talk)
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    write(make_channel(talk.cast, Line.objects.get()), "Hi", sender="Boris")

    carry(talk, later=2)

    assert provider.texts == ["To Anna", "Welcome"]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (5, 16), (12, 300), (200, 300)])
def test_retries_come_ever_later_but_never_too_late(talk, provider, attempts, seconds):
    reply(talk, "Hi")
    Delivery.objects.update(attempts=attempts - 1)
    provider.then(ConnectorError("busy"))

    carry(talk)

    waits = Delivery.objects.get().due_at - talk.later(seconds=1)
    assert timedelta(seconds=0.75 * seconds) <= waits <= timedelta(seconds=seconds)


def test_a_day_of_retries_is_enough(talk, provider):
    message = reply(talk, "Hi")
    Delivery.objects.update(created_at=talk.later(hours=-25))
    provider.then(ConnectorError("busy"))

    carry(talk)

    assert state_of(message) == ("FAILED", "EXPIRED_RETRIES")


def test_a_client_who_blocked_us_is_shown_as_such(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("blocked", kind="BLOCKED"))

    carry(talk)

    assert state_of(message) == ("FAILED", "BLOCKED")
    assert not Client.objects.get().is_reachable
    assert talk.dialog.messages.latest("seq").payload["service"]["code"] == "CLIENT_BLOCKED_US"


def test_a_message_that_is_never_accepted_fails_and_the_next_goes_on(talk, provider):
    message = reply(talk, "Bad")
    reply(talk, "Good")
    provider.then(ConnectorError("bad request", kind="PERMANENT"))

    carry(talk)
    carry(talk)

    assert state_of(message) == ("FAILED", "PERMANENT")
    assert provider.texts == ["Bad", "Good"]


@pytest.mark.row("C17")
def test_a_revoked_token_suspends_the_channel_and_its_messages_wait_for_a_new_one(talk, provider):
    message = reply(talk, "Hi")
    reply(talk, "Are you there?")
    provider.then(ConnectorError("Unauthorized", kind="TOKEN"))

    carry(talk)
    channel = Channel.objects.get()
    assert (channel.state, channel.last_error) == ("TOKEN_REVOKED", "Unauthorized")
    assert carry(talk, later=600) == []
    assert state_of(message)[0] == "QUEUED"

    Channel.objects.update(state=Channel.State.CONNECTED)
    carry_all(talk)
    assert provider.texts == ["Hi", "Hi", "Are you there?"]


def test_a_revoked_token_does_not_reopen_a_channel_that_was_disconnected_meanwhile(talk, provider):
    reply(talk, "Hi")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))
    Channel.objects.update(state=Channel.State.DISCONNECTED)
    provider.then(ConnectorError("Unauthorized", kind="TOKEN"))

    deliver(delivery_id)

    assert Channel.objects.get().state == "DISCONNECTED"
    assert Delivery.objects.get().state == "QUEUED"


@pytest.mark.row("C17")
def test_a_paused_channel_sends_when_it_goes_on(talk, provider):
    reply(talk, "Hi")
    set_channel_state(administrator=talk.cast.alla, channel=talk.channel, state=Channel.State.PAUSED)
    assert carry(talk) == []

    set_channel_state(administrator=talk.cast.alla, channel=talk.channel, state=Channel.State.CONNECTED)

    assert carry(talk) != []


def test_what_may_have_been_accepted_is_unknown_and_not_repeated(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("timed out", kind="UNKNOWN"))

    carry(talk)

    assert state_of(message) == ("UNKNOWN", "UNKNOWN")
    assert carry(talk, later=3600) == []


def test_what_may_have_been_accepted_is_repeated_where_the_provider_knows_doubles(talk, provider):
    provider.is_idempotent = True
    message = reply(talk, "Hi")
    provider.then(ConnectorError("timed out", kind="UNKNOWN"))

    carry(talk)
    carry(talk, later=60)

    assert state_of(message) == ("SENT", "")


def test_a_person_may_send_what_is_not_known_again(talk, provider):
    message = reply(talk, "Hi")
    provider.then(ConnectorError("timed out", kind="UNKNOWN"))
    carry(talk)

    retry_delivery(message_id=message.pk, operator=talk.cast.olga)
    assert state_of(message) == ("QUEUED", "")
    carry_all(talk)

    assert provider.texts == ["Hi", "Hi"]
    assert state_of(message) == ("SENT", "")


def test_a_second_try_sends_only_the_parts_that_were_not_accepted(talk, provider):
    message = reply(talk, "Very long " * 600)
    provider.then(Receipt(parts=("1",)), ConnectorError("busy"), ConnectorError("bad", kind="PERMANENT"))
    carry(talk)
    carry(talk, later=60)
    retry_delivery(message_id=message.pk, operator=talk.cast.olga)
    carry_all(talk)

    assert [said.number for _name, said in provider.calls] == [0, 1, 1, 1]
    message.refresh_from_db()
    assert message.external_parts == ["1", f"p{message.pk}"]


def test_an_unforeseen_failure_is_shown_rather_than_repeated(talk, provider, caplog):
    message = reply(talk, "Hi")
    provider.send = lambda *_: 1 / 0

    carry(talk)

    assert state_of(message) == ("FAILED", "PERMANENT")
    assert "unforeseen" in caplog.text


# Workers that die


def test_a_dead_worker_s_message_is_unknown_when_its_lease_is_over(talk, provider):
    message = reply(talk, "Hi")
    claim_due(limit=1, now=talk.now + timedelta(seconds=1))

    assert recover_abandoned(now=talk.now + LEASE) == 0
    assert recover_abandoned(now=talk.now + LEASE + timedelta(seconds=2)) == 1

    assert state_of(message) == ("UNKNOWN", "UNKNOWN")
    assert recover_abandoned(now=talk.later(hours=1)) == 0


def test_a_dead_worker_s_message_is_repeated_where_the_provider_knows_doubles(talk, provider):
    provider.is_idempotent = True
    message = reply(talk, "Hi")
    claim_due(limit=1, now=talk.now + timedelta(seconds=1))

    recover_abandoned(now=talk.later(minutes=5))
    carry(talk, later=400)

    assert (provider.texts, state_of(message)) == (["Hi"], ("SENT", ""))


def test_a_dead_worker_s_edit_is_repeated_as_it_does_no_harm(talk, provider):
    message = reply(talk, "Hi")
    carry(talk)
    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Hello", now=talk.now)
    claim_due(limit=1, now=talk.later(seconds=1))

    recover_abandoned(now=talk.later(minutes=5))
    carry(talk, later=400)

    assert [name for name, _said in provider.calls] == ["send", "edit"]


def test_a_worker_given_up_too_early_still_tells_that_it_succeeded(talk, provider):
    message = reply(talk, "Hi")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))
    recover_abandoned(now=talk.later(minutes=5))

    deliver(delivery_id)

    assert state_of(message) == ("SENT", "")
    assert Delivery.objects.get().state == "SENT"


def test_a_worker_given_up_too_early_does_not_undo_what_the_next_one_does(talk, provider):
    provider.is_idempotent = True
    reply(talk, "Hi")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))

    def fail_late(*_: object) -> Receipt:
        recover_abandoned(now=talk.later(minutes=5))
        assert claim_due(limit=1, now=talk.later(hours=1)) == [delivery_id]
        raise ConnectorError("bad request", kind="PERMANENT")

    provider.send = fail_late
    deliver(delivery_id)

    assert Delivery.objects.get().state == "SENDING"


def test_a_living_sender_keeps_its_leases(talk, provider, monkeypatch):
    reply(talk, "A large file")
    sender = Sender()
    monkeypatch.setattr(sender._pool, "submit", lambda *_: StillRunning())

    assert sender.send_due(now=talk.later(seconds=1)) == 1
    sender.send_due(now=talk.later(seconds=50))

    assert recover_abandoned(now=talk.later(seconds=100)) == 0
    assert recover_abandoned(now=talk.later(seconds=200)) == 1


def test_a_sender_takes_no_more_than_it_can_send_at_once(talk, provider, monkeypatch):
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    for number in range(SENDERS + 3):
        write(talk.channel, "Hi", sender=f"Client{number}")
    sender = Sender()
    monkeypatch.setattr(sender._pool, "submit", lambda *_: StillRunning())

    assert [sender.send_due(now=talk.later(seconds=1)) for _ in range(2)] == [SHARE, 0], "no more for one account"
    others = [make_channel(talk.cast, talk.line) for _ in range(3)]
    for number, channel in enumerate(others * SHARE):
        write(channel, "Hi", sender=f"Somebody{number}")
    assert [sender.send_due(now=talk.later(seconds=1)) for _ in range(2)] == [SENDERS - SHARE, 0]


class StillRunning:
    def done(self) -> bool:
        return False

    def add_done_callback(self, callback: object) -> None:
        """Nothing will be done."""


# Edits and deletions


@pytest.mark.row("C18")
def test_edits_and_deletions_reach_the_client_in_order(talk, provider):
    message = reply(talk, "Hi")
    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Hello", now=talk.now)
    delete_reply(message_id=reply(talk, "Oops").pk, operator=talk.cast.olga, now=talk.now)
    provider.then(Receipt(parts=("1", "2")))

    carry_all(talk)

    assert [name for name, _said in provider.calls] == ["send", "edit"], "a message deleted in time is never sent"
    assert provider.calls[1] == ("edit", ("1", "Hello"))
    delete_reply(message_id=message.pk, operator=talk.cast.olga, now=talk.now)
    carry_all(talk)
    assert provider.calls[-1] == ("delete", ("1", "2"))


def test_a_message_may_be_edited_again_while_its_edit_is_on_the_way(talk, provider):
    message = reply(talk, "Hi")
    carry(talk)
    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Hello", now=talk.now)
    (on_the_way,) = claim_due(limit=1, now=talk.later(seconds=1))

    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Good evening", now=talk.now)
    deliver(on_the_way)
    carry_all(talk)

    assert provider.calls[-1] == ("edit", (message_id_at_provider(message), "Good evening"))


def message_id_at_provider(message: Message) -> str:
    message.refresh_from_db()
    return message.external_id or ""


def test_an_edit_whose_fate_is_not_known_is_repeated(talk, provider):
    message = reply(talk, "Hi")
    carry(talk)
    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Hello", now=talk.now)
    provider.then(ConnectorError("timed out", kind="UNKNOWN"))

    carry(talk)
    carry(talk, later=60)

    assert [name for name, _said in provider.calls] == ["send", "edit", "edit"]
    assert state_of(message) == ("SENT", "")


def test_an_edit_that_is_refused_leaves_the_message_sent(talk, provider):
    message = reply(talk, "Hi")
    carry(talk)
    edit_reply(message_id=message.pk, operator=talk.cast.olga, text="Hello", now=talk.now)
    provider.then(ConnectorError("too old", kind="PERMANENT"))

    carry(talk)

    assert state_of(message) == ("SENT", "")


# Whispers


@pytest.mark.row("D5")
def test_a_whisper_can_not_be_queued(talk):
    whisper = reply(talk, "Careful", visibility=Message.Visibility.STAFF)
    assert not Delivery.objects.exists()

    with pytest.raises(ValueError, match="never leave"):
        queue_delivery(message_id=whisper.pk, action="SEND")


def test_a_file_is_sent_with_its_path(talk, provider):
    attachment = Attachment.objects.create(uploaded_by=talk.cast.olga, file="attachments/a", name="a.pdf", size=3)
    reply(talk, "", attachment_ids=[attachment.pk])

    carry(talk)

    (sent,) = provider.calls[0][1].attachments
    assert sent.path.endswith("attachments/a")


# The queue itself


def test_one_message_has_one_sending_at_a_time(talk):
    delivery = Delivery.objects.get(message=reply(talk, "Hi"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            message=delivery.message, chat=delivery.chat, channel=delivery.channel, due_at=talk.now, action="SEND"
        )


def test_channels_without_an_account_row_are_not_forgotten(talk, provider):
    reply(talk, "Hi")
    assert Account.objects.get().paused_until is None

    assert len(claim_due(limit=5, now=talk.later(seconds=1))) == 1


# What clients wrote in public


@pytest.mark.row("C18")
@pytest.mark.parametrize(("action", "call"), [("HIDE", "hide"), ("UNHIDE", "unhide"), ("DELETE", "delete")])
def test_a_clients_comment_is_acted_on_by_its_own_id(talk, provider, action, call):
    comment = talk.clients_message
    queue_delivery(message_id=comment.pk, action=action)

    carry(talk)

    assert provider.calls == [(call, (comment.external_id,))]
    assert Delivery.objects.get().state == "SENT"
    assert state_of(comment) == ("", "")


def test_hiding_whose_fate_is_not_known_is_repeated(talk, provider):
    queue_delivery(message_id=talk.clients_message.pk, action="HIDE")
    provider.then(ConnectorError("timed out", kind="UNKNOWN"))

    carry(talk)
    carry(talk, later=60)

    assert [name for name, _said in provider.calls] == ["hide", "hide"]


# Its cost


def test_a_delivery_costs_a_known_number_of_statements(talk, provider, commit):
    """However many there are; what is claimed at once is claimed by one of them."""
    reply(talk, "Hi")
    (delivery_id,) = claim_due(limit=1, now=talk.later(seconds=1))

    with CaptureQueriesContext(connection) as queries, commit():
        deliver(delivery_id)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 11, "\n".join(statements)
