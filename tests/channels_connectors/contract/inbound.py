"""The cells of what clients send: each says what any connector must make of it."""

import json

import pytest

from channels_connectors.connector import WEBHOOK, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from openlines.types import (
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    IncomingReceipt,
    IncomingTyping,
)
from tests.channels_connectors.contract.trying import Trial, texts_of

# What a connector may raise for bytes that are none of its provider's: the webhook answers 400, the inbox retries.
REFUSALS = (ValueError, LookupError, TypeError, AttributeError)
NONSENSE = (
    b"", b"null", b"[]", b"{}", b"42", b'"text"', b"{", b"\xff\xfe", b"[[[[]]]]", b'{"object": null}', b"[null]",
    b'{"entry": [{"messaging": [null]}]}', b'{"message": "text"}', b'{"type": 5, "object": []}', b"%PDF-1.4",
)  # fmt: skip


def text(trial: Trial) -> None:
    message = trial.message(trial.driver.text("Where is my sofa? 🛋️"))

    assert (message.kind, message.text) == ("TEXT", "Where is my sofa? 🛋️")
    assert message.chat_external_id == trial.driver.chat
    assert message.external_id
    assert message.sender.external_id
    assert message.sent_at is None or message.sent_at.tzinfo is not None
    assert dict(message.thread) == dict(trial.driver.thread)


def _medium(trial: Trial, kind: str) -> None:
    message = trial.message(trial.driver.medium(kind))

    (attachment,) = message.attachments
    assert attachment.kind == message.kind == kind
    assert attachment.reference


def image(trial: Trial) -> None:
    _medium(trial, "IMAGE")


def file(trial: Trial) -> None:
    _medium(trial, "FILE")


def voice(trial: Trial) -> None:
    _medium(trial, "VOICE")


def audio(trial: Trial) -> None:
    _medium(trial, "AUDIO")


def video(trial: Trial) -> None:
    _medium(trial, "VIDEO")


def sticker(trial: Trial) -> None:
    _medium(trial, "STICKER")


def location(trial: Trial) -> None:
    message = trial.message(trial.driver.location())

    assert message.kind == "LOCATION"
    assert message.location
    assert (round(message.location["latitude"], 2), round(message.location["longitude"], 2)) == (55.75, 37.61)


def contact(trial: Trial) -> None:
    message = trial.message(trial.driver.contact())

    assert message.kind == "CONTACT"
    assert message.contact
    assert message.contact["phone"] == "+79161234567"


def reply(trial: Trial) -> None:
    first = trial.message(trial.driver.text("One", number=1))
    answer = trial.message(trial.driver.reply("Two", to=first.external_id, number=2))

    assert (answer.text, answer.reply_to_external_id) == ("Two", first.external_id)


def album(trial: Trial) -> None:
    items = [item for payload in trial.driver.album() for item in trial.incoming(payload)]
    messages = [item for item in items if isinstance(item, IncomingMessage)]

    assert sum(len(message.attachments) for message in messages) == 2
    if len(messages) > 1:
        albums = {message.details.get("album") for message in messages}
        assert len(albums) == 1
        assert None not in albums


def edit_in(trial: Trial) -> None:
    first = trial.message(trial.driver.text("Helo"))
    edit = trial.one(IncomingEdit, trial.driver.edit_in("Hello"))

    assert (edit.external_id, edit.chat_external_id, edit.text) == (first.external_id, first.chat_external_id, "Hello")


def delete_in(trial: Trial) -> None:
    first = trial.message(trial.driver.text("A mistake"))
    deletion = trial.one(IncomingDeletion, trial.driver.delete_in())

    assert (deletion.external_id, deletion.chat_external_id) == (first.external_id, first.chat_external_id)


def press(trial: Trial) -> None:
    pressed = trial.one(IncomingPress, trial.driver.press("rating:1:2", "Two"))

    assert (pressed.payload, pressed.chat_external_id) == ("rating:1:2", trial.driver.chat)
    assert pressed.text in ("Two", "")


def blocked_in(trial: Trial) -> None:
    report = trial.one(IncomingReachability, trial.driver.blocked_in(is_reachable=False))

    assert (report.is_reachable, report.chat_external_id) == (False, trial.driver.chat)


def unblocked_in(trial: Trial) -> None:
    report = trial.one(IncomingReachability, trial.driver.blocked_in(is_reachable=True))

    assert (report.is_reachable, report.chat_external_id) == (True, trial.driver.chat)


def typing_in(trial: Trial) -> None:
    assert trial.one(IncomingTyping, trial.driver.typing_in()).chat_external_id == trial.driver.chat


def reaction(trial: Trial) -> None:
    first = trial.message(trial.driver.text("Hello"))
    found = trial.one(IncomingReaction, trial.driver.reaction("👍", to=first.external_id))

    assert (found.message_external_id, found.emoji) == (first.external_id, "👍")


def echo(trial: Trial) -> None:
    found = trial.one(IncomingEcho, trial.driver.echo("Good morning, Anna!"))

    assert found.text == "Good morning, Anna!"
    assert found.chat_external_id.endswith(trial.driver.chat)
    assert found.external_id
    assert found.recipient.external_id == trial.message(trial.driver.text("Hello")).sender.external_id


def receipts(trial: Trial) -> None:
    sent = trial.send("Good morning!")
    states = {"delivered": ["DELIVERED"], "read": ["READ"]}.get(trial.connector.capabilities.receipts, [])
    for state in states:
        receipt = trial.one(IncomingReceipt, trial.driver.receipt(state, of=sent.external_ids[0]))
        assert receipt.state == state
        assert receipt.up_to is not None or sent.external_ids[0] == receipt.external_id or receipt.client_key


def unknown(trial: Trial) -> None:
    message = trial.message(trial.driver.unknown())

    assert (message.kind, message.chat_external_id) == ("UNSUPPORTED", trial.driver.chat)


def duplicate(trial: Trial) -> None:
    once, again = (trial.events(trial.driver.text("Hello", number=1))[0] for _ in range(2))
    other = trial.events(trial.driver.text("Hello", number=2))[0]

    assert once.key == again.key != other.key
    assert 0 < len(once.key) <= 255


def disorder(trial: Trial) -> None:
    """What comes in another order still says the same, and names its moment."""
    second = trial.message(trial.driver.text("Two", number=2))
    first = trial.message(trial.driver.text("One", number=1))

    assert first.external_id != second.external_id
    assert (first.text, second.text) == ("One", "Two")
    if first.sent_at and second.sent_at:
        assert first.sent_at <= second.sent_at


def batch(trial: Trial) -> None:
    events = trial.events(trial.driver.text("One", number=1), trial.driver.text("Two", number=2))

    assert len({event.key for event in events}) == len(events) == 2
    assert texts_of([item for event in events for item in trial.parsed(event.body)]) == ["One", "Two"]
    # Each on its own is what it is in the batch: what comes again alone is known.
    assert events[1].key == trial.events(trial.driver.text("Two", number=2))[0].key


def malformed(trial: Trial) -> None:
    genuine = trial.driver.request(trial.driver.text("Hello"))
    bodies = [*NONSENSE, *trial.driver.malformed(), genuine.body[: len(genuine.body) // 2], b"[" * 2000]
    for body in bodies:
        _read_quietly(trial, WebhookRequest(body=body, headers=genuine.headers, query=genuine.query))
    for payload in trial.driver.of_no_interest():
        assert trial.incoming(payload) == []


def _read_quietly(trial: Trial, request: WebhookRequest) -> None:
    """Nothing but a refusal, whatever the bytes are."""
    bodies = [request.body]
    if WEBHOOK in trial.connector.inbound:
        try:
            bodies = [event.body for event in trial.connector.events(request, trial.driver.account)]
        except (*REFUSALS, RecursionError):
            bodies = [request.body]
    for body in bodies:
        try:
            trial.parsed(body)
        except (*REFUSALS, RecursionError):
            continue


def forged(trial: Trial) -> None:
    for request in trial.driver.forged(trial.driver.text("Hello")):
        with pytest.raises(SignatureMismatch):
            trial.connector.verify(request, trial.driver.account)
    genuine = trial.driver.request(trial.driver.text("Hello"))
    trial.connector.verify(genuine, trial.driver.account)


def reading_decides_nothing(trial: Trial) -> None:
    (event,) = trial.events(trial.driver.text("Hello"))
    once, twice = (trial.parsed(event.body) for _ in range(2))

    assert once == twice
    assert json.dumps([repr(item) for item in once])
