"""One message of ours as the calls that Telegram needs for it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message, ReplyParameters

from channels_connectors.errors import ConnectorError
from channels_connectors.telegram.bot import ChannelBot
from channels_connectors.telegram.entities import entities_of
from openlines.types import Buttons, OutgoingAttachment, OutgoingPart

Call = Callable[[Callable[[ChannelBot], Awaitable[Message]]], Message]

MEGABYTE = 1024 * 1024
LARGEST_PHOTO = 10 * MEGABYTE
LARGEST_UPLOAD = 50 * MEGABYTE

# What Telegram shows as what it is; everything else travels as a document.
METHODS = {
    ("IMAGE", "image/jpeg"): "photo",
    ("IMAGE", "image/png"): "photo",
    ("IMAGE", "image/webp"): "photo",
    ("IMAGE", "image/gif"): "animation",
    ("STICKER", "image/webp"): "sticker",
    ("VOICE", "audio/ogg"): "voice",
    ("VOICE", "audio/mpeg"): "voice",
    ("VOICE", "audio/mp4"): "voice",
    ("AUDIO", "audio/mpeg"): "audio",
    ("AUDIO", "audio/mp4"): "audio",
    ("AUDIO", "audio/x-m4a"): "audio",
    ("VIDEO", "video/mp4"): "video",
}


# A sticker has no caption; whatever else goes as a file has.
CAPTIONED = frozenset({"IMAGE", "FILE", "AUDIO", "VIDEO", "VOICE"})


def send_part(part: OutgoingPart, *, chat_id: int | str, reply_to: int | None, call: Call) -> Message:
    # A reply to a message that is gone goes out as a plain one.
    reply = None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)
    if not part.attachments:
        keyboard, entities = keyboard_of(part.buttons), entities_of(part.text, part.formats)
        return call(
            lambda bot: bot.send_message(
                chat_id, part.text, entities=entities, reply_parameters=reply, reply_markup=keyboard
            )
        )
    (attachment,) = part.attachments
    _refuse_what_telegram_refuses(attachment)
    with Path(attachment.path).open("rb") as file:
        method = _method(attachment)
        try:
            return call(_upload(method, file, part, chat_id, reply))
        except ConnectorError as error:
            if error.kind != "PERMANENT" or method == "document":
                raise
        # Odd dimensions, an unusual codec, a person who allows no voice messages: as a file it still arrives.
        file.seek(0)
        return call(_upload("document", file, part, chat_id, reply))


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


def _method(attachment: OutgoingAttachment) -> str:
    method = METHODS.get((attachment.kind, attachment.mime.partition(";")[0].strip().lower()), "document")
    if method == "photo" and _size(attachment) > LARGEST_PHOTO:
        return "document"
    return method


def _size(attachment: OutgoingAttachment) -> int:
    try:
        return Path(attachment.path).stat().st_size
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None


def _refuse_what_telegram_refuses(attachment: OutgoingAttachment) -> None:
    size = _size(attachment)
    if size > LARGEST_UPLOAD:
        raise ConnectorError(_("Telegram takes files of at most 50 MB."), kind="PERMANENT")
    if size == 0:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")


def _upload(
    method: str, file: BinaryIO, part: OutgoingPart, chat_id: int | str, reply: ReplyParameters | None
) -> Callable[[ChannelBot], Awaitable[Message]]:
    def upload(bot: ChannelBot) -> Awaitable[Message]:
        name = part.attachments[0].name
        content = InputFile(file, filename=name or None, read_file_handle=False)
        send: Callable[..., Awaitable[Message]] = getattr(bot, f"send_{method}")
        entities = entities_of(part.text, part.formats)
        options = {} if method == "sticker" else {"caption": part.text or None, "caption_entities": entities}
        return send(chat_id, content, reply_parameters=reply, reply_markup=keyboard_of(part.buttons), **options)

    return upload
