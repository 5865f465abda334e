"""Parts of our messages as Viber wants them. It fetches files by itself, from addresses with the right endings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Capabilities
from channels_connectors.errors import ConnectorError
from channels_connectors.parts import parts_of
from channels_connectors.viber.payloads import tracking_for
from openlines.types import Button, Buttons, OutgoingAttachment, OutgoingMessage, OutgoingPart

MEGABYTE = 1024 * 1024
TEXT_LENGTH, CAPTION_LENGTH, LONGEST_NAME, LONGEST_FILE_NAME = 7000, 768, 28, 256
# The whole request has 30 KB, so that a text of nothing but emoji has less than its 7,000 characters.
MOST_TEXT_BYTES, LENGTH_OF_WIDE_TEXT = 24_000, 6000
LARGEST_VIDEO, LARGEST_FILE = 26 * MEGABYTE, 50 * MEGABYTE
# Phones show no larger picture; as a file it arrives. Viber names no figure: an account may have its own.
LARGEST_PICTURE = MEGABYTE
PICTURES = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/gif": (".gif",)}
LONGEST_VIDEO_SECONDS = 180
COLUMNS, MOST_ROWS, LONGEST_LABEL = 6, 24, 250


def parts_for_viber(message: OutgoingMessage, can: Capabilities, account: Account) -> list[OutgoingPart]:
    first = next(iter(message.attachments), None)
    is_captioned = first is not None and is_picture(first, account)
    if len(message.text.encode("utf-8", "replace")) > MOST_TEXT_BYTES:
        can = replace(can, text_length=LENGTH_OF_WIDE_TEXT)
    return parts_of(message, can, captioned=frozenset({"IMAGE"} if is_captioned else ()))


def fields_of(part: OutgoingPart, account: Account) -> dict[str, Any]:
    """The body of ``send_message``. Raises ``ConnectorError`` for what Viber would refuse."""
    fields = {"receiver": part.chat_external_id, "min_api_version": 1, "sender": sender_of(account)}
    fields |= _file(part.attachments[0], part.text, account) if part.attachments else _text(part.text)
    if part.buttons:
        fields |= keyboard_of(part.buttons)
    return fields


def sender_of(account: Account) -> dict[str, str]:
    name = str(account.settings.get("sender_name") or account.settings.get("name") or "…")[:LONGEST_NAME]
    avatar = str(account.settings.get("icon") or "")
    return {"name": name, "avatar": avatar} if avatar else {"name": name}


def keyboard_of(buttons: Buttons) -> dict[str, Any]:
    """A keyboard below the chat. What is pressed comes as the client's text, so the labels are what they send."""
    rows = [row[start : start + COLUMNS] for row in buttons for start in range(0, len(row), COLUMNS)][:MOST_ROWS]
    keys = [_key(button, len(row)) for row in rows for button in row]
    labels = {button.text: button.payload for row in rows for button in row}
    return {
        "keyboard": {"Type": "keyboard", "DefaultHeight": False, "Buttons": keys},
        "tracking_data": tracking_for(buttons=labels),
    }


def is_picture(attachment: OutgoingAttachment, account: Account) -> bool:
    most = int(account.settings.get("largest_picture", LARGEST_PICTURE))
    endings = PICTURES.get(_mime(attachment), ())
    is_small = attachment.kind == "IMAGE" and attachment.size <= most
    return is_small and urlsplit(attachment.public_url).path.lower().endswith(endings)


def _key(button: Button, in_row: int) -> dict[str, Any]:
    label = f"✅ {button.text}" if button.is_chosen else button.text
    return {
        "Columns": COLUMNS // in_row,
        "Rows": 1,
        "ActionType": "reply",
        "ActionBody": button.text[:LONGEST_LABEL],
        "Text": label[:LONGEST_LABEL],
    }


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _file(attachment: OutgoingAttachment, caption: str, account: Account) -> dict[str, Any]:
    if attachment.size == 0:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")
    if attachment.size > LARGEST_FILE:
        raise ConnectorError(_("Viber takes files of at most 50 MB."), kind="PERMANENT")
    if not attachment.public_url:
        words = _("Viber fetches files from this server, and it has no public address. Set PUBLIC_URL.")
        raise ConnectorError(words, kind="PERMANENT")
    if is_picture(attachment, account):
        return {"type": "picture", "text": caption, "media": attachment.public_url}
    if _is_video(attachment):
        fields: Mapping[str, Any] = {"duration": attachment.duration} if attachment.duration else {}
        return {"type": "video", "media": attachment.public_url, "size": attachment.size, **fields}
    name = _file_name(attachment)
    return {"type": "file", "media": attachment.public_url, "size": attachment.size, "file_name": name}


def _is_video(attachment: OutgoingAttachment) -> bool:
    is_short = (attachment.duration or 0) <= LONGEST_VIDEO_SECONDS and attachment.size <= LARGEST_VIDEO
    return attachment.kind == "VIDEO" and _mime(attachment) == "video/mp4" and is_short


def _file_name(attachment: OutgoingAttachment) -> str:
    """Viber refuses names without an extension; a long one keeps its end."""
    name = PurePosixPath(attachment.name or "file").name or "file"
    if not PurePosixPath(name).suffix:
        name += PurePosixPath(urlsplit(attachment.public_url).path).suffix or ".bin"
    return name if len(name) <= LONGEST_FILE_NAME else name[-LONGEST_FILE_NAME:]


def _mime(attachment: OutgoingAttachment) -> str:
    return attachment.mime.partition(";")[0].strip().lower()
