"""What a message in Messenger or Instagram carries. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from channels_connectors.meta.webhooks import listed, mapping
from openlines.types import IncomingAttachment

Fields = Mapping[str, Any]

# A story or a post may be a picture or a video: that shows when it is fetched.
MEDIA = {
    "image": "IMAGE", "video": "VIDEO", "audio": "VOICE", "file": "FILE", "reel": "VIDEO", "ig_reel": "VIDEO",
    "share": "FILE", "post": "FILE", "ig_post": "FILE", "story_mention": "FILE", "ig_story": "FILE",
}  # fmt: skip
SHARED = frozenset({"reel", "ig_reel", "share", "post", "ig_post", "story_mention", "ig_story"})
LATEST = 253_402_300_799_000
# More than Meta lets anybody send at once.
MOST_ATTACHMENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    kind: str = "TEXT"
    text: str = ""
    attachments: tuple[IncomingAttachment, ...] = ()
    location: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)


def content_of(message: Fields) -> Content:
    """What nobody can show is a message of the kind ``UNSUPPORTED``, whatever came along with it."""
    text = _words(message.get("text"))
    if message.get("is_unsupported"):
        return Content(kind="UNSUPPORTED", text=text, details={"provider_kind": "is_unsupported"})
    content = Content(text=text)
    for attachment in listed(message.get("attachments") or [])[:MOST_ATTACHMENTS]:
        content = _with(content, mapping(attachment))
    if content.text or content.attachments or content.location or content.kind == "UNSUPPORTED":
        return content
    unknown = next((name for name in message if name not in ("mid", "seq", "text", "attachments")), "empty")
    return Content(kind="UNSUPPORTED", details=content.details | {"provider_kind": unknown})


def _with(content: Content, attachment: Fields) -> Content:
    kind, payload = str(attachment.get("type", "")), _payload(attachment)
    url, title = (
        _words(payload.get("url") or attachment.get("url")),
        _words(payload.get("title") or attachment.get("title")),
    )
    if kind == "location" and (place := _place(payload, title)):
        return replace(content, kind="LOCATION", location=place)
    if kind in MEDIA and url:
        return _with_medium(content, kind, payload, url, title)
    if kind in ("template", "fallback") and (content.text or title or url or payload.get("text")):
        # A card beside a link is only a picture of the link.
        return replace(content, text=content.text or _words(payload.get("text")) or f"{title}\n{url}".strip())
    details = content.details | {"provider_kind": kind}
    return replace(content, details=details, kind="TEXT" if content.text else _unsupported_beside(content))


def _unsupported_beside(content: Content) -> str:
    return content.kind if content.attachments or content.location else "UNSUPPORTED"


def _with_medium(content: Content, kind: str, payload: Fields, url: str, title: str) -> Content:
    ours = "STICKER" if payload.get("sticker_id") else MEDIA[kind]
    medium = IncomingAttachment(kind=ours, reference=url)
    shared = {"provider_kind": kind} if kind in SHARED else {}
    return replace(
        content,
        kind=content.kind if content.attachments else ours,
        text=content.text or (title if kind in SHARED else ""),
        attachments=(*content.attachments, medium),
        details=content.details | shared,
    )


def _payload(attachment: Fields) -> Fields:
    payload = attachment.get("payload")
    return payload if isinstance(payload, dict) else {}


def _place(payload: Fields, title: str) -> dict[str, Any] | None:
    coordinates = payload.get("coordinates")
    if not isinstance(coordinates, dict):
        return None
    latitude, longitude = coordinates.get("lat"), coordinates.get("long")
    if not _is_number(latitude, 90) or not _is_number(longitude, 180):
        return None
    return {"latitude": latitude, "longitude": longitude, "title": title or None}


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def moment(milliseconds: Any) -> datetime | None:
    """Meta's times; nothing where they make no sense."""
    if not isinstance(milliseconds, int | float) or not 0 < milliseconds <= LATEST:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def moment_of_seconds(seconds: Any) -> datetime | None:
    return moment(seconds * 1000) if isinstance(seconds, int | float) else None


def references_of(event: Fields) -> Sequence[str]:
    """The addresses of the media in a message, in their order."""
    message = event.get("message", {})
    return [attachment.reference for attachment in content_of(message).attachments]
