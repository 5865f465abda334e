"""What a Telegram message carries, read through python-telegram-bot's types of its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import (
    Animation,
    Audio,
    Contact,
    Document,
    Location,
    Message,
    PhotoSize,
    Sticker,
    Venue,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import MessageType
from telegram.helpers import effective_message_type

from openlines.types import IncomingAttachment

Fields = dict[str, Any]
Medium = Animation | Audio | Document | PhotoSize | Video | VideoNote | Voice

# What Telegram itself writes into a chat: no words of the client.
NOTICES = frozenset(
    {
        MessageType.PINNED_MESSAGE,
        MessageType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        MessageType.CHAT_BACKGROUND_SET,
        MessageType.WRITE_ACCESS_ALLOWED,
        MessageType.CONNECTED_WEBSITE,
        MessageType.FORUM_TOPIC_CREATED,
        MessageType.FORUM_TOPIC_EDITED,
        MessageType.FORUM_TOPIC_CLOSED,
        MessageType.FORUM_TOPIC_REOPENED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The part of a message that differs from kind to kind."""

    kind: str
    text: str = ""
    attachments: tuple[IncomingAttachment, ...] = ()
    location: Fields | None = None
    contact: Fields | None = None
    context: Fields = field(default_factory=dict)
    details: Fields = field(default_factory=dict)


def content_of(message: Fields) -> Content | None:
    """What the client sent; ``None`` for a notice of Telegram's own."""
    for name, read in READERS.items():
        if name in message:
            return read(message[name])
    return _unknown(Message.de_json(message, None))


def _unknown(message: Message) -> Content | None:
    # What is newer than the library is among the fields that it does not know.
    kind = effective_message_type(message) or next(iter(message.api_kwargs), None)
    if kind is None or kind in NOTICES:
        return None
    return Content(kind="UNSUPPORTED", details={"provider_kind": str(kind)[:64]})


def _text(text: str) -> Content:
    if text == "/start" or text.startswith("/start "):
        payload = text[len("/start ") :].strip()
        carried = {"start_payload": payload} if payload else {}
        return Content(kind="TEXT", text="/start", context=carried, details=carried)
    return Content(kind="TEXT", text=text)


def _photo(sizes: list[Fields]) -> Content:
    # Telegram lists the same picture in growing sizes.
    return _media("IMAGE", PhotoSize.de_json(sizes[-1], None), mime="image/jpeg")


def _animation(value: Fields) -> Content:
    return _media("VIDEO", Animation.de_json(value, None), mime="video/mp4")


def _voice(value: Fields) -> Content:
    return _media("VOICE", Voice.de_json(value, None), mime="audio/ogg")


def _audio(value: Fields) -> Content:
    audio = Audio.de_json(value, None)
    title = " - ".join(part for part in (audio.performer, audio.title) if part)
    return _media("AUDIO", audio, name=title, mime="audio/mpeg")


def _video(value: Fields) -> Content:
    return _media("VIDEO", Video.de_json(value, None), mime="video/mp4")


def _video_note(value: Fields) -> Content:
    return _media("VIDEO", VideoNote.de_json(value, None), mime="video/mp4")


def _document(value: Fields) -> Content:
    return _media("FILE", Document.de_json(value, None))


def _sticker(value: Fields) -> Content:
    sticker = Sticker.de_json(value, None)
    context = {"emoji": sticker.emoji} if sticker.emoji else {}
    if sticker.is_animated and sticker.thumbnail:
        # Browsers can't play .tgs animations; the thumbnail is a still picture of the same sticker.
        return _media("STICKER", sticker.thumbnail, context=context)
    mime = "video/webm" if sticker.is_video else "application/x-tgsticker" if sticker.is_animated else "image/webp"
    attachment = IncomingAttachment(
        kind="STICKER",
        reference=sticker.file_id,
        mime=mime,
        size=sticker.file_size,
        width=sticker.width,
        height=sticker.height,
    )
    return Content(kind="STICKER", attachments=(attachment,), context=context)


def _venue(value: Fields) -> Content:
    venue = Venue.de_json(value, None)
    title = ", ".join(part for part in (venue.title, venue.address) if part)
    return Content(kind="LOCATION", location=_place(venue.location, title))


def _location(value: Fields) -> Content:
    location = Location.de_json(value, None)
    context = {"is_live": True} if location.live_period else {}
    return Content(kind="LOCATION", location=_place(location, None), context=context)


def _place(location: Location, title: str | None) -> Fields:
    return {"latitude": location.latitude, "longitude": location.longitude, "title": title or None}


def _contact(value: Fields) -> Content:
    contact = Contact.de_json(value, None)
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    context = {"contact_user_id": str(contact.user_id)} if contact.user_id else {}
    return Content(kind="CONTACT", contact={"name": name, "phone": _phone(contact.phone_number)}, context=context)


def _phone(number: str) -> str:
    # Telegram gives the international number without its plus where a card comes from a phone's address book.
    return f"+{number}" if number.isdigit() and len(number) > 10 and not number.startswith("0") else number


def _dice(value: Fields) -> Content:
    return Content(kind="TEXT", text=str(value["emoji"]))


def _media(
    kind: str, medium: Medium | PhotoSize, *, name: str = "", mime: str = "", context: Fields | None = None
) -> Content:
    attachment = IncomingAttachment(
        kind=kind,
        reference=medium.file_id,
        name=getattr(medium, "file_name", None) or name,
        mime=getattr(medium, "mime_type", None) or mime,
        size=medium.file_size,
        width=getattr(medium, "width", None) or getattr(medium, "length", None),
        height=getattr(medium, "height", None) or getattr(medium, "length", None),
        duration=_seconds(getattr(medium, "duration", None)),
    )
    return Content(kind=kind, attachments=(attachment,), context=context or {})


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else int(duration.total_seconds())


# In the order of looking: an animation also carries a document, a venue also a location.
READERS: dict[str, Callable[[Any], Content]] = {
    "text": _text,
    "photo": _photo,
    "voice": _voice,
    "animation": _animation,
    "document": _document,
    "video": _video,
    "sticker": _sticker,
    "audio": _audio,
    "video_note": _video_note,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "dice": _dice,
}
