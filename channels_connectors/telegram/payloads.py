"""Telegram's updates, translated. Pure; nothing here knows of the network.

A whole ``Update.de_json`` costs 120 µs for a plain text and 350 µs for a reply: it builds an object of some hundred
attributes for every message, also for the one replied to. Reading the envelope and building python-telegram-bot's types
only for the parts that are there costs a sixth of that. ``test_payloads.py`` holds both against each other.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, User

from channels_connectors.moments import moment_of
from channels_connectors.telegram.business import business_deletions, business_edit, business_message
from channels_connectors.telegram.content import Content, Fields, content_of
from openlines.types import (
    Incoming,
    IncomingClosing,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    Person,
)

# Everything that ``incoming_from`` reads; given to setWebhook and getUpdates.
CUSTOM_EMOJI = "✨"
STOP = re.compile(r"\s*/stop(@\w+)?\s*", re.IGNORECASE)
ALLOWED_UPDATES = (
    "message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages",
)  # fmt: skip


def incoming_from(update: Mapping[str, Any]) -> list[Incoming]:
    """What an update says to us: nothing, if it is not from a private chat or of a kind that we do not read."""
    for name, read in READERS.items():
        if name in update:
            return read(update[name])
    return []


def _alone(read: Callable[[Fields], Incoming | None]) -> Callable[[Fields], list[Incoming]]:
    def read_into_list(value: Fields) -> list[Incoming]:
        incoming = read(value)
        return [] if incoming is None else [incoming]

    return read_into_list


def _closing(message: Fields) -> IncomingClosing | None:
    """The command by which people leave bots; anything around it makes it words for the operator."""
    if not _is_private(message) or not STOP.fullmatch(message.get("text", "")):
        return None
    return IncomingClosing(chat_external_id=str(message["chat"]["id"]))


def _message(message: Fields) -> IncomingMessage | None:
    if not _is_private(message) or "from" not in message:
        return None
    content = content_of(message)
    if content is None:
        return None
    replied = message.get("reply_to_message")
    return IncomingMessage(
        chat_external_id=str(message["chat"]["id"]),
        external_id=str(message["message_id"]),
        sender=_person(User.de_json(message["from"], None), content),
        kind=content.kind,
        text=content.text or message.get("caption", ""),
        sent_at=moment_of(message["date"]),
        reply_to_external_id=str(replied["message_id"]) if replied else "",
        attachments=content.attachments,
        location=content.location,
        contact=content.contact,
        context=content.context,
        details=content.details | _details(message),
    )


def _is_private(message: Fields) -> bool:
    return bool(message["chat"]["type"] == "private")


def _person(user: User, content: Content | None = None) -> Person:
    is_own_card = content is not None and content.context.get("contact_user_id") == str(user.id)
    return Person(
        external_id=str(user.id),
        first_name=user.first_name,
        last_name=user.last_name or "",
        username=user.username or "",
        language=user.language_code or "",
        phone=content.contact["phone"] if content and content.contact and is_own_card else "",
        photo_reference=str(user.id),
    )


def _details(message: Fields) -> Fields:
    """Beside its content: the album that it is part of, the words that it quotes, whose it was before."""
    details: Fields = {}
    if "media_group_id" in message:
        details["album"] = message["media_group_id"]
    if "quote" in message:
        details["quote"] = message["quote"]["text"]
    if "forward_origin" in message:
        details["forwarded_from"] = _origin(message["forward_origin"])
    return details


def _origin(origin: Fields) -> str:
    if "sender_user" in origin:
        return User.de_json(origin["sender_user"], None).full_name
    chat = origin.get("sender_chat") or origin.get("chat") or {}
    return str(origin.get("sender_user_name") or chat.get("title") or chat.get("username") or "")


def _edit(message: Fields) -> IncomingEdit | None:
    # Every step of a live location comes as an edit, too.
    if not _is_private(message) or "location" in message:
        return None
    return IncomingEdit(
        chat_external_id=str(message["chat"]["id"]),
        external_id=str(message["message_id"]),
        text=message.get("text") or message.get("caption", ""),
    )


def _button_press(value: Fields) -> IncomingPress | None:
    query = CallbackQuery.de_json(value, None)
    is_ours = query.message is None or query.message.chat.type == query.message.chat.PRIVATE
    if not query.data or not is_ours:
        return None
    return IncomingPress(
        chat_external_id=str(query.from_user.id),
        external_id=f"callback:{query.id}",
        sender=_person(query.from_user),
        payload=query.data,
        text=_label(value, query.data),
        message_external_id=str(query.message.message_id) if query.message else "",
        context={"callback_query_id": query.id, "needs_acknowledgement": True},
    )


def _label(query: Fields, pressed: str) -> str:
    """The words on the button, if the message that carries it is at hand."""
    rows = query.get("message", {}).get("reply_markup", {}).get("inline_keyboard", [])
    labels = (str(button["text"]) for row in rows for button in row if button.get("callback_data") == pressed)
    return next(labels, pressed)


def _reaction(change: Fields) -> Incoming | None:
    """The newest of a client's reactions; none left means that it was taken back."""
    if not _is_private(change) or "user" not in change:
        return None
    emojis = [one.get("emoji") or CUSTOM_EMOJI for one in change["new_reaction"]]
    return IncomingReaction(
        chat_external_id=str(change["chat"]["id"]),
        message_external_id=str(change["message_id"]),
        person_external_id=str(change["user"]["id"]),
        emoji=str(emojis[-1]) if emojis else "",
    )


def _reachability(value: Fields) -> IncomingReachability | None:
    change = ChatMemberUpdated.de_json(value, None)
    states = {ChatMember.BANNED: False, ChatMember.MEMBER: True}
    if change.chat.type != change.chat.PRIVATE or change.new_chat_member.status not in states:
        return None
    return IncomingReachability(
        chat_external_id=str(change.chat.id),
        person_external_id=str(change.from_user.id),
        is_reachable=states[change.new_chat_member.status],
    )


READERS: dict[str, Callable[[Fields], list[Incoming]]] = {
    "message": _alone(lambda message: _closing(message) or _message(message)),
    "edited_message": _alone(_edit),
    "callback_query": _alone(_button_press),
    "my_chat_member": _alone(_reachability),
    "message_reaction": _alone(_reaction),
    "business_message": lambda message: business_message(message, _message),
    "edited_business_message": business_edit,
    "deleted_business_messages": business_deletions,
}
