"""Answers to comments: a comment below, or its change."""

from pathlib import Path

from django.utils.translation import gettext as _

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.graph import Graph
from channels_connectors.meta.media import LARGEST_IMAGE, nothing_sent_yet, plain_mime, size_of
from openlines.types import MediaLimit, OutgoingAttachment, OutgoingPart

PICTURES = ("image/jpeg", "image/png", "image/gif")
# Nothing but pictures: whatever else there is has no place below a post.
LIMITS = (
    MediaLimit(kind="IMAGE", most_bytes=LARGEST_IMAGE, mimes=PICTURES),
    *(MediaLimit(kind=kind, most_bytes=0) for kind in ("VIDEO", "AUDIO", "VOICE", "FILE", "STICKER")),
)


def send_comment(part: OutgoingPart, *, graph: Graph, page_id: str) -> Receipt:
    target = part.reply_to_external_id or str(part.thread.get("comment_id") or "")
    if not target:
        raise ConnectorError(_("There is no comment to answer."), kind="PERMANENT")
    body = {"message": part.text} if part.text else {}
    if part.attachments:
        body["attachment_id"] = _upload(part.attachments[0], graph, page_id)
    answer = graph.post(f"{target}/comments", body)
    return Receipt(parts=(str(answer["id"]),))


def _upload(attachment: OutgoingAttachment, graph: Graph, page_id: str) -> str:
    """A photo of the page that nobody sees until the comment names it."""
    mime = plain_mime(attachment)
    if size_of(attachment) > LARGEST_IMAGE or mime not in PICTURES:
        raise ConnectorError(_("A comment takes pictures (JPEG, PNG, GIF) of at most 8 MB."), kind="PERMANENT")
    with nothing_sent_yet(), Path(attachment.path).open("rb") as file:
        answer = graph.upload(
            f"{page_id}/photos",
            data={"published": "false"},
            files={"source": (attachment.name or "picture", file, mime)},
        )
    return str(answer["id"])
