"""Raw events in, stored messages out: nothing lost, nothing twice, in order."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import (
    BATCH,
    GIVE_UP_AFTER,
    channels_with_waiting_events,
    keep_event,
    process_channel,
    process_everything,
)
from channels_connectors.models import RawEvent
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.channels import set_channel_state
from channels_connectors.tasks import sweep_inbox
from openlines.models import Channel, Dialog, Message
from openlines.types import IncomingAttachment, IncomingDeletion, IncomingEdit, IncomingMessage, Person
from tests.factories import make_channel, make_line
from tests.providers.scripted import Scripted
from tests.scenes import Scene

pytestmark = pytest.mark.row("C3")


def event(number: int, text: str = "Hello", chat: str = "anna", **fields: Any) -> bytes:
    return json.dumps(
        {"chat": chat, "id": f"{chat}-{number}", "sender": {"name": chat.title()}, "text": text} | fields
    ).encode()


def keep(scene: Scene, number: int, body: bytes | None = None, **fields: Any) -> bool:
    return keep_event(
        channel_id=scene.channel.pk, key=f"k{number}", body=body or event(number, f"Text {number}", **fields)
    )


def texts() -> list[str]:
    return list(Message.objects.filter(author_kind="CLIENT").order_by("pk").values_list("text", flat=True))


def states() -> list[str]:
    return list(RawEvent.objects.order_by("pk").values_list("state", flat=True))


def later(scene: Scene, **how: float):
    return scene.later(**(how or {"minutes": 1}))


def test_an_event_is_kept_once(scene):
    assert [keep(scene, 1), keep(scene, 1)] == [True, False]

    process_everything(now=later(scene))

    assert texts() == ["Text 1"]


def test_the_same_message_in_two_events_is_stored_once(scene):
    keep(scene, 1, event(7, "Hello"))
    keep(scene, 2, event(7, "Hello"))

    process_everything(now=later(scene))

    assert texts() == ["Hello"]


def test_a_batch_is_stored_in_the_order_it_came(scene):
    for number in range(BATCH + 6):
        keep(scene, number, chat=["anna", "boris"][number % 2])

    assert process_channel(channel_id=scene.channel.pk, now=later(scene)) == BATCH
    assert process_channel(channel_id=scene.channel.pk, now=later(scene)) == 6

    assert texts() == [f"Text {number}" for number in range(BATCH + 6)]
    for dialog in Dialog.objects.all():
        seqs = list(dialog.messages.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, dialog.last_seq + 1))


def test_a_poisoned_event_delays_only_itself(scene, caplog):
    keep(scene, 1)
    keep(scene, 2, b'{"no": "chat"}')
    keep(scene, 3)

    process_everything(now=later(scene))

    assert texts() == ["Text 1", "Text 3"]
    assert states() == ["DONE", "NEW", "DONE"]
    poisoned = RawEvent.objects.get(key="k2")
    assert (poisoned.attempts, poisoned.error) == (1, "KeyError: 'sender'")
    assert poisoned.due_at == later(scene) + timedelta(seconds=2)
    assert channels_with_waiting_events(now=later(scene)) == []


def test_a_poisoned_event_is_tried_again_and_gets_through_once_it_can_be_understood(scene, caplog):
    keep(scene, 1, b'{"no": "chat"}')
    process_everything(now=later(scene))
    RawEvent.objects.update(body=event(1, "Mended"))

    assert process_everything(now=later(scene)) == 0
    assert process_everything(now=later(scene, hours=1)) == 1

    assert texts() == ["Mended"]
    assert RawEvent.objects.get().error == ""


def test_after_three_days_a_poisoned_event_stays_visible_and_is_left_alone(scene, caplog):
    keep(scene, 1, b"{}")
    process_everything(now=scene.now + GIVE_UP_AFTER + timedelta(hours=1))

    assert states() == ["FAILED"]
    assert process_everything(now=scene.now + 2 * GIVE_UP_AFTER) == 0


def test_a_failed_event_can_be_replayed(scene, caplog):
    keep(scene, 1, b"{}")
    process_everything(now=scene.now + GIVE_UP_AFTER + timedelta(hours=1))

    RawEvent.objects.update(state="NEW", body=event(1, "Replayed"), attempts=0)
    process_everything(now=scene.now + 2 * GIVE_UP_AFTER)

    assert texts() == ["Replayed"]


def test_a_batch_that_fails_leaves_nothing_half_done(scene, monkeypatch, caplog):
    keep(scene, 1)
    keep(scene, 2)
    monkeypatch.setattr("channels_connectors.inbox._mark_done", lambda events: 1 / 0)

    process_everything(now=later(scene))

    assert texts() == []
    assert states() == ["NEW", "NEW"]


@pytest.mark.row("C17")
def test_a_paused_channel_keeps_its_events_until_it_goes_on(scene):
    set_channel_state(administrator=scene.cast.alla, channel=scene.channel, state=Channel.State.PAUSED)
    keep(scene, 1)

    assert process_everything(now=later(scene)) == 0
    set_channel_state(administrator=scene.cast.alla, channel=scene.channel, state=Channel.State.CONNECTED)
    process_everything(now=later(scene))

    assert texts() == ["Text 1"]


def test_what_came_before_a_channel_was_disconnected_is_not_lost(scene):
    keep(scene, 1)
    set_channel_state(administrator=scene.cast.alla, channel=scene.channel, state=Channel.State.DISCONNECTED)

    process_everything(now=later(scene))

    assert texts() == ["Text 1"]


def test_channels_do_not_mix(scene):
    other = make_channel(scene.cast, make_line(scene.cast, name="Other"))
    keep(scene, 1, event(1, "To Sales"))
    keep_event(channel_id=other.pk, key="k1", body=event(1, "To Other"))

    process_everything(now=later(scene))

    lines = dict(Message.objects.filter(author_kind="CLIENT").values_list("text", "dialog__line__name"))
    assert lines == {"To Sales": "Sales", "To Other": "Other"}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a\0b", "ab"),
        ("\ud800 alone", "? alone"),
        ("😀 \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "😀 😀"),
        ("ё" * 20_000, "ё" * 20_000),
    ],
    ids=["NUL", "half a pair", "emoji", "long"],
)
def test_any_text_a_client_can_send_is_stored(scene, sent, stored):
    keep(scene, 1, event(1, sent, sender={"name": sent[:300]}))

    process_everything(now=later(scene))

    assert texts() == [stored]


def test_a_text_that_is_not_proper_utf_8_is_stored(scene):
    keep(scene, 1, event(1, "half: X").replace(b"X", b"\xed\xa0\x80"))

    process_everything(now=later(scene))

    assert texts() == ["half: ?"]


@pytest.mark.parametrize(
    "attachment",
    [
        {"name": "n" * 400, "mime": "m" * 200},
        {"size": -5, "duration": -1, "width": -1, "height": -1},
        {"size": 2**40, "duration": 2**40, "width": 2**40},
    ],
    ids=["long names", "negative", "huge"],
)
def test_whatever_is_said_of_a_medium_its_message_is_stored(scene, provider, monkeypatch, attachment):
    said = IncomingAttachment(kind="FILE", reference="r", **attachment)
    sender = Person(external_id="anna", username="u" * 300, language="x" * 50)
    message = IncomingMessage(
        chat_external_id="anna", external_id="1", sender=sender, text="With a file", attachments=(said,)
    )
    monkeypatch.setattr(Scripted, "parse", lambda *_, **__: [message])
    keep(scene, 1)

    process_everything(now=later(scene))

    assert texts() == ["With a file"]


def test_an_edit_in_the_same_batch_as_its_message_is_applied(scene, provider, monkeypatch):
    parse = Scripted.parse

    def with_changes(self, payload, *, account):
        if "edit" in payload:
            return [IncomingEdit(chat_external_id="anna", external_id=payload["edit"], text=payload["text"])]
        if "delete" in payload:
            return [IncomingDeletion(chat_external_id="anna", external_id=payload["delete"])]
        return parse(self, payload, account=account)

    monkeypatch.setattr(Scripted, "parse", with_changes)
    keep(scene, 1)
    keep(scene, 2)
    keep(scene, 3, b'{"edit": "anna-1", "text": "Edited"}')
    keep(scene, 4, b'{"delete": "anna-2"}')
    keep(scene, 5)
    keep(scene, 6, b'{"edit": "unknown", "text": "Nobody knows"}')

    process_everything(now=later(scene))

    assert states() == ["DONE"] * 6
    assert texts() == ["Edited", "Text 2", "Text 5"]
    assert Message.objects.get(text="Text 2").deleted_at is not None


def test_the_sweep_is_a_net_under_the_loop(scene):
    keep(scene, 1)

    sweep_inbox()

    assert texts() == ["Text 1"]


def test_a_channel_knows_when_it_last_heard_something(scene):
    keep(scene, 1)

    process_everything(now=later(scene))

    assert Channel.objects.get().last_event_at == later(scene)


def test_a_refusal_of_the_provider_is_no_reason_to_lose_events(scene, provider, monkeypatch, caplog):
    monkeypatch.setattr(Scripted, "parse", lambda *_, **__: (_ for _ in ()).throw(ConnectorError("odd")))
    keep(scene, 1)

    process_everything(now=later(scene))

    assert states() == ["NEW"]


@dataclass
class Asking(Scripted):
    """Its events name a message; what it says has to be asked for."""

    def complete(self, payload: Any, *, account: Account) -> Any:
        outcome = self._next("complete", payload["id"])
        return payload | {"text": "As the provider has it"} if outcome is None else outcome


@pytest.fixture
def asking(monkeypatch) -> Asking:
    provider = Asking()
    monkeypatch.setitem(CONNECTORS, "sandbox", provider)
    return provider


@pytest.mark.row("C15")
def test_what_an_event_can_not_prove_is_asked_for_before_it_is_read(scene, asking):
    keep(scene, 1)
    keep(scene, 2)

    process_everything(now=later(scene))

    assert texts() == ["As the provider has it"] * 2
    assert states() == ["DONE", "DONE"]
    assert asking.calls == [("complete", "anna-1"), ("complete", "anna-2")]
    assert bytes(RawEvent.objects.get(key="k1").body) == event(1, "Text 1")


@pytest.mark.row("C15")
def test_an_event_whose_provider_is_silent_is_asked_about_again_later(scene, asking):
    keep(scene, 1)
    asking.then(ConnectorError("Silent."))

    process_everything(now=later(scene))
    assert states() == ["NEW"]
    assert RawEvent.objects.get().error == "ConnectorError: Silent."

    process_everything(now=later(scene, hours=1))
    assert texts() == ["As the provider has it"]


@pytest.mark.row("C15")
def test_events_that_have_to_be_asked_about_hold_up_no_others(scene, asking):
    keep(scene, 1)

    assert process_everything(now=later(scene), asking=False) == 0
    assert process_everything(now=later(scene), asking=True) == 1
