"""WhatsApp's webhooks, translated. Pure; nothing here knows of the network."""

import json
from collections.abc import Callable
from typing import Any

from channels_connectors.http import Reply
from channels_connectors.meta.errors import refusal_of
from channels_connectors.meta.webhooks import Fields, elements, listed, mapping
from channels_connectors.moments import moment_of
from channels_connectors.whatsapp.content import content_of, text_of, words_of
from channels_connectors.whatsapp.errors import KINDS, PROVIDER
from channels_connectors.whatsapp.people import Known, recipient_of, reported_of, writer_of
from openlines.types import (
    Incoming,
    IncomingAlias,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReaction,
    IncomingReceipt,
    Subject,
)

STATES = {"sent": "SENT", "delivered": "DELIVERED", "read": "READ", "played": "READ", "failed": "FAILED"}
CHANGES = ("edit", "revoke", "reaction", "system", "request_welcome")


def incoming_from(payload: Any) -> list[Incoming]:
    """What one event says, see ``events.events_of``."""
    said: list[Incoming] = []
    for element in elements(payload):
        change = element.change
        for message in listed(change.get("messages") or []):
            said += _message(change, mapping(message))
        for status in listed(change.get("statuses") or []):
            said += _status(change, mapping(status))
        for echo in listed(change.get("message_echoes") or []):
            said += _echo(change, mapping(echo))
    return said


def _message(change: Fields, message: Fields) -> list[Incoming]:
    kind = text_of(message["type"])
    if kind == "system":
        return _system(change, message)
    writer = writer_of(change, message)
    if read := READERS.get(kind):
        return [item for item in [read(writer, message)] if item]
    item = _press(writer, message) or _words(writer, message)
    return [*writer.aliases, item]


def _words(writer: Known, message: Fields) -> IncomingMessage:
    context, content = mapping(message.get("context") or {}), content_of(message)
    is_forwarded = context.get("forwarded") is True or context.get("frequently_forwarded") is True
    details = content.pop("details", {}) | ({"is_forwarded": True} if is_forwarded else {})
    return IncomingMessage(
        chat_external_id=writer.id,
        external_id=_id(message),
        sender=writer.person,
        sent_at=moment_of(message.get("timestamp")),
        reply_to_external_id=text_of(context.get("id")),
        thread=writer.thread,
        subject=_advertisement(message),
        details=details,
        **content,
    )


def _advertisement(message: Fields) -> Subject | None:
    """The ad that brought them here."""
    ad = mapping(message.get("referral") or {})
    if not (external_id := text_of(ad.get("source_id"))):
        return None
    return Subject(
        kind="ad", external_id=external_id, title=text_of(ad.get("headline")), url=text_of(ad.get("source_url"))
    )


def _press(writer: Known, message: Fields) -> IncomingPress | None:
    pressed = _pressed(message)
    if pressed is None:
        return None
    payload, text = pressed
    return IncomingPress(
        chat_external_id=writer.id,
        external_id=_id(message),
        sender=writer.person,
        payload=payload,
        text=text,
        message_external_id=text_of(mapping(message.get("context") or {}).get("id")),
        thread=writer.thread,
    )


def _pressed(message: Fields) -> tuple[str, str] | None:
    """What a button below a message of ours carries, and what stands on it."""
    if message["type"] == "button":
        button = mapping(message["button"])
        return text_of(button.get("payload")) or text_of(button["text"]), text_of(button.get("text"))
    interactive = mapping(message.get("interactive") or {})
    kind = text_of(interactive.get("type"))
    if message["type"] != "interactive" or kind not in ("button_reply", "list_reply"):
        return None
    reply = mapping(interactive[kind])
    return text_of(reply["id"]), text_of(reply.get("title"))


def _edit(writer: Known, message: Fields) -> Incoming:
    edit = mapping(message["edit"])
    text = words_of(mapping(edit["message"]))
    return IncomingEdit(chat_external_id=writer.id, external_id=text_of(edit["original_message_id"]), text=text)


def _revoke(writer: Known, message: Fields) -> Incoming:
    original = text_of(mapping(message["revoke"])["original_message_id"])
    return IncomingDeletion(chat_external_id=writer.id, external_id=original)


def _reaction(writer: Known, message: Fields) -> Incoming:
    reaction = mapping(message["reaction"])
    return IncomingReaction(
        chat_external_id=writer.id,
        message_external_id=text_of(reaction["message_id"]),
        person_external_id=writer.id,
        emoji=text_of(reaction.get("emoji"))[:64],
    )


def _nothing(writer: Known, message: Fields) -> None:
    """Somebody opened the chat, and has said nothing yet."""


def _system(change: Fields, message: Fields) -> list[Incoming]:
    """Somebody has another number, or another id, from now on."""
    system = mapping(message["system"])
    old = text_of(system.get("customer")) or writer_of(change, message).id
    ids = [text_of(system.get(name)) for name in ("wa_id", "new_wa_id", "user_id")]
    new = dict.fromkeys(other for other in ids if other and other != old)
    return [IncomingAlias(person_external_id=old, alias=other) for other in new]


def _status(change: Fields, status: Fields) -> list[Incoming]:
    state = STATES.get(text_of(status["status"]))
    if state is None:
        return []
    known = reported_of(change, status)
    kind, words = _failure(status) if state == "FAILED" else ("", "")
    return [
        IncomingReceipt(
            state=state,
            chat_external_id=known.id if known.user_id or known.number else "",
            external_id=_id(status),
            client_key=text_of(status.get("biz_opaque_callback_data")),
            at=moment_of(status.get("timestamp")),
            error_kind=kind,
            error=words,
        )
    ]


def _failure(status: Fields) -> tuple[str, str]:
    """In the words that the same refusal has as an answer."""
    errors = listed(status.get("errors") or [])
    said = json.dumps({"error": mapping(errors[0]) if errors else {}}).encode()
    error = refusal_of(Reply(status=400, body=said), provider=PROVIDER, kinds=KINDS)
    return error.kind, str(error)


def _echo(change: Fields, echo: Fields) -> list[Incoming]:
    """What staff wrote in the phone's app. Edits and deletions there come, too, and change nothing here."""
    if text_of(echo["type"]) in CHANGES:
        return []
    recipient, content = recipient_of(change, echo), content_of(echo)
    place, card = content.pop("location", None), content.pop("contact", None)
    if place or card:
        # What has no room in an echo is told in words.
        lines = [f"{place['latitude']}, {place['longitude']}"] if place else [f"{card['name']} {card['phone']}"]
        content |= {"kind": "TEXT", "text": "\n".join([*lines, *filter(None, [content.get("text", "")])])}
    return [
        *recipient.aliases,
        IncomingEcho(
            chat_external_id=recipient.id,
            external_id=_id(echo),
            recipient=recipient.person,
            sent_at=moment_of(echo.get("timestamp")),
            reply_to_external_id=text_of(mapping(echo.get("context") or {}).get("id")),
            thread=recipient.thread,
            **content,
        ),
    ]


def _id(said: Fields) -> str:
    if not (external_id := text_of(said["id"])):
        raise ValueError("no id")
    return external_id


READERS: dict[str, Callable[[Known, Fields], Incoming | None]] = {
    "edit": _edit,
    "revoke": _revoke,
    "reaction": _reaction,
    "request_welcome": _nothing,
}
