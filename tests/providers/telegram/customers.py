"""What customers do in their Telegram; each makes the update that a bot would get."""

import secrets
from typing import Any

from tests.providers.telegram.media import content_fields, photo_sizes
from tests.providers.telegram.model import Bot, Business, Chat, Customer, Fields, World, now
from tests.providers.telegram.wire import Upload

GROUP_ID = -1001234567890


def write(world: World, bot: Bot, customer: Customer, content: Fields, *, reply_to: int = 0) -> Fields:
    """The customer sends a message; they have pressed Start before, so the chat exists from now on."""
    chat = bot.chat_with(customer)
    message = _envelope(bot, customer) | _reply(chat, reply_to) | content
    chat.messages[message["message_id"]] = message
    return world.push(bot, "message", message)


def send_file(
    world: World, bot: Bot, customer: Customer, kind: str, upload: Upload, *, caption: str = "", **extra: Any
) -> Fields:
    captions = {"caption": caption} if caption else {}
    return write(world, bot, customer, content_fields(world, kind, upload, **extra) | captions)


def send_album(world: World, bot: Bot, customer: Customer, uploads: list[Upload], caption: str) -> list[Fields]:
    group = {"media_group_id": f"1{next(world.album_ids):016d}"}
    updates: list[Fields] = []
    for upload in uploads:
        captions = {"caption": caption} if caption and not updates else {}
        content = {"photo": photo_sizes(world, upload)} | group | captions
        updates.append(write(world, bot, customer, content))
    return updates


def edit(world: World, bot: Bot, customer: Customer, message_id: int, words: str) -> Fields:
    message = bot.chats[customer.id].messages[message_id]
    message |= {"text" if "text" in message else "caption": words, "edit_date": now()}
    return world.push(bot, "edited_message", dict(message))


def move(world: World, bot: Bot, customer: Customer, message_id: int, latitude: float, longitude: float) -> Fields:
    """One step of a live location."""
    message = bot.chats[customer.id].messages[message_id]
    place = {"latitude": latitude, "longitude": longitude, "live_period": 900}
    message |= {"location": place, "edit_date": now()}
    return world.push(bot, "edited_message", dict(message))


def press(world: World, bot: Bot, customer: Customer, message_id: int, label: str) -> Fields:
    message = bot.chats[customer.id].messages[message_id]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = {button["text"]: button for row in rows for button in row}
    query_id = f"{customer.id}{next(world.query_ids):09d}"
    bot.queries.add(query_id)
    query = {"id": query_id, "from": customer.user, "message": message, "chat_instance": secrets.token_hex(8)}
    return world.push(bot, "callback_query", query | {"data": buttons[label]["callback_data"]})


def block(world: World, bot: Bot, customer: Customer) -> Fields:
    return _change_membership(world, bot, customer, "member", "kicked")


def unblock(world: World, bot: Bot, customer: Customer) -> Fields:
    return _change_membership(world, bot, customer, "kicked", "member")


def react(world: World, bot: Bot, customer: Customer, message_id: int, emoji: str) -> Fields:
    """Another reaction in place of the one before; an empty one takes it back."""
    reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
    change = {"chat": customer.chat, "message_id": message_id, "user": customer.user, "date": now()}
    return world.push(bot, "message_reaction", change | {"old_reaction": [], "new_reaction": reaction})


def connect_business(world: World, bot: Bot, customer: Customer) -> Fields:
    """A person lets the bot answer the clients of their account."""
    connection_id = f"bc{customer.id}"
    bot.business[connection_id] = Business(owner=customer)
    state = {"id": connection_id, "user": customer.user, "user_chat_id": customer.id, "date": now(), "is_enabled": True}
    return world.push(bot, "business_connection", state | {"rights": {"can_reply": True}})


def write_to_business(
    world: World, bot: Bot, customer: Customer, connection_id: str, text: str, *, is_owner: bool = False
) -> Fields:
    """The client writes to the person, or the person to the client in their own app."""
    business = bot.business[connection_id]
    chat = business.chat_with(customer)
    sender = business.owner.user if is_owner else customer.user
    message_id = next(bot.message_ids)
    message: Fields = {"message_id": message_id, "from": sender, "chat": customer.chat, "date": now(), "text": text}
    chat.messages[message_id] = message
    return world.push(bot, "business_message", message | {"business_connection_id": connection_id})


def delete_in_business(
    world: World, bot: Bot, customer: Customer, connection_id: str, message_ids: list[int]
) -> Fields:
    bot.business[connection_id].chats[customer.id].deleted.update(message_ids)
    said = {"business_connection_id": connection_id, "chat": customer.chat, "message_ids": message_ids}
    return world.push(bot, "deleted_business_messages", said)


def write_in_group(world: World, bot: Bot, customer: Customer, text: str) -> Fields:
    group = {"id": GROUP_ID, "type": "supergroup", "title": "Neighbours"}
    return world.push(bot, "message", _envelope(bot, customer) | {"chat": group, "text": text})


def _change_membership(world: World, bot: Bot, customer: Customer, before: str, after: str) -> Fields:
    chat = bot.chat_with(customer)
    chat.is_blocked = after == "kicked"

    def state(status: str) -> Fields:
        return {"user": bot.user, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": customer.chat, "from": customer.user, "date": now()}
    return world.push(
        bot, "my_chat_member", change | {"old_chat_member": state(before), "new_chat_member": state(after)}
    )


def _envelope(bot: Bot, customer: Customer) -> Fields:
    message_id = next(bot.message_ids)
    return {"message_id": message_id, "from": customer.user, "chat": customer.chat, "date": now()}


def _reply(chat: Chat, message_id: int) -> Fields:
    if not message_id:
        return {}
    replied = chat.messages[message_id]
    return {"reply_to_message": {name: value for name, value in replied.items() if name != "reply_to_message"}}
