"""Viber's callbacks, translated. Pure; nothing here knows of the network."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from channels_connectors.moments import moment_of_milliseconds
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReceipt,
    Person,
)

Fields = Mapping[str, Any]

# Beside messages, which always come.
EVENT_TYPES = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
RECEIPTS = {"delivered": "DELIVERED", "seen": "READ", "failed": "FAILED"}
LONGEST_TRACKING = 4000


def key_of(payload: Fields) -> str:
    """The token comes again with every repetition; receipts have the token of our message."""
    return f"{payload['event']}:{token_of(payload)}"


def token_of(payload: Fields) -> str:
    """A number above what floating point holds: never anything but whole digits."""
    token = payload["message_token"]
    if isinstance(token, bool) or not str(token).isdecimal():
        raise ValueError("no message token")
    return str(token)


def incoming_from(payload: Fields) -> list[Incoming]:
    """What a callback says to us; nothing for checks of the webhook and the like."""
    event = payload["event"]
    if event == "message":
        return [_message(payload)]
    if event in RECEIPTS:
        return [_receipt(payload)]
    if event in ("subscribed", "unsubscribed"):
        return [_reachability(payload)]
    if event == "conversation_started":
        return _started(payload)
    return []


def _message(payload: Fields) -> Incoming:
    said, sender = payload["message"], person_of(payload["sender"])
    tracked = read_tracking(said.get("tracking_data"))
    text = _text(said.get("text"))
    context = {"start_payload": tracked["start"]} if "start" in tracked else {}
    common: dict[str, Any] = {
        "chat_external_id": sender.external_id,
        "external_id": token_of(payload),
        "sender": sender,
        "context": context,
    }
    if said["type"] == "text" and text in tracked.get("buttons", {}):
        return IncomingPress(**common, payload=tracked["buttons"][text], text=text)
    kind = str(said["type"])
    read = READERS.get(kind)
    content = read(said) if read else {"kind": "UNSUPPORTED", "details": {"provider_kind": kind[:64]}}
    return IncomingMessage(
        **common, sent_at=moment_of_milliseconds(payload.get("timestamp")), **{"text": text, **content}
    )


def person_of(fields: Fields) -> Person:
    avatar = _text(fields.get("avatar"))
    return Person(
        external_id=_required(fields["id"]),
        first_name=_text(fields.get("name")),
        language=_text(fields.get("language")),
        photo_reference=avatar,
    )


def tracking_for(*, start: str = "", buttons: Mapping[str, str] | None = None) -> str:
    """What Viber gives back with the client's next message: a pressed button comes as the text on it, no more."""
    tracked = ({"start": start} if start else {}) | ({"buttons": dict(buttons)} if buttons else {})
    said = json.dumps(tracked, ensure_ascii=False) if tracked else ""
    return said if len(said) <= LONGEST_TRACKING else ""


def read_tracking(said: Any) -> dict[str, Any]:
    """It has been on the client's device: only what has the shape that we gave it counts."""
    try:
        tracked = json.loads(said) if isinstance(said, str) and len(said) <= LONGEST_TRACKING else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(tracked, dict):
        return {}
    start, buttons = tracked.get("start"), tracked.get("buttons")
    read: dict[str, Any] = {"start": start} if isinstance(start, str) else {}
    if isinstance(buttons, dict) and all(isinstance(payload, str) for payload in buttons.values()):
        read["buttons"] = buttons
    return read


def _receipt(payload: Fields) -> IncomingReceipt:
    state = RECEIPTS[payload["event"]]
    return IncomingReceipt(
        state=state,
        chat_external_id=_required(payload["user_id"]),
        external_id=token_of(payload),
        at=moment_of_milliseconds(payload.get("timestamp")),
        error_kind="PERMANENT" if state == "FAILED" else "",
        error=_text(payload.get("desc"))[:500] if state == "FAILED" else "",
    )


def _reachability(payload: Fields) -> IncomingReachability:
    is_reachable = payload["event"] == "subscribed"
    person = _required(payload["user"]["id"] if is_reachable else payload["user_id"])
    return IncomingReachability(chat_external_id=person, person_external_id=person, is_reachable=is_reachable)


def _started(payload: Fields) -> list[Incoming]:
    """Who only opened the chat can't be written to yet: what they came with is told by their first message, see
    ``welcome``. A subscriber who follows a link has come back with it at once."""
    start = _text(payload.get("context"))
    if not start or payload.get("subscribed") is not True:
        return []
    person = person_of(payload["user"])
    return [
        IncomingMessage(
            chat_external_id=person.external_id,
            external_id=token_of(payload),
            sender=person,
            text="/start",
            sent_at=moment_of_milliseconds(payload.get("timestamp")),
            context={"start_payload": start},
        )
    ]


def _nothing_more(said: Fields) -> dict[str, Any]:
    return {}


def _picture(said: Fields) -> dict[str, Any]:
    return _medium("IMAGE", said)


def _video(said: Fields) -> dict[str, Any]:
    return _medium("VIDEO", said)


def _file(said: Fields) -> dict[str, Any]:
    return _medium("FILE", said)


def _sticker(said: Fields) -> dict[str, Any]:
    """Viber gives the number of a sticker, and its picture to some bots only."""
    content = _medium("STICKER", said) if said.get("media") else {"kind": "STICKER"}
    return content | {"details": {"sticker": _whole(said["sticker_id"])}}


def _medium(kind: str, said: Fields) -> dict[str, Any]:
    attachment = IncomingAttachment(
        kind=kind,
        reference=_required(said["media"]),
        name=_text(said.get("file_name")),
        size=_whole(said.get("size", said.get("file_size"))),
        duration=_whole(said.get("duration")),
    )
    return {"kind": kind, "attachments": (attachment,)}


def _link(said: Fields) -> dict[str, Any]:
    link, text = _required(said["media"]), _text(said.get("text"))
    return {"text": text if link in text else f"{text}\n{link}".strip()}


def _location(said: Fields) -> dict[str, Any]:
    place = said["location"]
    latitude, longitude = _degrees(place["lat"], 90), _degrees(place["lon"], 180)
    title = _text(place.get("address")) or None
    return {"kind": "LOCATION", "location": {"latitude": latitude, "longitude": longitude, "title": title}}


def _degrees(value: Any, most: int) -> float:
    if not isinstance(value, int | float | str) or not -most <= (degrees := float(str(value)[:32])) <= most:
        raise ValueError("no place on earth")
    return degrees


def _contact(said: Fields) -> dict[str, Any]:
    contact = said["contact"]
    card = {"name": _text(contact.get("name")), "phone": _phone(_text(contact.get("phone_number")))}
    return {"kind": "CONTACT", "contact": card}


def _phone(number: str) -> str:
    return f"+{number}" if number.isdigit() and len(number) > 10 and not number.startswith("0") else number


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _required(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is missing")
    return value


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


READERS: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "text": _nothing_more,
    "picture": _picture,
    "video": _video,
    "file": _file,
    "sticker": _sticker,
    "url": _link,
    "location": _location,
    "contact": _contact,
}
