"""Files of clients and of ours. Whatever goes either way passes through Meta's storage."""

import mimetypes
import re
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import FetchedMedia
from channels_connectors.errors import ConnectorError
from channels_connectors.links import fetch_link
from channels_connectors.meta.graph import Graph
from channels_connectors.meta.media import nothing_sent_yet, plain_mime
from openlines.types import IncomingAttachment, OutgoingAttachment

MEGABYTE = 1024 * 1024
LARGEST_FILE = 100 * MEGABYTE
SOUNDS = ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg")
# What is shown as what it is, and up to which size; everything else travels as a document.
METHODS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "IMAGE": ("image", 5 * MEGABYTE, ("image/jpeg", "image/png")),
    "VIDEO": ("video", 16 * MEGABYTE, ("video/mp4", "video/3gpp")),
    "AUDIO": ("audio", 16 * MEGABYTE, SOUNDS),
    "VOICE": ("audio", 16 * MEGABYTE, SOUNDS),
    "STICKER": ("sticker", 100 * 1024, ("image/webp",)),
}
CAPTIONED = frozenset({"image", "video", "document"})
UNFIT_FOR_HEADERS = re.compile(r"[^A-Za-z0-9._-]+")


def method_of(attachment: OutgoingAttachment) -> str:
    method, largest, mimes = METHODS.get(attachment.kind, ("document", 0, ()))
    return method if attachment.size <= largest and plain_mime(attachment) in mimes else "document"


def upload(attachment: OutgoingAttachment, graph: Graph, *, phone_number_id: str) -> str:
    """Its id at WhatsApp. Raises ``ConnectorError``, and never one that leaves open whether a message was sent."""
    if attachment.size > LARGEST_FILE:
        raise ConnectorError(_("WhatsApp takes files of at most 100 MB."), kind="PERMANENT")
    try:
        content = Path(attachment.path).read_bytes()
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if not content:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")
    mime = plain_mime(attachment) or "application/octet-stream"
    fields = {"messaging_product": "whatsapp", "type": mime}
    file = (_plain_name(attachment), content, mime)
    with nothing_sent_yet():
        answer = graph.upload(f"{phone_number_id}/media", data=fields, files={"file": file})
    return str(answer["id"])


def fetched(attachment: IncomingAttachment, graph: Graph, *, phone_number_id: str) -> FetchedMedia:
    """The address that is asked for here holds for five minutes, and wants the token once more."""
    said: Any = graph.get(attachment.reference, phone_number_id=phone_number_id)
    if not isinstance(said, dict) or not isinstance(said.get("url"), str):
        raise ConnectorError(_("The provider's answer can't be read."), is_outage=True)
    media = fetch_link(said["url"], most_bytes=LARGEST_FILE, headers={"Authorization": f"Bearer {graph.token}"})
    mime = attachment.mime or str(said.get("mime_type") or media.mime).partition(";")[0]
    return FetchedMedia(content=media.content, name=attachment.name or _named_by(mime), mime=mime)


def _named_by(mime: str) -> str:
    """WhatsApp gives names to documents only."""
    return f"{mime.partition('/')[0] or 'file'}{mimetypes.guess_extension(mime) or ''}"


def _plain_name(attachment: OutgoingAttachment) -> str:
    """For the upload alone: clients see the name that is sent with the document."""
    suffix = PurePosixPath(attachment.name).suffix or mimetypes.guess_extension(plain_mime(attachment)) or ""
    return f"file{UNFIT_FOR_HEADERS.sub('', suffix)}"
