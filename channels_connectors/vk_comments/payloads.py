"""VKontakte's events about comments, translated. Pure; nothing here knows of the network.

A thread is what one person says below one post, with our answers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from channels_connectors.vk.content import SITE, Fields, content_of, number_of
from channels_connectors.vk.payloads import details_of, kind_of, moment, text_of
from openlines.types import (
    Incoming,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    Person,
    Subject,
)


def incoming_from(event: Fields) -> list[Incoming]:
    read = READERS.get(event["type"])
    incoming = None if read is None else read(event["object"], number_of(event["group_id"]))
    return [] if incoming is None else [incoming]


def _comment(value: Fields, group_id: int) -> Incoming | None:
    if _is_ours(value, group_id):
        return _echo(value)
    content, author = content_of(value), number_of(value["from_id"])
    return IncomingMessage(
        chat_external_id=_chat(value, author),
        external_id=str(number_of(value["id"])),
        sender=Person(external_id=str(author)),
        kind=kind_of(value, content),
        text=text_of(value, content),
        sent_at=moment(value.get("date")),
        reply_to_external_id=str(number_of(value.get("reply_to_comment") or 0) or ""),
        attachments=tuple(content.attachments),
        thread=_thread(value),
        subject=_subject(value),
        details=details_of(content),
    )


def _echo(value: Fields) -> Incoming | None:
    """The community's own words: an answer to somebody, or nothing that belongs to a thread."""
    person = number_of(value.get("reply_to_user") or 0)
    if person <= 0:
        return None
    content = content_of(value)
    return IncomingEcho(
        chat_external_id=_chat(value, person),
        external_id=str(number_of(value["id"])),
        recipient=Person(external_id=str(person)),
        kind=kind_of(value, content),
        text=text_of(value, content),
        sent_at=moment(value.get("date")),
        reply_to_external_id=str(number_of(value.get("reply_to_comment") or 0) or ""),
        attachments=tuple(content.attachments),
        subject=_subject(value),
        details=details_of(content),
    )


def _edit(value: Fields, group_id: int) -> Incoming | None:
    if _is_ours(value, group_id):
        return None
    text = text_of(value, content_of(value))
    chat = _chat(value, number_of(value["from_id"]))
    return IncomingEdit(chat_external_id=chat, external_id=str(number_of(value["id"])), text=text)


def _deletion(value: Fields, group_id: int) -> Incoming:
    """It says who deleted, not who wrote: mostly the same, else found among the threads of the post."""
    chat = _chat(value, number_of(value.get("deleter_id") or 0))
    return IncomingDeletion(
        chat_external_id=chat, external_id=str(number_of(value["id"])), chats_beginning_with=_chat(value, "")
    )


def _chat(value: Fields, author: Any) -> str:
    return f"{number_of(value['post_id'])}:{author}"


def _thread(value: Fields) -> dict[str, Any]:
    return {
        "owner_id": number_of(value["owner_id"]), "post_id": number_of(value["post_id"]),
        "comment_id": number_of(value["id"]),
    }  # fmt: skip


def _subject(value: Fields) -> Subject:
    place = f"{number_of(value['owner_id'])}_{number_of(value['post_id'])}"
    return Subject(kind="post", external_id=place, url=f"{SITE}/wall{place}")


def _is_ours(value: Fields, group_id: int) -> bool:
    return number_of(value["from_id"]) == -group_id


# One that is restored comes as if it were new: it is known, or it was not kept when it was new.
READERS: Mapping[str, Callable[[Fields, int], Incoming | None]] = {
    "wall_reply_new": _comment, "wall_reply_restore": _comment, "wall_reply_edit": _edit,
    "wall_reply_delete": _deletion,
}  # fmt: skip
