"""Files for Messenger: uploaded first, then named in the message."""

import json
from pathlib import Path
from typing import Any

from channels_connectors.meta.graph import Graph
from channels_connectors.meta.media import LARGEST_IMAGE, nothing_sent_yet, plain_mime, size_of
from openlines.types import OutgoingAttachment

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
TYPES = {"VIDEO": "video", "AUDIO": "audio", "VOICE": "audio"}


def attach(attachment: OutgoingAttachment, *, graph: Graph, page_id: str) -> dict[str, Any]:
    kind = type_of(attachment)
    said = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
    with nothing_sent_yet(), Path(attachment.path).open("rb") as file:
        answer = graph.upload(
            f"{page_id}/message_attachments",
            data={"message": json.dumps(said)},
            files={"filedata": (attachment.name or "file", file, plain_mime(attachment))},
        )
    return {"type": kind, "payload": {"attachment_id": str(answer["attachment_id"])}}


def type_of(attachment: OutgoingAttachment) -> str:
    """A picture that is too large to be shown, or of another type, still arrives as a file."""
    size = size_of(attachment)
    if attachment.kind in ("IMAGE", "STICKER"):
        return "image" if plain_mime(attachment) in PICTURES and size <= LARGEST_IMAGE else "file"
    return TYPES.get(attachment.kind, "file")
