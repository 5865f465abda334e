"""Events of partners, translated: the normalised model as JSON. ``api/serializers.py`` says what each may hold."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingClosing,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    IncomingReceipt,
    IncomingTyping,
    Person,
    Subject,
)

Fields = Mapping[str, Any]
STATES = {"sent": "SENT", "delivered": "DELIVERED", "read": "READ", "failed": "FAILED"}
KINDS = {"text", "image", "file", "audio", "video", "voice", "sticker", "location", "contact"}


def event_key(event: Fields) -> str:
    """The partner's own id of the event, else what makes it one of its kind."""
    if event.get("event_id"):
        return f"id:{event['event_id']}"
    named = [event["type"], event.get("chat_id", ""), event.get("message_id", ""), event.get("press_id", "")]
    if event["type"] not in ONCE:
        content = repr(sorted((name, repr(value)) for name, value in event.items()))
        named.append(sha256(content.encode("utf-8", "replace")).hexdigest()[:16])
    return ":".join(str(part) for part in named)


def incoming_from(event: Fields) -> list[Incoming]:
    read = READERS.get(event["type"])
    return [] if read is None else [read(event)]


def _created(event: Fields) -> Incoming:
    attachments = tuple(_attachment(item) for item in event.get("attachments") or ())
    location, contact = event.get("location"), event.get("contact")
    kind = "LOCATION" if location else "CONTACT" if contact else attachments[0].kind if attachments else "TEXT"
    text = str(event.get("text") or "")
    details = {name: event[name] for name in ("forwarded_from", "quoted_text") if event.get(name)}
    if kind == "TEXT" and not text:
        kind, details = "UNSUPPORTED", details | {"provider_kind": str(event.get("kind") or "")[:64]}
    return IncomingMessage(
        chat_external_id=str(event["chat_id"]), external_id=str(event["message_id"]), sender=_person(event["sender"]),
        kind=kind, text=text, sent_at=_moment(event.get("sent_at")), attachments=attachments,
        reply_to_external_id=str(event.get("reply_to") or ""),
        location=location and _place(location), contact=contact and _card(contact),
        subject=_subject(event.get("subject")), details=details, is_automatic=bool(event.get("is_automatic")),
    )  # fmt: skip


def _echoed(event: Fields) -> Incoming:
    """What the partner's own people wrote to the client."""
    return IncomingEcho(
        chat_external_id=str(event["chat_id"]), external_id=str(event["message_id"]),
        recipient=_person(event["recipient"]), author_name=str(event.get("author_name") or ""),
        text=str(event.get("text") or ""), sent_at=_moment(event.get("sent_at")),
    )  # fmt: skip


def _attachment(item: Fields) -> IncomingAttachment:
    stored = UUID(str(item["file_id"])) if item.get("file_id") else None
    return IncomingAttachment(
        kind=str(item["kind"]).upper(), reference=str(item.get("url") or item["file_id"]), stored_id=stored,
        name=str(item.get("name") or ""), mime=str(item.get("mime") or ""), size=item.get("size"),
        duration=item.get("duration"),
    )  # fmt: skip


def _person(sender: Fields) -> Person:
    return Person(
        external_id=str(sender["id"]),
        first_name=str(sender.get("first_name") or ""),
        last_name=str(sender.get("last_name") or ""),
        username=str(sender.get("username") or ""),
        language=str(sender.get("language") or "")[:16],
        phone=str(sender.get("phone") or ""),
        email=str(sender.get("email") or ""),
        photo_reference=str(sender.get("photo_url") or ""),
    )


def _place(location: Fields) -> dict[str, Any]:
    title = location.get("title")
    return {
        "latitude": float(location["latitude"]), "longitude": float(location["longitude"]),
        "title": str(title) if title else None,
    }  # fmt: skip


def _card(contact: Fields) -> dict[str, Any]:
    return {"name": str(contact.get("name") or ""), "phone": str(contact.get("phone") or "")}


def _subject(subject: Fields | None) -> Subject | None:
    if not subject:
        return None
    texts = {name: str(subject.get(name) or "") for name in ("title", "url", "image", "price")}
    return Subject(kind=str(subject.get("kind") or "post"), external_id=str(subject["id"]), **texts)


def _moment(value: Any) -> datetime | None:
    """Raises ``ValueError`` for a moment without a zone: nobody could tell when it was."""
    if not value:
        return None
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _edited(event: Fields) -> Incoming:
    return IncomingEdit(
        chat_external_id=str(event["chat_id"]), external_id=str(event["message_id"]), text=str(event["text"])
    )


def _deleted(event: Fields) -> Incoming:
    return IncomingDeletion(chat_external_id=str(event["chat_id"]), external_id=str(event["message_id"]))


def _status(event: Fields) -> Incoming:
    """Of a message of ours, by the id that the partner gave it or by the one that we did."""
    return IncomingReceipt(
        state=STATES[event["state"]],
        chat_external_id=str(event.get("chat_id") or ""),
        external_id=str(event.get("message_id") or ""),
        client_key=str(event.get("id") or ""),
        at=_moment(event.get("at")),
        error_kind="BLOCKED" if event.get("is_blocked") else "PERMANENT" if event["state"] == "failed" else "",
        error=str(event.get("error") or ""),
    )


def _read(event: Fields) -> Incoming:
    return IncomingReceipt(state="READ", chat_external_id=str(event["chat_id"]), up_to=_moment(event["up_to"]))


def _typing(event: Fields) -> Incoming:
    return IncomingTyping(chat_external_id=str(event["chat_id"]))


def _reaction(event: Fields) -> Incoming:
    return IncomingReaction(
        chat_external_id=str(event["chat_id"]), message_external_id=str(event["message_id"]),
        person_external_id=str(event["sender_id"]), emoji=str(event.get("emoji") or ""),
    )  # fmt: skip


def _pressed(event: Fields) -> Incoming:
    return IncomingPress(
        chat_external_id=str(event["chat_id"]), external_id=f"press:{event['press_id']}",
        sender=_person(event["sender"]), payload=str(event["payload"]), text=str(event.get("text") or ""),
        message_external_id=str(event.get("message_id") or ""),
    )  # fmt: skip


def _reachability(event: Fields) -> Incoming:
    return IncomingReachability(
        chat_external_id=str(event["chat_id"]), person_external_id=str(event.get("sender_id") or ""),
        is_reachable=event["type"] == "client.unblocked",
    )  # fmt: skip


def _closed(event: Fields) -> Incoming:
    return IncomingClosing(chat_external_id=str(event["chat_id"]))


READERS: dict[str, Callable[[Fields], Incoming]] = {
    "message.created": _created,
    "message.echoed": _echoed,
    "message.edited": _edited,
    "message.deleted": _deleted,
    "message.status": _status,
    "chat.read": _read,
    "chat.closed": _closed,
    "client.typing": _typing,
    "client.reacted": _reaction,
    "client.blocked": _reachability,
    "client.unblocked": _reachability,
    "button.pressed": _pressed,
}
# These happen once for what they name; the others may happen again and differ by what they say.
ONCE = frozenset({"message.created", "message.echoed", "message.deleted", "button.pressed"})
