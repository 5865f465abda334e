"""YouTube's comments, translated. Pure; nothing here knows of the network.

An event is a thread as YouTube lists it, with the one ``comment`` of it that is new, and for comments of our own which
``answered`` comment they are meant for.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    Person,
    Subject,
)

Fields = Mapping[str, Any]

LONGEST_REFERENCE = 512
WATCH = "https://www.youtube.com/watch"
THUMBNAILS = ("medium", "high", "default")


def event_key(event: Fields) -> str:
    """A comment that was changed is another event."""
    comment = event["comment"]
    return f"{comment['id']}@{comment['snippet']['updatedAt']}"


def author_of(comment: Fields) -> str:
    """An id of whoever wrote; closed channels have a name only."""
    snippet = comment["snippet"]
    channel = snippet.get("authorChannelId") or {}
    return str(channel.get("value") or f"name:{snippet['authorDisplayName']}"[:200])


def incoming_from(event: Fields, our_id: str) -> list[Incoming]:
    comment = event["comment"]
    snippet = comment["snippet"]
    if author_of(comment) == our_id:
        return _echo(event, our_id)
    message = IncomingMessage(
        chat_external_id=_chat(event, comment),
        external_id=str(comment["id"]),
        sender=_person(comment),
        thread=thread_of(event),
        reply_to_external_id=str(snippet.get("parentId") or ""),
        **_said(event, comment),
    )
    if not _is_changed(snippet):
        return [message]
    # Whoever saw it before it was changed has it already: only the change is news then.
    edit = IncomingEdit(
        chat_external_id=message.chat_external_id, external_id=message.external_id, text=message.text
    )  # fmt: skip
    return [message, edit]


def _echo(event: Fields, our_id: str) -> list[Incoming]:
    """What staff wrote on YouTube itself; what is meant for nobody but the public is not shown."""
    answered = event.get("answered") or event["snippet"]["topLevelComment"]
    comment = event["comment"]
    if author_of(answered) == our_id:
        return []
    return [
        IncomingEcho(
            chat_external_id=_chat(event, answered),
            external_id=str(comment["id"]),
            recipient=_person(answered),
            reply_to_external_id=str(answered["id"]),
            **_said(event, comment),
        )
    ]


def _said(event: Fields, comment: Fields) -> dict[str, Any]:
    snippet = comment["snippet"]
    text = str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")
    link = str(snippet.get("imageUrl") or "")
    files = (IncomingAttachment(kind="IMAGE", reference=link),) if 0 < len(link) <= LONGEST_REFERENCE else ()
    kind = "IMAGE" if files else "TEXT" if text else "UNSUPPORTED"
    return {
        "kind": kind,
        "text": text,
        "attachments": files,
        "details": {"provider_kind": "comment"} if kind == "UNSUPPORTED" else {},
        "sent_at": datetime.fromisoformat(snippet["publishedAt"]),
        "subject": _subject(event),
    }


def _place(event: Fields) -> str:
    """The video, or the channel itself, which has comments of its own."""
    return str(event["snippet"].get("videoId") or event["snippet"]["channelId"])


def _chat(event: Fields, comment: Fields) -> str:
    return f"{_place(event)}:{author_of(comment)}"[:255]


def thread_of(event: Fields) -> dict[str, Any]:
    """Answers stand below the first comment of a thread: whoever else is meant has to be named."""
    comment = event["comment"]
    is_first = comment["id"] == event["id"]
    name = str(comment["snippet"].get("authorDisplayName") or "")
    return {
        "thread_id": str(event["id"]),
        "comment_id": str(comment["id"]),
        "mention": "" if is_first or not name.startswith("@") else name[:100],
    }


def _person(comment: Fields) -> Person:
    snippet = comment["snippet"]
    name = str(snippet.get("authorDisplayName") or "")
    photo = str(snippet.get("authorProfileImageUrl") or "")
    return Person(
        external_id=author_of(comment),
        first_name=name.removeprefix("@"),
        username=name.removeprefix("@") if name.startswith("@") else "",
        photo_reference=photo if len(photo) <= LONGEST_REFERENCE else "",
    )


def _subject(event: Fields) -> Subject:
    video_id = str(event["snippet"].get("videoId") or "")
    if not video_id:
        channel_id = str(event["snippet"]["channelId"])
        return Subject(kind="channel", external_id=channel_id, url=f"https://www.youtube.com/channel/{channel_id}")
    video = (event.get("video") or {}).get("snippet") or {}
    pictures = video.get("thumbnails") or {}
    picture: Fields = next((pictures[size] for size in THUMBNAILS if pictures.get(size)), {})
    return Subject(
        kind="video",
        external_id=video_id,
        title=str(video.get("title") or "")[:255],
        url=f"{WATCH}?v={video_id}&lc={event['id']}",
        image=str(picture.get("url") or "")[:LONGEST_REFERENCE],
    )


def _is_changed(snippet: Fields) -> bool:
    return bool(snippet["updatedAt"] != snippet["publishedAt"])
