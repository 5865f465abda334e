"""Files of Messenger and Instagram, in and out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import FetchedMedia
from channels_connectors.errors import ConnectorError
from channels_connectors.links import fetch_link
from channels_connectors.meta.content import references_of
from channels_connectors.meta.events import messaging_of
from channels_connectors.meta.graph import Graph
from channels_connectors.meta.webhooks import elements
from openlines.types import IncomingAttachment, OutgoingAttachment

MEGABYTE = 1024 * 1024
LARGEST_IMAGE, LARGEST_FILE = 8 * MEGABYTE, 25 * MEGABYTE
LARGEST_PHOTO = 5 * MEGABYTE
# Answers of a link that has ended.
EXPIRED = frozenset({"403", "404", "410"})
DATA = ("image_data", "video_data", "audio_data")


def fetch(attachment: IncomingAttachment, graph: Graph, *, event: bytes = b"") -> FetchedMedia:
    """Links end after some days; as long as the event is there, a newer one is asked for."""
    try:
        return fetch_link(attachment.reference, most_bytes=LARGEST_FILE)
    except ConnectorError as error:
        newer = _newer_link(attachment.reference, graph, event) if error.code in EXPIRED and event else ""
        if not newer:
            raise
    return fetch_link(newer, most_bytes=LARGEST_FILE)


def _newer_link(reference: str, graph: Graph, event: bytes) -> str:
    for element in elements(json.loads(event)):
        said = messaging_of(element)
        references = references_of(said)
        if reference in references:
            found = graph.get(str(said["message"]["mid"]), fields="attachments").get("attachments", {})
            attachments = found.get("data", ())
            place = references.index(reference)
            return _link_of(attachments[place]) if place < len(attachments) else ""
    return ""


def _link_of(attachment: Any) -> str:
    for name in DATA:
        if isinstance(attachment.get(name), dict) and attachment[name].get("url"):
            return str(attachment[name]["url"])
    return str(attachment.get("file_url", ""))


def fetch_photo(reference: str) -> FetchedMedia | None:
    return fetch_link(reference, most_bytes=LARGEST_PHOTO) if reference else None


def plain_mime(attachment: OutgoingAttachment) -> str:
    return attachment.mime.partition(";")[0].strip().lower()


def size_of(attachment: OutgoingAttachment) -> int:
    """Raises ``ConnectorError`` where nothing is there to send, or too much."""
    try:
        size = Path(attachment.path).stat().st_size
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if size == 0:
        raise ConnectorError(_("The file is empty."), kind="PERMANENT")
    if size > LARGEST_FILE:
        raise ConnectorError(_("Meta takes files of at most 25 MB."), kind="PERMANENT")
    return size


@contextmanager
def nothing_sent_yet() -> Iterator[None]:
    """A file that may or may not have arrived is no message: it can be uploaded once more."""
    try:
        yield
    except ConnectorError as error:
        if error.kind == "UNKNOWN":
            error.kind = "RETRY"
        raise
