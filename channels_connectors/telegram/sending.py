"""One message of ours as the calls that Telegram needs for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message, MessageEntity, ReplyParameters

from channels_connectors.connector import ConnectorError
from channels_connectors.telegram.bot import ChannelBot
from channels_connectors.telegram.entities import cut_out, entities_of
from channels_connectors.telegram.splitting import CAPTION_LENGTH, places_of_parts, utf16_length
from openlines.types import Buttons, OutgoingAttachment, OutgoingMessage

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one call sends: a text, or a file with its caption."""

    text: str = ""
    entities: tuple[MessageEntity, ...] = ()
    attachment: OutgoingAttachment | None = None
    buttons: Buttons = ()


def parts_of(message: OutgoingMessage) -> list[Part]:
    """Files first; the text is the caption of the first where it fits, else it follows.

    The same message always gives the same parts: a later try can leave out those that were sent.
    """
    parts = _parts(message)
    # Buttons go below what is read last.
    return [*parts[:-1], replace(parts[-1], buttons=message.buttons)] if message.buttons and parts else parts


def _parts(message: OutgoingMessage) -> list[Part]:
    texts = [_text_part(message, start, end) for start, end in places_of_parts(message.text)]
    if not message.attachments:
        return texts
    first, *others = message.attachments
    fits = sum(utf16_length(part.text) for part in texts) <= CAPTION_LENGTH and _method(first) != "sticker"
    caption = texts[0] if texts and fits else Part()
    parts = [replace(caption, attachment=first), *(Part(attachment=attachment) for attachment in others)]
    return parts if fits else parts + texts


def _text_part(message: OutgoingMessage, start: int, end: int) -> Part:
    text = message.text[start:end]
    return Part(text=text, entities=entities_of(text, cut_out(message.formats, start, end)))


def send_part(part: Part, *, chat_id: int | str, reply_to: int | None, call: Call) -> Message:
    # A reply to a message that is gone goes out as a plain one.
    reply = None if reply_to is None else ReplyParameters(reply_to, allow_sending_without_reply=True)
    if part.attachment is None:
        keyboard = keyboard_of(part.buttons)
        return call(
            lambda bot: bot.send_message(
                chat_id, part.text, entities=part.entities, reply_parameters=reply, reply_markup=keyboard
            )
        )
    _refuse_what_telegram_refuses(part.attachment)
    with Path(part.attachment.path).open("rb") as file:
        method = _method(part.attachment)
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
    method: str, file: BinaryIO, part: Part, chat_id: int | str, reply: ReplyParameters | None
) -> Callable[[ChannelBot], Awaitable[Message]]:
    def upload(bot: ChannelBot) -> Awaitable[Message]:
        name = part.attachment.name if part.attachment else ""
        content = InputFile(file, filename=name or None, read_file_handle=False)
        send: Callable[..., Awaitable[Message]] = getattr(bot, f"send_{method}")
        options = {} if method == "sticker" else {"caption": part.text or None, "caption_entities": part.entities}
        return send(chat_id, content, reply_parameters=reply, reply_markup=keyboard_of(part.buttons), **options)

    return upload
