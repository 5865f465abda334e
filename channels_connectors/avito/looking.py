"""Looking through Avito's chats for what its webhooks may have lost. The cursor is the newest second that was seen."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from channels_connectors.avito.client import MOST_PAGES, PAGE, Avito
from channels_connectors.avito.payloads import event_key
from channels_connectors.connector import Event, Polled

Fields = Mapping[str, Any]
VERSION = "v3.0.0"
# A second may get more messages after it was looked at; clocks of Avito's own servers differ.
OVERLAP = 60
# Whether a buyer has read our answers shows in no chat's time, so the liveliest are looked at each time.
LIVELIEST = 3


def newer(avito: Avito, *, cursor: str, our_id: str, wait: float = 0.0) -> Polled:
    """The first look only notes where to begin: what was said before an account was connected is history."""
    chats = avito.chats()
    newest = max((_seconds(chat.get("updated")) for chat in chats), default=0)
    if not cursor:
        return Polled(cursor=str(newest), wait=wait)
    since = int(cursor)
    found: list[tuple[int, Event]] = []
    for place, chat in enumerate(chats):
        if place < LIVELIEST or _seconds(chat.get("updated")) >= since - OVERLAP:
            found += _events(avito, chat, since - OVERLAP, our_id)
    found.sort(key=lambda pair: pair[0])
    return Polled(events=[event for _created, event in found], cursor=str(max(since, newest)), wait=wait)


def _events(avito: Avito, chat: Fields, since: int, our_id: str) -> Iterator[tuple[int, Event]]:
    is_last_read_known = False
    for message in _recent(avito, str(chat["id"]), since):
        created, is_ours = _seconds(message.get("created")), str(message.get("author_id")) == our_id
        if is_ours and message.get("is_read") and not is_last_read_known:
            # What was read of ours before it was read with it.
            is_last_read_known = True
            yield created, _event("read", message, chat, our_id)
        if created >= since:
            yield created, _event("message", message, chat, our_id)


def _recent(avito: Avito, chat_id: str, since: int) -> Iterator[Fields]:
    """The newest first, as far back as asked for."""
    for page in range(MOST_PAGES):
        listed = avito.messages(chat_id, offset=page * PAGE)
        yield from listed
        if len(listed) < PAGE or _seconds(listed[-1].get("created")) < since:
            return


def _event(kind: str, message: Fields, chat: Fields, our_id: str) -> Event:
    """As the webhook words it, and confirmed already."""
    value = {
        "id": message["id"], "chat_id": chat["id"], "user_id": int(our_id), "author_id": message.get("author_id"),
        "created": message.get("created"), "type": message.get("type"), "content": message.get("content"),
    }  # fmt: skip
    event = {
        "id": f"looked-{message['id']}",
        "version": VERSION,
        "timestamp": message.get("created"),
        "payload": {"type": kind, "value": value},
        "confirmed": {"message": message, "chat": chat},
    }
    return Event(key=event_key(event), body=json.dumps(event).encode())


def _seconds(value: Any) -> int:
    return value if isinstance(value, int) else 0
