"""Messages of business accounts that a bot answers for: clients write to a person, and the bot is let in."""

from collections.abc import Callable
from dataclasses import replace

from channels_connectors.telegram.chats import business_chat
from channels_connectors.telegram.content import Fields
from openlines.types import Incoming, IncomingDeletion, IncomingEcho, IncomingEdit, IncomingMessage, Person

Reader = Callable[[Fields], IncomingMessage | None]


def business_message(message: Fields, read: Reader) -> list[Incoming]:
    """What the client writes is theirs; what the account's owner or the bot itself writes is an echo."""
    said = read(message)
    if said is None:
        return []
    chat, connection_id = message["chat"], str(message["business_connection_id"])
    chat_external_id = business_chat(connection_id, chat["id"])
    if message["from"]["id"] == chat["id"]:
        return [replace(said, chat_external_id=chat_external_id)]
    return [_of_owner(said, chat_external_id, chat)]


def _of_owner(said: IncomingMessage, chat_external_id: str, chat: Fields) -> Incoming:
    return IncomingEcho(
        chat_external_id=chat_external_id, external_id=said.external_id, recipient=_person_of(chat),
        author_name=said.sender.name, kind=said.kind, text=said.text, sent_at=said.sent_at,
        reply_to_external_id=said.reply_to_external_id, attachments=said.attachments, details=said.details,
    )  # fmt: skip


def _person_of(chat: Fields) -> Person:
    return Person(
        external_id=str(chat["id"]),
        first_name=chat.get("first_name", ""),
        last_name=chat.get("last_name", ""),
        username=chat.get("username", ""),
        photo_reference=str(chat["id"]),
    )


def business_edit(message: Fields) -> list[Incoming]:
    """Of the client's words only: what the owner mends in their own app stays as it was seen."""
    if message["from"]["id"] != message["chat"]["id"] or "location" in message:
        return []
    chat = business_chat(str(message["business_connection_id"]), message["chat"]["id"])
    text = message.get("text") or message.get("caption", "")
    return [IncomingEdit(chat_external_id=chat, external_id=str(message["message_id"]), text=text)]


def business_deletions(deleted: Fields) -> list[Incoming]:
    chat = business_chat(str(deleted["business_connection_id"]), deleted["chat"]["id"])
    return [IncomingDeletion(chat_external_id=chat, external_id=str(number)) for number in deleted["message_ids"]]
