"""VKontakte's events about messages, translated. Pure; nothing here knows of the network."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_connectors.vk.content import Content, Fields, content_of, first_kind, number_of, plain
from channels_connectors.vk.keys import client_key_of
from openlines.types import (
    Incoming,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    IncomingReceipt,
    IncomingTyping,
    Person,
)

# Peers from here on are chats of several people; a community is asked about them by nobody.
FIRST_GROUP_CHAT = 2_000_000_000
LATEST_DATE = 2**32
# What the numbers of reactions stand for.
REACTIONS = dict(enumerate("❤🔥😂👍💩❓😭😡👎👌😃🤔🙏😘😍🎉", start=1))
OTHER_REACTION = "❔"


def incoming_from(event: Fields) -> list[Incoming]:
    """What an event says to us: nothing, if it is from a chat of several people or of a kind that we do not read."""
    read = READERS.get(event["type"])
    incoming = None if read is None else read(event["object"], number_of(event["group_id"]))
    return [] if incoming is None else [incoming]


def _message(value: Fields, group_id: int) -> Incoming | None:
    message = value.get("message", value)
    peer, author = number_of(message["peer_id"]), number_of(message["from_id"])
    if peer >= FIRST_GROUP_CHAT or author == -group_id or message.get("out"):
        return None
    pressed = _pressed(message.get("payload"))
    if pressed is not None:
        return IncomingPress(
            chat_external_id=str(peer), external_id=_cmid(message), sender=Person(external_id=str(author)),
            payload=pressed[0], text=plain(str(message.get("text", ""))) or pressed[1], thread=_thread(value),
        )  # fmt: skip
    content, location = content_of(message), _location(message.get("geo"))
    return IncomingMessage(
        chat_external_id=str(peer),
        external_id=_cmid(message),
        sender=Person(external_id=str(author)),
        kind=kind_of(message, content, location),
        text=text_of(message, content),
        sent_at=moment(message.get("date")),
        reply_to_external_id=_answered(message, peer),
        attachments=tuple(content.attachments),
        location=location,
        context=_context(message),
        thread=_thread(value),
        subject=content.subject,
        details=details_of(content) | _quoted(message),
    )


def kind_of(message: Fields, content: Content, location: Any = None) -> str:
    if location:
        return "LOCATION"
    if message.get("text") or not content.is_empty:
        return first_kind(content.attachments)
    return "UNSUPPORTED"


def text_of(message: Fields, content: Content) -> str:
    text = plain(str(message.get("text", "")))
    return "\n".join([text, *content.lines] if text else content.lines)


def details_of(content: Content) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if content.unknown:
        details["provider_kind"] = ", ".join(content.unknown)[:255]
    if content.transcript:
        details["transcript"] = content.transcript
    return details


def moment(date: Any) -> datetime | None:
    return datetime.fromtimestamp(date, UTC) if isinstance(date, int) and 0 < date < LATEST_DATE else None


def _cmid(message: Fields) -> str:
    """Its number in the chat: the other one is 0 where VKontakte does not want to tell it."""
    return str(number_of(message["conversation_message_id"]))


def _thread(value: Fields) -> dict[str, Any]:
    """Which buttons the client's application can show."""
    info = value.get("client_info")
    if not isinstance(info, dict):
        return {}
    return {"inline": bool(info.get("inline_keyboard")), "callback": "callback" in (info.get("button_actions") or ())}


def _context(message: Fields) -> dict[str, Any]:
    """Where the client came from, and what a button of somebody else's says."""
    return {name: str(message[name])[:1000] for name in ("ref", "ref_source", "payload") if message.get(name)}


def _answered(message: Fields, peer: int) -> str:
    answered = message.get("reply_message")
    if not isinstance(answered, dict) or "conversation_message_id" not in answered:
        return ""
    return _cmid(answered) if answered.get("peer_id", peer) == peer else ""


def _quoted(message: Fields) -> dict[str, Any]:
    answered = message.get("reply_message")
    text = plain(str(answered.get("text", "")))[:1000] if isinstance(answered, dict) else ""
    return {"quoted_text": text} if text else {}


def _location(geo: Any) -> dict[str, Any] | None:
    if not isinstance(geo, dict):
        return None
    place, point = geo.get("place") or {}, geo["coordinates"]
    return {
        "latitude": float(point["latitude"]), "longitude": float(point["longitude"]),
        "title": str(place.get("title", ""))[:255], "address": str(place.get("address", ""))[:255],
    }  # fmt: skip


def _pressed(payload: Any) -> tuple[str, str] | None:
    """What stands behind a button of ours, and on it. In messages it is a text, in presses an object."""
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except (ValueError, RecursionError):
            return None
    if not isinstance(payload, dict) or not isinstance(payload.get("button"), str):
        return None
    return payload["button"], str(payload.get("label", ""))


def _press(value: Fields, group_id: int) -> Incoming | None:
    peer, pressed = number_of(value["peer_id"]), _pressed(value.get("payload"))
    if peer >= FIRST_GROUP_CHAT:
        return None
    payload, label = pressed or (json.dumps(value.get("payload"))[:255], "")
    user, event_id = number_of(value["user_id"]), str(value["event_id"])
    return IncomingPress(
        chat_external_id=str(peer), external_id=f"press:{event_id}"[:255], sender=Person(external_id=str(user)),
        payload=payload, text=label, message_external_id=str(number_of(value.get("conversation_message_id", 0)) or ""),
        context={"needs_acknowledgement": True, "event_id": event_id, "user_id": user, "peer_id": peer},
    )  # fmt: skip


def _reply(value: Fields, group_id: int) -> Incoming | None:
    """Sent in the community's name: by us, by staff in VKontakte itself, or by another program that has a key."""
    message = value.get("message", value)
    peer = number_of(message["peer_id"])
    if peer >= FIRST_GROUP_CHAT:
        return None
    content, by_person = content_of(message), number_of(message.get("admin_author_id") or 0)
    return IncomingEcho(
        chat_external_id=str(peer),
        external_id=_cmid(message),
        recipient=Person(external_id=str(peer)),
        client_key="" if by_person else client_key_of(message.get("random_id")),
        kind=kind_of(message, content),
        text=text_of(message, content),
        sent_at=moment(message.get("date")),
        reply_to_external_id=_answered(message, peer),
        attachments=tuple(content.attachments),
        details=details_of(content) | ({"author_id": str(by_person)} if by_person else {}),
    )


def _edit(value: Fields, group_id: int) -> Incoming | None:
    message = value.get("message", value)
    peer = number_of(message["peer_id"])
    if peer >= FIRST_GROUP_CHAT or number_of(message["from_id"]) == -group_id or message.get("out"):
        return None
    text = text_of(message, content_of(message))
    return IncomingEdit(chat_external_id=str(peer), external_id=_cmid(message), text=text)


def _read(value: Fields, group_id: int) -> Incoming | None:
    peer = number_of(value["peer_id"])
    if peer >= FIRST_GROUP_CHAT or number_of(value["from_id"]) != peer or "conversation_message_id" not in value:
        return None
    return IncomingReceipt(state="READ", chat_external_id=str(peer), external_id=_cmid(value))


def _typing(value: Fields, group_id: int) -> Incoming | None:
    author = number_of(value["from_id"])
    if number_of(value["to_id"]) != -group_id or author == -group_id:
        return None
    return IncomingTyping(chat_external_id=str(author))


def _reaction(value: Fields, group_id: int) -> Incoming | None:
    peer, person, chosen = number_of(value["peer_id"]), number_of(value["reacted_id"]), value.get("reaction_id")
    if peer >= FIRST_GROUP_CHAT or person == -group_id:
        return None
    return IncomingReaction(
        chat_external_id=str(peer), message_external_id=str(number_of(value["cmid"])), person_external_id=str(person),
        emoji=REACTIONS.get(number_of(chosen), OTHER_REACTION) if chosen else "",
    )  # fmt: skip


def _allowed(value: Fields, group_id: int) -> Incoming:
    return _reachability(value, is_reachable=True)


def _denied(value: Fields, group_id: int) -> Incoming:
    return _reachability(value, is_reachable=False)


def _reachability(value: Fields, *, is_reachable: bool) -> Incoming:
    user = str(number_of(value["user_id"]))
    return IncomingReachability(chat_external_id=user, person_external_id=user, is_reachable=is_reachable)


READERS: Mapping[str, Callable[[Fields, int], Incoming | None]] = {
    "message_new": _message, "message_reply": _reply, "message_edit": _edit, "message_event": _press,
    "message_read": _read, "message_typing_state": _typing, "message_reaction_event": _reaction,
    "message_allow": _allowed, "message_deny": _denied,
}  # fmt: skip
