"""By which of Telegram's methods a file goes, and what it refuses."""

from pathlib import Path

from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from openlines.types import OutgoingAttachment

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


def method_of(attachment: OutgoingAttachment) -> str:
    method = METHODS.get((attachment.kind, attachment.mime.partition(";")[0].strip().lower()), "document")
    if method == "photo" and _size(attachment) > LARGEST_PHOTO:
        return "document"
    return method


def _size(attachment: OutgoingAttachment) -> int:
    try:
        return Path(attachment.path).stat().st_size
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None


def refuse_what_telegram_refuses(attachment: OutgoingAttachment) -> None:
    size = _size(attachment)
    if size > LARGEST_UPLOAD:
        raise ConnectorError(_("Telegram takes files of at most 50 MB."), kind="PERMANENT")
    if size == 0:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")
