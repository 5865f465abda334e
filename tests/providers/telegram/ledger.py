"""What has happened: who sees what in a chat, what the bot asked for, what its webhook was given."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

from tests.providers.telegram.messages import MEDIA_METHODS
from tests.providers.telegram.model import Bot, Customer, Fields, World

LONGEST_WAIT = 60.0


class WaitedInVain(ValueError):
    """It did not happen in time."""


def chat(world: World, *, bot: Bot, customer: Customer, sender: str = "") -> list[Fields]:
    """The messages that the customer sees, in order; ``sender`` "bot" or "customer" picks one side."""
    talk = bot.chats.get(customer.id)
    if talk is None:
        return []
    seen = [message for number, message in sorted(talk.messages.items()) if number not in talk.deleted]
    described = [_described(world, bot, message) for message in seen]
    return [message for message in described if sender in ("", message["sender"])]


def business_chat(world: World, *, bot: Bot, customer: Customer, connection_id: str) -> list[Fields]:
    """What the person's client sees."""
    talk = bot.business[connection_id].chats[customer.id]
    seen = [message for number, message in sorted(talk.messages.items()) if number not in talk.deleted]
    return [_described(world, bot, message) for message in seen]


def calls(world: World, *, bot: Bot, method: str = "") -> list[Fields]:
    return [call for call in bot.calls if method in ("", call["method"])]


def deliveries(world: World, *, bot: Bot) -> list[Fields]:
    return bot.deliveries


def state(world: World, *, bot: Bot) -> Fields:
    return {
        "webhook": bot.webhook.url if bot.webhook else "",
        "pending": sorted(bot.pending),
        "most_connections": bot.most_connections,
        "answered_queries": bot.answered_queries,
    }


async def wait(
    world: World,
    *,
    bot: Bot,
    what: str,
    count: int = 1,
    customer: Customer | None = None,
    method: str = "",
    seconds: float = 10.0,
) -> int:
    """Answers when there are ``count`` of something: the bot's messages in a chat, calls, deliveries."""
    counters: dict[str, Callable[[], int]] = {
        "messages": lambda: len(chat(world, bot=bot, customer=customer, sender="bot")) if customer else 0,
        "calls": lambda: len(calls(world, bot=bot, method=method)),
        "deliveries": lambda: sum(delivery["is_taken"] for delivery in bot.deliveries),
        "attempts": lambda: len(bot.deliveries),
        "polls": lambda: int(bot.poll is not None and not bot.poll.done()),
        "nothing_pending": lambda: count if not bot.pending else 0,
    }
    try:
        async with asyncio.timeout(min(seconds, LONGEST_WAIT)), world.changed:
            await world.changed.wait_for(lambda: counters[what]() >= count)
    except TimeoutError:
        raise WaitedInVain(f"{counters[what]()} {what} of {count} after {seconds} s") from None
    return counters[what]()


def _described(world: World, bot: Bot, message: Fields) -> Fields:
    described: dict[str, Any] = {
        "message_id": message["message_id"],
        "sender": "bot" if message["from"]["id"] == bot.id else "customer",
        "text": message.get("text") or message.get("caption", ""),
        "is_edited": "edit_date" in message,
        "entities": message.get("entities") or message.get("caption_entities") or [],
        "reply_to": message.get("reply_to_message", {}).get("message_id"),
        "buttons": [button["text"] for row in _keyboard(message) for button in row],
    }
    kind = next((kind for kind in MEDIA_METHODS if kind in message and kind != "document"), "")
    kind = kind or ("document" if "document" in message else "")
    content = message.get("location") or message.get("contact")
    return described | {"kind": kind, "content": content, "file": _file(world, message, kind) if kind else None}


def _keyboard(message: Fields) -> list[list[Fields]]:
    rows: list[list[Fields]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _file(world: World, message: Fields, kind: str) -> Fields:
    described = message[kind][-1] if kind == "photo" else message[kind]
    file = world.files[described["file_id"]]
    digest = hashlib.sha256(file.content).hexdigest()
    return {"name": file.name, "mime": file.mime, "size": len(file.content), "sha256": digest}
