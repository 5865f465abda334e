"""How our ids of chats name those of Telegram."""

from dataclasses import dataclass

BUSINESS = "business:"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to write: a chat of the bot's own, or one of a business account that the bot answers for."""

    chat_id: int | str
    business_connection_id: str | None = None


def business_chat(connection_id: str, chat_id: int | str) -> str:
    return f"{BUSINESS}{connection_id}:{chat_id}"


def place_of(external_id: str) -> Place:
    if not external_id.startswith(BUSINESS):
        return Place(_number(external_id))
    connection_id, _, chat_id = external_id.removeprefix(BUSINESS).rpartition(":")
    return Place(_number(chat_id), connection_id)


def _number(external_id: str) -> int | str:
    try:
        return int(external_id)
    except ValueError:
        return external_id
