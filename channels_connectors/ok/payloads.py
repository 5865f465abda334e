"""Events of Odnoklassniki's Bot API, translated. Pure; written after apiok.ru's documentation."""

from collections.abc import Mapping
from typing import Any

from channels_connectors.moments import moment_of_milliseconds
from openlines.types import Incoming, IncomingAttachment, IncomingMessage, IncomingPress, Person

Fields = Mapping[str, Any]

MESSAGE, CALLBACK = "MESSAGE_CREATED", "MESSAGE_CALLBACK"
EVENT_TYPES = (MESSAGE, CALLBACK)
MEDIA = {"IMAGE": "IMAGE", "VIDEO": "VIDEO", "AUDIO": "VOICE", "FILE": "FILE", "STICKER": "STICKER", "MUSIC": "AUDIO"}
MIMES = {"IMAGE": "image/jpeg", "VIDEO": "video/mp4", "VOICE": "audio/ogg", "STICKER": "image/png"}
LONGEST_REFERENCE = 512


def event_key(event: Fields) -> str:
    """The message's own id; a press has one of its own."""
    if event["webhookType"] == CALLBACK:
        return f"callback:{event['callbackId']}"
    return str(event["message"]["mid"])


def incoming_from(event: Fields) -> list[Incoming]:
    """What an event says to us: nothing, if it is of a kind that we do not read."""
    if event["webhookType"] == MESSAGE:
        return [_message(event)]
    if event["webhookType"] == CALLBACK:
        return [_press(event)]
    return []


def _message(event: Fields) -> Incoming:
    message = event["message"]
    parts = [part for part in message.get("attachments") or () if part["type"] not in ("SHARE", "INLINE_KEYBOARD")]
    files = tuple(found for part in parts if (found := _file(part)) is not None)
    other = next((part for part in parts if part["type"] not in MEDIA), None)
    text = str(message.get("text") or "")
    content = _content(other) if other and not files else {}
    kind = files[0].kind if files else content.pop("kind", "TEXT")
    if not text and not parts:
        kind, content = "UNSUPPORTED", {"details": {"provider_kind": "message"}}
    return IncomingMessage(
        chat_external_id=str(event["recipient"]["chat_id"]),
        external_id=str(message["mid"]),
        sender=_person(event["sender"]),
        kind=kind,
        text=text,
        sent_at=moment_of_milliseconds(event["timestamp"]),
        reply_to_external_id=str(message.get("reply_to") or ""),
        attachments=files,
        **content,
    )


def _file(part: Fields) -> IncomingAttachment | None:
    payload = part.get("payload") or {}
    kind, reference = MEDIA.get(part["type"]), str(payload.get("url") or "")
    if kind is None or not reference or len(reference) > LONGEST_REFERENCE:
        return None
    name = str(payload.get("name") or payload.get("fileName") or "")
    return IncomingAttachment(kind=kind, reference=reference, name=name, mime=MIMES.get(kind, ""))


def _content(part: Fields) -> dict[str, Any]:
    payload = part.get("payload") or {}
    if part["type"] == "LOCATION":
        place = {"latitude": float(payload["latitude"]), "longitude": float(payload["longitude"]), "title": None}
        return {"kind": "LOCATION", "location": place}
    if part["type"] == "CONTACT":
        name, phone = str(payload.get("name") or ""), str(payload.get("phone") or "")
        return {"kind": "CONTACT", "contact": {"name": name, "phone": phone}}
    return {"kind": "UNSUPPORTED", "details": {"provider_kind": str(part["type"])[:64]}}


def _press(event: Fields) -> Incoming:
    return IncomingPress(
        chat_external_id=str(event["recipient"]["chat_id"]),
        external_id=f"callback:{event['callbackId']}",
        sender=_person(event["sender"]),
        payload=str(event.get("payload") or ""),
        message_external_id=str(event.get("mid") or ""),
        context={"callback_id": str(event["callbackId"]), "needs_acknowledgement": True},
    )


def _person(sender: Fields) -> Person:
    return Person(external_id=str(sender["user_id"]), first_name=str(sender.get("name") or ""))
