"""What a message of the Bot Framework carries: text, places, files, cards."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from openlines.types import IncomingAttachment

Fields = Mapping[str, Any]

GEO, PLACE, MENTION = "GeoCoordinates", "Place", "mention"
CARD = "application/vnd.microsoft.card."
TEAMS_FILE = "application/vnd.microsoft.teams.file.download.info"
KINDS = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}
LONGEST_REFERENCE = 512
# What cards say, in the order in which people read it.
CARD_WORDS = ("title", "subtitle", "text")
MOST_CARD_PIECES, DEEPEST_CARD = 100, 8
TAGS = re.compile(r"<[^<>]{0,500}>")


def text_of(activity: Fields) -> str:
    """The words: without the name of our bot where people have to call it, with the subject of a mail above them."""
    text = str(activity.get("text") or "")
    for entity in _entities(activity, MENTION):
        mentioned, called = entity.get("mentioned") or {}, str(entity.get("text") or "")
        if called and mentioned.get("id") == (activity.get("recipient") or {}).get("id"):
            text = text.replace(called, "", 1)
    if activity.get("textFormat") == "xml":
        text = TAGS.sub("", text)
    parts = [_subject(activity, text), text.strip(), *_cards(activity)]
    return "\n\n".join(part for part in parts if part)


def _subject(activity: Fields, text: str) -> str:
    data = activity.get("channelData")
    subject = str(data.get("subject") or "") if isinstance(data, dict) else ""
    return "" if subject in text else subject


def _entities(activity: Fields, kind: str) -> Iterator[Fields]:
    for entity in activity.get("entities") or ():
        if isinstance(entity, dict) and str(entity.get("type", "")).rpartition("/")[2] == kind:
            yield entity


def location_of(activity: Fields) -> dict[str, Any] | None:
    """Where the client is: coordinates, with the name of the place where there is one."""
    place = next(_entities(activity, PLACE), {})
    geo = place.get("geo") if isinstance(place.get("geo"), dict) else next(_entities(activity, GEO), None)
    if geo is None or geo.get("latitude") is None or geo.get("longitude") is None:
        return None
    latitude, longitude = float(geo["latitude"]), float(geo["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    address = place.get("address")
    names = (place.get("name") or geo.get("name"), address if isinstance(address, str) else None)
    title = ", ".join(str(name) for name in names if name)
    return {"latitude": latitude, "longitude": longitude, "title": title or None}


def attachments_of(activity: Fields) -> tuple[IncomingAttachment, ...]:
    listed = enumerate(activity.get("attachments") or ())
    found = (_attachment(activity, index, item) for index, item in listed if isinstance(item, dict))
    return tuple(attachment for attachment in found if attachment is not None)


def _attachment(activity: Fields, index: int, item: Fields) -> IncomingAttachment | None:
    mime, url = str(item.get("contentType") or ""), str(item.get("contentUrl") or "")
    content = item.get("content")
    if mime == TEAMS_FILE and isinstance(content, dict):
        url, mime = str(content.get("downloadUrl") or ""), ""
    if not url or mime.startswith(CARD):
        return None
    if mime.endswith("/*"):
        mime = ""
    kind = KINDS.get(str(item.get("contentType") or "").partition("/")[0], "FILE")
    name = str(item.get("name") or "")[:255]
    return IncomingAttachment(kind=kind, reference=_reference(activity, index, url), name=name, mime=mime)


def _reference(activity: Fields, index: int, url: str) -> str:
    """Addresses too long to keep, and files that came inside the activity, are looked up in the event itself."""
    reference = json.dumps({"url": url, "service_url": str(activity["serviceUrl"])})
    return reference if len(reference) <= LONGEST_REFERENCE else json.dumps({"index": index})


def named_by(reference: str, event: bytes) -> tuple[str, str]:
    """The address that a reference stands for, and the service it came from. Raises ``LookupError``, ``ValueError``."""
    said = json.loads(reference)
    if "url" in said:
        return said["url"], said["service_url"]
    activity = json.loads(event)
    item = activity["attachments"][said["index"]]
    content = item.get("content")
    link = content.get("downloadUrl") if isinstance(content, dict) else None
    return str(link or item["contentUrl"]), str(activity["serviceUrl"])


def _cards(activity: Fields) -> Iterator[str]:
    for item in activity.get("attachments") or ():
        if isinstance(item, dict) and str(item.get("contentType") or "").startswith(CARD):
            words = "\n".join(_words(item.get("content"), DEEPEST_CARD))
            if words:
                yield words


def _words(content: Any, depth: int) -> Iterator[str]:
    """All that stands on a card, whatever its shape."""
    if not isinstance(content, dict) or depth == 0:
        return
    yield from (str(content[name]) for name in CARD_WORDS if isinstance(content.get(name), str) and content[name])
    for name in ("body", "items", "columns"):
        pieces = content.get(name)
        for piece in pieces[:MOST_CARD_PIECES] if isinstance(pieces, list) else ():
            yield from _words(piece, depth - 1)


def provider_kind_of(activity: Fields) -> str:
    kinds = [str(item.get("contentType")) for item in activity.get("attachments") or () if isinstance(item, dict)]
    return (kinds or ["message"])[0][:100]
