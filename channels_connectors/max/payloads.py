"""MAX's updates, translated. Pure; written after the platform's documentation (dev.max.ru, API 0.0.30)."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from channels_connectors.moments import moment_of_milliseconds
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingDeletion,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    Person,
)

Fields = Mapping[str, Any]

UPDATE_TYPES = (
    "message_created", "message_callback", "message_edited", "message_removed", "bot_started", "bot_stopped",
    "dialog_removed",
)  # fmt: skip
DIALOG = "dialog"
MEDIA = {"image": "IMAGE", "video": "VIDEO", "audio": "VOICE", "file": "FILE", "sticker": "STICKER"}
MIMES = {"IMAGE": "image/webp", "VIDEO": "video/mp4", "VOICE": "audio/ogg", "STICKER": "image/webp"}
PHONE = re.compile(r"^TEL[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
FULL_NAME = re.compile(r"^FN[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
LONGEST_REFERENCE = 512


def event_key(update: Fields) -> str:
    """Updates have no id of their own; what they are about has."""
    kind = update["update_type"]
    if kind == "message_created":
        return f"{kind}:{_body_of(update['message'])['mid']}"
    if kind == "message_callback":
        return f"{kind}:{update['callback']['callback_id']}"
    if kind == "message_edited":
        body = _body_of(update["message"])
        digest = sha256(f"{update['timestamp']}:{body.get('text')}".encode("utf-8", "replace")).hexdigest()[:16]
        return f"{kind}:{body['mid']}:{digest}"
    if kind == "message_removed":
        return f"{kind}:{update['message_id']}"
    return f"{kind}:{update.get('chat_id')}:{_user_id(update)}:{update['timestamp']}"


def _user_id(update: Fields) -> Any:
    return update.get("user", {}).get("user_id", update.get("user_id"))


def incoming_from(update: Fields) -> list[Incoming]:
    """What an update says to us: nothing, if it is not from a dialog or of a kind that we do not read."""
    read = READERS.get(update["update_type"])
    found = read(update) if read else None
    return [] if found is None else [found]


def _created(update: Fields) -> Incoming | None:
    message = update["message"]
    if not _is_dialog(message) or message["sender"].get("is_bot"):
        return None
    body, link = _body_of(message), message.get("link") or {}
    return _with_content(
        body,
        chat=_chat_of(message),
        sender=_person(message["sender"], update.get("user_locale")),
        sent_at=moment_of_milliseconds(message["timestamp"]),
        link=link,
    )


def _with_content(
    body: Fields, *, chat: str, sender: Person, sent_at: datetime | None, link: Fields
) -> IncomingMessage:
    parts = [part for part in body.get("attachments") or () if part.get("type") not in ("inline_keyboard", "share")]
    files = tuple(found for part in parts if (found := _file(part)) is not None)
    other = next((part for part in parts if part["type"] not in MEDIA), None)
    text = body.get("text") or ""
    content = _content(other) if other and not files else {}
    kind = files[0].kind if files else content.pop("kind", "TEXT")
    details = content.pop("details", {}) | _details(link, body)
    if kind == "CONTACT" and content.pop("owner", None) == sender.external_id:
        sender = _with_phone(sender, content["contact"]["phone"])
    content.pop("owner", None)
    return IncomingMessage(
        chat_external_id=chat, external_id=str(body["mid"]), sender=sender, kind=kind, text=text, sent_at=sent_at,
        reply_to_external_id=_replied_to(link), attachments=files, details=details, **content,
    )  # fmt: skip


def _body_of(message: Fields) -> Fields:
    """A forwarded message has its words only in what it links to."""
    body = message.get("body") or {}
    linked = (message.get("link") or {}).get("message") or {}
    is_forward = (message.get("link") or {}).get("type") == "forward"
    if is_forward and not body.get("text") and not body.get("attachments"):
        return {**linked, "mid": body.get("mid") or linked["mid"]}
    return body


def _details(link: Fields, body: Fields) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if link.get("type") == "forward":
        details["forwarded_from"] = str((link.get("sender") or {}).get("first_name") or "")
    transcriptions = [part.get("transcription") for part in body.get("attachments") or () if part.get("transcription")]
    if transcriptions:
        details["transcript"] = str(transcriptions[0])
    return details


def _replied_to(link: Fields) -> str:
    return str((link.get("message") or {}).get("mid") or "") if link.get("type") == "reply" else ""


def _file(part: Fields) -> IncomingAttachment | None:
    kind = MEDIA.get(part["type"])
    payload = part.get("payload") or {}
    reference = str(payload.get("url") or "")
    if kind is None or not reference or len(reference) > LONGEST_REFERENCE:
        return None
    return IncomingAttachment(
        kind=kind,
        reference=reference,
        name=str(part.get("filename") or ""),
        mime=MIMES.get(kind, ""),
        size=part.get("size"),
        width=part.get("width"),
        height=part.get("height"),
        duration=part.get("duration"),
    )


def _content(part: Fields) -> dict[str, Any]:
    if part["type"] == "location":
        place = {"latitude": float(part["latitude"]), "longitude": float(part["longitude"]), "title": None}
        return {"kind": "LOCATION", "location": place}
    if part["type"] == "contact":
        return _contact(part.get("payload") or {})
    return {"kind": "UNSUPPORTED", "details": {"provider_kind": str(part["type"])[:64]}}


def _contact(payload: Fields) -> dict[str, Any]:
    card, owner = str(payload.get("vcf_info") or ""), payload.get("max_info") or {}
    phone, name = PHONE.search(card), FULL_NAME.search(card)
    contact = {
        "name": name[1].strip() if name else str(owner.get("first_name") or ""),
        "phone": _international(phone[1].strip()) if phone else "",
    }
    return {"kind": "CONTACT", "contact": contact, "owner": str(owner.get("user_id") or "")}


def _international(number: str) -> str:
    # Cards carry the number without its plus.
    return f"+{number}" if number.isdigit() and len(number) > 10 and not number.startswith("0") else number


def _with_phone(person: Person, phone: str) -> Person:
    return Person(
        external_id=person.external_id, first_name=person.first_name, last_name=person.last_name,
        username=person.username, language=person.language, photo_reference=person.photo_reference, phone=phone,
    )  # fmt: skip


def _edited(update: Fields) -> Incoming | None:
    message = update["message"]
    if not _is_dialog(message) or (message.get("sender") or {}).get("is_bot"):
        return None
    body = _body_of(message)
    return IncomingEdit(
        chat_external_id=_chat_of(message), external_id=str(body["mid"]), text=str(body.get("text") or "")
    )


def _removed(update: Fields) -> Incoming:
    return IncomingDeletion(chat_external_id=str(update["chat_id"]), external_id=str(update["message_id"]))


def _pressed(update: Fields) -> Incoming:
    callback, message = update["callback"], update.get("message") or {}
    body = message.get("body") or {}
    payload = str(callback.get("payload") or "")
    chat = (message.get("recipient") or {}).get("chat_id")
    sender = _person(callback["user"], update.get("user_locale"))
    return IncomingPress(
        chat_external_id=str(chat or f"user:{sender.external_id}"),
        external_id=f"callback:{callback['callback_id']}",
        sender=sender,
        payload=payload,
        text=_label(body, payload),
        message_external_id=str(body.get("mid") or ""),
        context={"callback_id": str(callback["callback_id"]), "needs_acknowledgement": True},
    )


def _label(body: Fields, payload: str) -> str:
    """The words on the button, if the message that carries it is at hand."""
    keyboards = [part for part in body.get("attachments") or () if part.get("type") == "inline_keyboard"]
    rows = [row for keyboard in keyboards for row in (keyboard.get("payload") or {}).get("buttons", ())]
    return next((str(button["text"]) for row in rows for button in row if button.get("payload") == payload), payload)


def _started(update: Fields) -> Incoming:
    """The client pressed Start: they say nothing yet, and can be written to from now on."""
    payload = str(update.get("payload") or "")
    return IncomingMessage(
        chat_external_id=str(update["chat_id"]),
        external_id=f"start:{update['timestamp']}",
        sender=_person(update["user"], update.get("user_locale")),
        text="/start",
        sent_at=moment_of_milliseconds(update["timestamp"]),
        context={"start_payload": payload} if payload else {},
        details={"start_payload": payload} if payload else {},
    )


def _stopped(update: Fields) -> Incoming:
    return IncomingReachability(
        chat_external_id=str(update["chat_id"]), person_external_id=str(_user_id(update) or ""), is_reachable=False
    )


READERS = {
    "message_created": _created,
    "message_edited": _edited,
    "message_removed": _removed,
    "message_callback": _pressed,
    "bot_started": _started,
    "bot_stopped": _stopped,
    "dialog_removed": _stopped,
}


def _is_dialog(message: Fields) -> bool:
    return bool(message["recipient"].get("chat_type", DIALOG) == DIALOG)


def _chat_of(message: Fields) -> str:
    return str(message["recipient"]["chat_id"])


def _person(user: Fields, locale: Any) -> Person:
    return Person(
        external_id=str(user["user_id"]),
        first_name=str(user.get("first_name") or user.get("name") or ""),
        last_name=str(user.get("last_name") or ""),
        username=str(user.get("username") or ""),
        language=str(locale or "")[:16],
        photo_reference=str(user.get("full_avatar_url") or user.get("avatar_url") or "")[:LONGEST_REFERENCE],
    )
