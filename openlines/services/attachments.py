"""Files: type by content, size capped, stored under names that say nothing."""

import io
import warnings
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from PIL import Image

from common.errors import DomainError, InvalidInput, NotFound
from common.events import publish
from crm.models import User
from openlines.access import visible_message
from openlines.events import AttachmentsAwaited
from openlines.models import Attachment, Channel, Dialog, Message
from openlines.services.locking import lock_dialog
from openlines.services.messages import touch_message

# What a browser may show by itself; everything else is downloaded. HTML and SVG are not here on purpose.
IMAGES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
SOUNDS = (
    (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"), (b"\xff\xf3", "audio/mpeg"),
)  # fmt: skip
INLINE_TYPES = frozenset({*IMAGES.values(), "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4", "video/webm"})
MAX_PIXELS = 50_000_000
FORGOTTEN_AFTER = timedelta(days=7)
FORGOTTEN_BATCH = 500


class NothingToFetch(DomainError):
    code = "nothing_to_fetch"
    message = _lazy("This file is not one that the channel could be asked for again.")


class FileTooLarge(DomainError):
    code = "file_too_large"
    status = 413


def store_upload(
    *, upload: "UploadedFile[Any]", operator: User | None = None, channel: Channel | None = None, uploader_key: str = ""
) -> Attachment:
    """Keep an uploaded file until a message names it. Raises ``FileTooLarge``, ``InvalidInput`` (empty)."""
    size = upload.size or 0
    require_size(size)
    if size == 0:
        raise InvalidInput(_("The file is empty."), fields={"file": [_("Empty file.")]})
    attachment = Attachment(
        uploaded_by=operator, uploaded_in=channel, uploader_key=uploader_key, name=clean_name(upload.name or "file")
    )
    _fill(attachment, upload.read())
    attachment.save()
    return attachment


def require_size(size: int) -> None:
    """Raises ``FileTooLarge``."""
    if size > settings.UPLOAD_BYTES:
        limit = settings.UPLOAD_BYTES // (1024 * 1024)
        raise FileTooLarge(_("The file is too large: at most %(limit)d MB.") % {"limit": limit})


def clean_name(name: str) -> str:
    """A file name without folders and control characters, at most 255 long."""
    base = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[-255:] or "file"


def _fill(attachment: Attachment, content: bytes, *, mime: str = "") -> None:
    attachment.mime, size = sniff(content)
    if attachment.mime == "application/octet-stream" and mime.startswith(("audio/", "video/")) and mime in INLINE_TYPES:
        attachment.mime = mime
    if attachment.kind == Attachment.Kind.FILE:
        attachment.kind = _kind_of(attachment.mime)
    attachment.width, attachment.height = size or (attachment.width, attachment.height)
    attachment.size = len(content)
    attachment.state = Attachment.State.READY
    attachment.file.save(attachment.name or "file", ContentFile(content), save=False)


def _kind_of(mime: str) -> str:
    family = mime.partition("/")[0]
    kinds = {"image": Attachment.Kind.IMAGE, "audio": Attachment.Kind.AUDIO, "video": Attachment.Kind.VIDEO}
    return kinds.get(family, Attachment.Kind.FILE)


def sniff(content: bytes) -> tuple[str, tuple[int, int] | None]:
    """The type by content, never by name or by what the sender says, and the size of pictures."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.format in IMAGES and image.width * image.height <= MAX_PIXELS:
                    return IMAGES[image.format], image.size
    except Exception:  # noqa: BLE001, S110 - whatever breaks a decoder is not a picture
        pass
    for magic, mime in SOUNDS:
        if content.startswith(magic):
            return mime, None
    if content[4:8] == b"ftyp":
        return ("audio/mp4" if content[8:11] == b"M4A" else "video/mp4"), None
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm", None
    if content.startswith(b"%PDF-"):
        return "application/pdf", None
    return "application/octet-stream", None


def take_upload(attachment_id: UUID, channel: Channel, uploader_key: str, *, message: Message, position: int) -> None:
    """Give a client's upload to the message that names it; somebody else's, or one already sent, is left alone."""
    own = Attachment.objects.filter(
        pk=attachment_id, uploaded_in=channel, uploader_key=uploader_key, message=None
    )  # fmt: skip
    own.update(message=message, position=position)


@transaction.atomic
def drop_forgotten_uploads(*, now: datetime) -> int:
    """Files that were uploaded and that no message named in a week; returns how many there were."""
    forgotten = Attachment.objects.select_for_update(skip_locked=True).filter(
        message=None, created_at__lt=now - FORGOTTEN_AFTER
    )[:FORGOTTEN_BATCH]  # fmt: skip
    uploads = list(forgotten)
    Attachment.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    for upload in uploads:
        transaction.on_commit(partial(upload.file.delete, save=False), robust=True)
    return len(uploads)


@transaction.atomic
def store_fetched(*, attachment_id: UUID, content: bytes, name: str, mime: str) -> None:
    """A medium came from the provider: keep it and show it. A second worker's copy is not needed."""
    dialog, message, attachment = _lock(attachment_id)
    if attachment.state == Attachment.State.READY:
        return
    attachment.name = clean_name(attachment.name or name or "file")
    _fill(attachment, content, mime=mime or attachment.mime)
    attachment.save()
    touch_message(dialog, message)


@transaction.atomic
def mark_lost(*, attachment_id: UUID) -> None:
    """The medium can't be had any more; its message stays."""
    dialog, message, attachment = _lock(attachment_id)
    attachment.state = Attachment.State.LOST
    attachment.save(update_fields=["state"])
    touch_message(dialog, message)


@transaction.atomic
def fetch_again(*, attachment_id: UUID, operator: User, now: datetime) -> Attachment:
    """Ask the channel once more for a medium that was lost. Raises ``NotFound``, ``NothingToFetch``."""
    lost = Attachment.objects.filter(pk=attachment_id).exclude(message=None).first()
    if lost is None or lost.message_id is None:
        raise NotFound
    visible_message(operator, lost.message_id)
    dialog, message, attachment = _lock(attachment_id)
    if attachment.state != Attachment.State.LOST or not attachment.source_reference or not attachment.uploaded_in_id:
        raise NothingToFetch
    attachment.state = Attachment.State.PENDING
    attachment.fetch_attempts, attachment.fetch_at = 0, now
    attachment.save(update_fields=["state", "fetch_attempts", "fetch_at"])
    touch_message(dialog, message)
    publish(AttachmentsAwaited(attachment.uploaded_in_id))
    return attachment


def _lock(attachment_id: UUID) -> tuple[Dialog, Message, Attachment]:
    message = Message.objects.get(attachments=attachment_id)
    dialog = lock_dialog(message.dialog_id)
    return dialog, message, Attachment.objects.get(pk=attachment_id)
