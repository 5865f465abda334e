"""Activities of the Bot Framework, translated. Pure; nothing here knows of the network."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from channels_connectors.botframework.content import attachments_of, location_of, provider_kind_of, text_of
from openlines.types import (
    Incoming,
    IncomingClosing,
    IncomingDeletion,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    IncomingTyping,
    Person,
)

Fields = Mapping[str, Any]

LONGEST_ID = 255
LONGEST_PAYLOAD = 512
SHARED = ("channel", "groupChat")
REACTIONS = {
    "like": "👍", "plusOne": "👍", "heart": "❤️", "laugh": "😆", "surprised": "😮", "sad": "🙁", "angry": "😠",
}  # fmt: skip
# What is about a message has the message's own id: these tell its events apart.
SAID_ONCE = frozenset({"message", "invoke"})


def event_key(activity: Fields) -> str:
    """Messengers behind a bot number their messages each for themselves, many only inside a conversation."""
    kind, identity = str(activity["type"]), str(activity.get("id") or "")
    where = [str(activity["channelId"]), str(activity["conversation"]["id"])]
    if identity and kind in SAID_ONCE:
        return short("|".join([kind, *where, identity]))
    said = hashlib.sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()
    return short("|".join([kind, *where, identity, said[:24]]))


def short(text: str) -> str:
    """An id of any length as one that fits; the same text always gives the same."""
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[:160]}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def incoming_from(activity: Fields) -> list[Incoming]:
    """What an activity says to us: nothing, if it was written by a bot or is of a kind that says nothing."""
    read = READERS.get(str(activity["type"]))
    if read is None or _is_bots(activity):
        return []
    return read(activity)


def chat_of(activity: Fields) -> str:
    """Where several people talk in one conversation, each of them has a chat here: a chat is one client's."""
    conversation = activity["conversation"]
    place = f"{activity['channelId']}:{conversation['id']}"
    is_shared = conversation.get("isGroup") or conversation.get("conversationType") in SHARED
    return short(f"{place}:{activity['from']['id']}" if is_shared else place)


def thread_of(activity: Fields) -> dict[str, Any]:
    """What answers need; each activity brings it anew, since addresses change."""
    return {
        "channel_id": str(activity["channelId"]),
        "service_url": str(activity["serviceUrl"]),
        "conversation": dict(activity["conversation"]),
        "bot": _account(activity.get("recipient")),
        "user": _account(activity.get("from")),
        "locale": str(activity.get("locale") or ""),
    }


def _account(account: Any) -> dict[str, str]:
    if not isinstance(account, dict):
        return {}
    return {name: str(account[name]) for name in ("id", "name", "aadObjectId") if account.get(name)}


def _is_bots(activity: Fields) -> bool:
    sender = activity.get("from") or {}
    return bool(sender.get("role") == "bot")


def _person_id(activity: Fields, account: Fields) -> str:
    return short(f"{activity['channelId']}:{account['id']}")


def _person(activity: Fields) -> Person:
    sender = activity["from"]
    first_name, _space, last_name = str(sender.get("name") or "").strip().partition(" ")
    is_mail = activity["channelId"] in ("email", "office365") and "@" in str(sender["id"])
    is_phone = activity["channelId"] == "sms" and str(sender["id"]).startswith("+")
    return Person(
        external_id=_person_id(activity, sender),
        first_name=first_name,
        last_name=last_name,
        language=str(activity.get("locale") or "").partition("-")[0].lower()[:8],
        email=str(sender["id"]) if is_mail else "",
        phone=str(sender["id"]) if is_phone else "",
    )


def _message(activity: Fields) -> list[Incoming]:
    press = _press(activity, activity.get("value"), text=str(activity.get("text") or ""))
    if press is not None:
        return [press]
    text, attachments, location = text_of(activity), attachments_of(activity), location_of(activity)
    kind = "LOCATION" if location else attachments[0].kind if attachments else "TEXT"
    details = {}
    if kind == "TEXT" and not text:
        kind, details = "UNSUPPORTED", {"provider_kind": provider_kind_of(activity)}
    reply_to = str(activity.get("replyToId") or "")
    message = IncomingMessage(
        chat_external_id=chat_of(activity),
        external_id=_message_id(activity),
        sender=_person(activity),
        kind=kind,
        text=text,
        sent_at=_moment(activity.get("timestamp")),
        reply_to_external_id=short(reply_to),
        attachments=attachments,
        location=location,
        thread=thread_of(activity),
        details=details,
    )
    return [message]


def _message_id(activity: Fields) -> str:
    identity = str(activity.get("id") or "")
    return short(identity) if identity else short(event_key(activity))


def _press(activity: Fields, value: Any, *, text: str) -> IncomingPress | None:
    """A button of ours, or of a card that somebody else's bot put there: its value may be anything."""
    if not value:
        return None
    ours = value.get("payload") if isinstance(value, dict) else None
    payload = str(ours or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    title = value.get("title") if isinstance(value, dict) else None
    return IncomingPress(
        chat_external_id=chat_of(activity),
        external_id=_message_id(activity),
        sender=_person(activity),
        payload=payload[:LONGEST_PAYLOAD],
        text=str(title or text),
        message_external_id=short(str(activity.get("replyToId") or "")),
        thread=thread_of(activity),
    )


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _edit(activity: Fields) -> list[Incoming]:
    text = text_of(activity)
    return [IncomingEdit(chat_external_id=chat_of(activity), external_id=_message_id(activity), text=text)]


def _deletion(activity: Fields) -> list[Incoming]:
    return [IncomingDeletion(chat_external_id=chat_of(activity), external_id=_message_id(activity))]


def _reaction(activity: Fields) -> list[Incoming]:
    added = [str(reaction.get("type")) for reaction in activity.get("reactionsAdded") or ()]
    if not added and not activity.get("reactionsRemoved"):
        return []
    emoji = REACTIONS.get(added[-1], added[-1][:16]) if added else ""
    return [
        IncomingReaction(
            chat_external_id=chat_of(activity),
            message_external_id=short(str(activity["replyToId"])),
            person_external_id=_person_id(activity, activity["from"]),
            emoji=emoji,
        )
    ]


def _members(activity: Fields) -> list[Incoming]:
    """Who adds the bot, or takes it out, is who may and may not be written to."""
    bot = str((activity.get("recipient") or {}).get("id") or "")
    for name, is_reachable in (("membersRemoved", False), ("membersAdded", True)):
        members = [str(member.get("id") or "") for member in activity.get(name) or ()]
        if bot in members:
            return _reachability(activity, is_reachable)
    return []


def _relation(activity: Fields) -> list[Incoming]:
    """``add``, ``remove``, and Teams' ``add-upgrade`` and ``remove-upgrade``, which change nothing."""
    meaning = {"add": True, "remove": False}.get(str(activity.get("action")))
    return [] if meaning is None else _reachability(activity, meaning)


def _reachability(activity: Fields, is_reachable: bool) -> list[Incoming]:
    return [
        IncomingReachability(
            chat_external_id=chat_of(activity),
            person_external_id=_person_id(activity, activity["from"]),
            is_reachable=is_reachable,
        )
    ]


def _typing(activity: Fields) -> list[Incoming]:
    return [IncomingTyping(chat_external_id=chat_of(activity))]


def _invoke(activity: Fields) -> list[Incoming]:
    """The press of a button on an adaptive card; other invocations ask a bot for what we have not."""
    if activity.get("name") != "adaptiveCard/action":
        return []
    action = activity["value"]["action"]
    press = _press(activity, action.get("data") or action.get("verb"), text=str(action.get("title") or ""))
    return [] if press is None else [press]


def _closing(activity: Fields) -> list[Incoming]:
    return [IncomingClosing(chat_external_id=chat_of(activity))]


READERS: Mapping[str, Callable[[Fields], list[Incoming]]] = {
    "message": _message,
    "messageUpdate": _edit,
    "messageDelete": _deletion,
    "messageReaction": _reaction,
    "conversationUpdate": _members,
    "contactRelationUpdate": _relation,
    "installationUpdate": _relation,
    "typing": _typing,
    "invoke": _invoke,
    "endOfConversation": _closing,
}
