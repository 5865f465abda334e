"""One message of ours as the calls that Telegram needs for it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message, ReplyParameters

from channels_connectors.errors import ConnectorError
from channels_connectors.telegram.albums import send_album
from channels_connectors.telegram.bot import ChannelBot
from channels_connectors.telegram.chats import Place
from channels_connectors.telegram.entities import entities_of
from channels_connectors.telegram.methods import method_of, refuse_what_telegram_refuses
from openlines.types import Buttons, OutgoingPart

Call = Callable[[Callable[[ChannelBot], Awaitable[Message]]], Message]

# A sticker has no caption; whatever else goes as a file has.
CAPTIONED = frozenset({"IMAGE", "FILE", "AUDIO", "VIDEO", "VOICE"})


def send_part(part: OutgoingPart, *, place: Place, reply_to: int | None, call: Call) -> list[Message]:
    # A reply to a message that is gone goes out as a plain one.
    reply = None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)
    if not part.attachments:
        return [_send_text(part, place, reply, call)]
    for attachment in part.attachments:
        refuse_what_telegram_refuses(attachment)
    if len(part.attachments) > 1:
        return send_album(part, place, reply, call)
    return [_send_file(part, place, reply, call)]


def _send_text(part: OutgoingPart, place: Place, reply: ReplyParameters | None, call: Call) -> Message:
    keyboard, entities = keyboard_of(part.buttons), entities_of(part.text, part.formats)

    def send(bot: ChannelBot) -> Awaitable[Message]:
        return bot.send_message(
            place.chat_id, part.text, entities=entities, reply_parameters=reply, reply_markup=keyboard,
            business_connection_id=place.business_connection_id,
        )  # fmt: skip

    return call(send)


def _send_file(part: OutgoingPart, place: Place, reply: ReplyParameters | None, call: Call) -> Message:
    (attachment,) = part.attachments
    with Path(attachment.path).open("rb") as file:
        method = method_of(attachment)
        try:
            return call(_upload(method, file, part, place, reply))
        except ConnectorError as error:
            if error.kind != "PERMANENT" or method == "document":
                raise
        # Odd dimensions, an unusual codec, a person who allows no voice messages: as a file it still arrives.
        file.seek(0)
        return call(_upload("document", file, part, place, reply))


def keyboard_of(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """Rows of buttons below a message; the chosen one has a tick."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(f"✅ {b.text}" if b.is_chosen else b.text, callback_data=b.payload) for b in row]
            for row in buttons
        ]
    )


def _upload(
    method: str, file: BinaryIO, part: OutgoingPart, place: Place, reply: ReplyParameters | None
) -> Callable[[ChannelBot], Awaitable[Message]]:
    def upload(bot: ChannelBot) -> Awaitable[Message]:
        name = part.attachments[0].name
        content = InputFile(file, filename=name or None, read_file_handle=False)
        send: Callable[..., Awaitable[Message]] = getattr(bot, f"send_{method}")
        entities = entities_of(part.text, part.formats)
        options = {} if method == "sticker" else {"caption": part.text or None, "caption_entities": entities}
        return send(
            place.chat_id, content, reply_parameters=reply, reply_markup=keyboard_of(part.buttons),
            business_connection_id=place.business_connection_id, **options,
        )  # fmt: skip

    return upload
