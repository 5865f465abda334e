"""Avito's messages, translated. Pure; nothing here knows of the network.

An event is read only once it is confirmed: ``confirmed`` holds the message and its chat as Avito's API gave them to us,
and nothing that came to the webhook is believed but that there is something to ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from channels_connectors.moments import moment_of
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingDeletion,
    IncomingEcho,
    IncomingMessage,
    IncomingReceipt,
    Person,
    Subject,
)

Fields = Mapping[str, Any]

LONGEST_REFERENCE = 512
ENVELOPE = ("id", "version", "timestamp", "payload")
AVATARS = ("256x256", "192x192", "128x128")
LINK, VOICE = "link:", "voice:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    kind: str = "TEXT"
    text: str = ""
    attachments: tuple[IncomingAttachment, ...] = ()
    location: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)


def value_of(event: Fields) -> Fields:
    value: Fields = event["payload"]["value"]
    return value


def event_key(event: Fields) -> str:
    """A message that is taken back is a second event about the same id, and that it was read a third."""
    kind, value = event["payload"]["type"], value_of(event)
    if not isinstance(value["id"], str | int):
        raise TypeError("no id of a message")
    if kind == "read":
        return f"{value['id']}:read"
    return f"{value['id']}:deleted" if value.get("type") == "deleted" else str(value["id"])


def incoming_from(event: Fields, our_id: str) -> list[Incoming]:
    message, chat = event["confirmed"]["message"], event["confirmed"]["chat"]
    chat_id, message_id = str(chat["id"]), str(message["id"])
    if event["payload"]["type"] == "read":
        at = moment_of(message.get("read"))
        if not message.get("is_read"):
            return []
        return [IncomingReceipt(state="READ", chat_external_id=chat_id, external_id=message_id, at=at)]
    if message["type"] == "deleted":
        return [IncomingDeletion(chat_external_id=chat_id, external_id=message_id)]
    content = content_of(message)
    shared: dict[str, Any] = {
        "chat_external_id": chat_id,
        "external_id": message_id,
        "kind": content.kind,
        "text": content.text,
        "sent_at": moment_of(message.get("created")),
        "attachments": content.attachments,
        "subject": _subject(chat),
    }
    author_id = str(message.get("author_id") or "")
    quote = message.get("quote") or {}
    details = content.details | ({"quoted_text": _quoted(quote)} if quote else {})
    shared |= {"details": details, "reply_to_external_id": str(quote.get("id") or "")}
    if author_id == our_id:
        return [IncomingEcho(recipient=_partner(chat, our_id), **shared)]
    is_automatic = message["type"] == "system" or not _is_somebody(chat, author_id)
    sender = _partner(chat, our_id) if is_automatic else _person(chat, author_id)
    return [IncomingMessage(sender=sender, location=content.location, is_automatic=is_automatic, **shared)]


def _is_somebody(chat: Fields, author_id: str) -> bool:
    """Avito itself writes into chats, too, as nobody who is in them."""
    users = [str(user.get("id")) for user in chat.get("users") or ()]
    return not users or author_id in users


def _partner(chat: Fields, our_id: str) -> Person:
    others = (str(user.get("id")) for user in chat.get("users") or () if str(user.get("id")) != our_id)
    return _person(chat, next(others, str(chat["id"])))


def _person(chat: Fields, person_id: str) -> Person:
    found = [user for user in chat.get("users") or () if str(user.get("id")) == person_id]
    user: Fields = found[0] if found else {}
    profile = user.get("public_user_profile") or {}
    return Person(
        external_id=person_id, first_name=str(user.get("name") or ""), photo_reference=_avatar(profile.get("avatar"))
    )


def _avatar(avatar: Any) -> str:
    if not isinstance(avatar, dict):
        return ""
    images = avatar.get("images") or {}
    link = next((images[size] for size in AVATARS if images.get(size)), avatar.get("default") or "")
    return str(link)[:LONGEST_REFERENCE]


def _subject(chat: Fields) -> Subject | None:
    context = chat.get("context") or {}
    item = context.get("value") or {}
    if context.get("type") != "item" or not item.get("id"):
        return None
    main = (item.get("images") or {}).get("main") or {}
    return Subject(
        kind="item",
        external_id=str(item["id"]),
        title=str(item.get("title") or "")[:255],
        url=str(item.get("url") or "")[:LONGEST_REFERENCE],
        image=_largest(main),
        price=str(item.get("price_string") or "")[:64],
    )


def content_of(message: Fields) -> Content:
    kind = str(message["type"])
    read = READERS.get(kind)
    content = read(message.get("content") or {}) if read else None
    return content or Content(kind="UNSUPPORTED", details={"provider_kind": kind[:100]})


def _text(content: Fields) -> Content | None:
    text = str(content.get("text") or "")
    return Content(text=text) if text else None


def _link(content: Fields) -> Content | None:
    link = content.get("link") or {}
    text, url = str(link.get("text") or ""), str(link.get("url") or "")
    said = text if url in text else f"{text}\n{url}".strip()
    return Content(text=said) if said else None


def _item(content: Fields) -> Content | None:
    item = content.get("item") or {}
    said = [str(item[name]) for name in ("title", "price_string", "item_url") if item.get(name)]
    return Content(text="\n".join(said)) if said else None


def _image(content: Fields) -> Content | None:
    link = _largest((content.get("image") or {}).get("sizes") or {})
    return _file("IMAGE", f"{LINK}{link}", "image/jpeg") if link else None


def _voice(content: Fields) -> Content | None:
    voice_id = str((content.get("voice") or {}).get("voice_id") or "")
    return _file("VOICE", f"{VOICE}{voice_id}"[:LONGEST_REFERENCE], "audio/mp4") if voice_id else None


def _file(kind: str, reference: str, mime: str) -> Content:
    return Content(kind=kind, attachments=(IncomingAttachment(kind=kind, reference=reference, mime=mime),))


def _location(content: Fields) -> Content | None:
    place = content.get("location") or {}
    latitude, longitude = float(place["lat"]), float(place["lon"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    title = str(place.get("title") or place.get("text") or "")
    return Content(
        kind="LOCATION", location={"latitude": latitude, "longitude": longitude, "title": title or None}
    )  # fmt: skip


def _largest(sizes: Fields) -> str:
    """Of pictures by their sizes, like ``1280x960``."""
    links = [(_area(size), str(link)) for size, link in sizes.items() if link]
    fitting = [(area, link) for area, link in links if len(link) + len(LINK) <= LONGEST_REFERENCE]
    return max(fitting)[1] if fitting else ""


def _area(size: str) -> int:
    width, _x, height = size.partition("x")
    return int(width[:6]) * int(height[:6]) if width.isdecimal() and height.isdecimal() else 0


def _quoted(quote: Fields) -> str:
    return content_of(quote).text[:500] if quote.get("type") else ""


READERS: Mapping[str, Callable[[Fields], Content | None]] = {
    "text": _text,
    "system": _text,
    "link": _link,
    "item": _item,
    "image": _image,
    "voice": _voice,
    "location": _location,
}
