"""The methods that write into chats."""

from collections.abc import Callable
from typing import Any

from tests.providers.telegram.media import content_fields, sent_file
from tests.providers.telegram.model import ApiError, Bot, Chat, Fields, World, bad_request, now
from tests.providers.telegram.wire import Params

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
CALLBACK_BYTES = 64
DELETABLE_SECONDS = 48 * 3600
ACTIONS = (
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
)
MEDIA_METHODS = ("photo", "document", "voice", "audio", "video", "animation", "video_note", "sticker")


def send_message(world: World, bot: Bot, params: Params) -> Fields:
    text = params.text("text").strip()
    if not text:
        raise bad_request("message text is empty")
    if _length(text) > TEXT_LENGTH:
        raise bad_request("message is too long")
    return _post(world, bot, params, {"text": text} | _entities(params, "entities"))


def send_media(kind: str) -> Callable[[World, Bot, Params], Fields]:
    def send(world: World, bot: Bot, params: Params) -> Fields:
        chat_for(bot, params)
        caption = "" if kind in ("sticker", "video_note") else params.text("caption").strip()
        if _length(caption) > CAPTION_LENGTH:
            raise bad_request("message caption is too long")
        content = content_fields(world, kind, sent_file(world, params, kind))
        captions = {"caption": caption} | _entities(params, "caption_entities") if caption else {}
        return _post(world, bot, params, content | captions)

    return send


def send_media_group(world: World, bot: Bot, params: Params) -> list[Fields]:
    media: Any = params.parsed("media") or []
    chat_for(bot, params)
    if not 2 <= len(media) <= 10:
        raise bad_request("group send failed: album must have 2 to 10 items")
    if params.text("reply_markup"):
        raise bad_request("albums have no buttons")
    kinds = {item["type"] for item in media}
    if not (kinds <= {"photo", "video"} or len(kinds) == 1):
        raise bad_request("group send failed: media of these types can't be mixed")
    # All of them or none: each is looked at before the first is posted.
    contents = [_album_content(world, params, item) for item in media]
    group = {"media_group_id": f"1{next(world.album_ids):016d}"}
    return [_post(world, bot, params, content | group) for content in contents]


def _album_content(world: World, params: Params, item: Fields) -> Fields:
    upload = params.uploads[item["media"].removeprefix("attach://")]
    captions = {"caption": item["caption"]} if item.get("caption") else {}
    if _length(captions.get("caption", "")) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return content_fields(world, item["type"], upload) | captions


def send_location(world: World, bot: Bot, params: Params) -> Fields:
    try:
        place = {name: float(params.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise bad_request("location is empty") from None
    return _post(world, bot, params, {"location": place})


def send_contact(world: World, bot: Bot, params: Params) -> Fields:
    card = {name: params.text(name) for name in ("phone_number", "first_name", "last_name") if params.text(name)}
    if "phone_number" not in card or "first_name" not in card:
        raise bad_request("contact phone number is empty" if "first_name" in card else "contact first name is empty")
    return _post(world, bot, params, {"contact": card})


def send_chat_action(world: World, bot: Bot, params: Params) -> bool:
    chat_for(bot, params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def edit_text(world: World, bot: Bot, params: Params) -> Fields:
    message = _own_message(bot, params)
    text = params.text("text").strip()
    if not text:
        raise bad_request("message text is empty")
    if _length(text) > TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, params, "text", text)


def edit_caption(world: World, bot: Bot, params: Params) -> Fields:
    message = _own_message(bot, params)
    caption = params.text("caption").strip()
    if _length(caption) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    if not any(kind in message for kind in MEDIA_METHODS):
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, params, "caption", caption)


def delete_business_messages(world: World, bot: Bot, params: Params) -> bool:
    connection = bot.business.get(params.text("business_connection_id"))
    if connection is None:
        raise bad_request("business connection not found")
    for number in params.parsed("message_ids") or []:
        for chat in connection.chats.values():
            chat.deleted.update({number} & chat.messages.keys())
    world.ring()
    return True


def delete_message(world: World, bot: Bot, params: Params) -> bool:
    chat = chat_for(bot, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message["message_id"] in chat.deleted:
        raise bad_request("message to delete not found")
    if now() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    chat.deleted.add(message["message_id"])
    world.ring()
    return True


def chat_for(bot: Bot, params: Params) -> Chat:
    """The chat that a call names; only one in which the customer wrote first exists."""
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    connection_id = params.text("business_connection_id")
    if connection_id:
        if connection_id not in bot.business:
            raise bad_request("business connection not found")
        return bot.business[connection_id].chat_with_id(params.integer("chat_id"))
    chat = bot.chats.get(params.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if chat.customer.is_deactivated:
        raise ApiError(403, "Forbidden: user is deactivated")
    if chat.is_blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return chat


def _post(world: World, bot: Bot, params: Params, content: Fields) -> Fields:
    chat = chat_for(bot, params)
    extras = _reply(chat, params) | _keyboard(params)
    message_id = next(bot.message_ids)
    message = {"message_id": message_id, "from": bot.user, "chat": chat.customer.chat, "date": now()}
    message |= extras | content
    if params.text("business_connection_id"):
        owner = bot.business[params.text("business_connection_id")].owner.user
        connection_id = params.text("business_connection_id")
        message |= {"from": owner, "sender_business_bot": bot.user, "business_connection_id": connection_id}
    chat.messages[message_id] = message
    world.ring()
    return message


def _reply(chat: Chat, params: Params) -> Fields:
    wish: Any = params.parsed("reply_parameters") or {}
    message_id = int(wish.get("message_id", 0)) or params.integer("reply_to_message_id")
    if not message_id:
        return {}
    replied = chat.messages.get(message_id)
    if replied is not None and message_id not in chat.deleted:
        return {"reply_to_message": {name: value for name, value in replied.items() if name != "reply_to_message"}}
    if wish.get("allow_sending_without_reply") or params.boolean("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _keyboard(params: Params) -> Fields:
    markup: Any = params.parsed("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return {}
    for button in (button for row in markup["inline_keyboard"] for button in row):
        if len(button.get("callback_data", "x").encode()) not in range(1, CALLBACK_BYTES + 1):
            raise bad_request("BUTTON_DATA_INVALID")
        if not button.get("text"):
            raise bad_request("text buttons are unallowed in the inline keyboard")
    return {"reply_markup": markup}


def _own_message(bot: Bot, params: Params) -> Fields:
    chat = chat_for(bot, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message["message_id"] in chat.deleted:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != bot.id:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, message: Fields, params: Params, name: str, words: str) -> Fields:
    keyboard = _keyboard(params)
    if message.get(name, "") == words and message.get("reply_markup") == keyboard.get("reply_markup"):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.pop("reply_markup", None)
    message |= {name: words, "edit_date": now()} | keyboard
    world.ring()
    return message


def _entities(params: Params, name: str) -> Fields:
    entities = params.parsed(name)
    return {name: entities} if entities else {}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
