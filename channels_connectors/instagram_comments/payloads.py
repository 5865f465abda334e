"""Comments below an Instagram account's posts, translated. Pure."""

from collections.abc import Mapping
from typing import Any

from channels_connectors.meta.content import moment_of_seconds
from channels_connectors.meta.events import of_kind
from channels_connectors.meta.threads import author_of, chat_of, nobody, title_of
from channels_connectors.meta.webhooks import Element, mapping
from openlines.types import Incoming, IncomingEcho, IncomingMessage, Person, Subject

Fields = Mapping[str, Any]

KIND = "instagram_comments"


def incoming_from(payload: Any) -> list[Incoming]:
    return [item for element in of_kind(payload, KIND) for item in _said(element)]


def is_own(comment: Fields, account_id: str) -> bool:
    return author_of(comment) == account_id


def media_id_of(value: Fields) -> str:
    """Of an advertisement the post that it shows counts, where there is one."""
    media = mapping(value.get("media") or {})
    return str(media.get("original_media_id") or media.get("id") or value["media_id"])


def _said(element: Element) -> list[Incoming]:
    value, time = element.change, element.entry.get("time")
    if "id" not in value:
        return [_mention(value, time)]
    if is_own(value, element.account_id):
        return _echo(value, element.account_id, time)
    person = _author(value, _root(value))
    text = str(value.get("text") or "")
    return [
        IncomingMessage(
            chat_external_id=chat_of(media_id_of(value), person.external_id),
            external_id=str(value["id"]),
            sender=person,
            kind="TEXT" if text else "UNSUPPORTED",
            text=text,
            sent_at=moment_of_seconds(time),
            reply_to_external_id=str(value.get("parent_id") or ""),
            thread=_thread(value),
            subject=_subject(value),
            details={} if text else {"provider_kind": "comment"},
        )
    ]


def _mention(value: Fields, time: Any) -> IncomingMessage:
    """Somebody named the account elsewhere; Instagram says where, and neither who nor what."""
    media_id, comment_id = str(value["media_id"]), str(value.get("comment_id") or "")
    person = nobody(comment_id or media_id)
    return IncomingMessage(
        chat_external_id=chat_of(media_id, person.external_id),
        external_id=comment_id or f"mention-{media_id}",
        sender=person,
        kind="UNSUPPORTED",
        sent_at=moment_of_seconds(time),
        thread={"comment_id": comment_id, "media_id": media_id},
        subject=_subject(value),
        details={"provider_kind": "mention"},
    )


def _echo(value: Fields, account_id: str, time: Any) -> list[Incoming]:
    """What the account wrote goes into the thread of whom it answered; what it wrote to nobody is no talk of ours."""
    answered = mapping(value.get("parent") or {})
    parent_id = str(value.get("parent_id") or "")
    if not parent_id or is_own(answered, account_id):
        return []
    person = _author(answered, parent_id)
    return [
        IncomingEcho(
            chat_external_id=chat_of(media_id_of(value), person.external_id),
            external_id=str(value["id"]),
            recipient=person,
            text=str(value.get("text") or ""),
            sent_at=moment_of_seconds(time),
            reply_to_external_id=parent_id,
            thread=_thread(value),
            subject=_subject(value),
        )
    ]


def _author(comment: Fields, root_id: str) -> Person:
    author_id = author_of(comment)
    if not author_id:
        return nobody(root_id)
    return Person(external_id=author_id, username=str(comment["from"].get("username") or ""))


def _root(value: Fields) -> str:
    return str(value.get("parent_id") or value["id"])


def _thread(value: Fields) -> dict[str, Any]:
    """Answers hang below comments of the first level only."""
    return {"comment_id": _root(value), "media_id": media_id_of(value)}


def _subject(value: Fields) -> Subject:
    media = mapping(value.get("media") or {})
    is_film = media.get("media_type") == "VIDEO"
    return Subject(
        kind="post",
        external_id=media_id_of(value),
        title=title_of(media.get("caption") or media.get("ad_title")),
        url=str(media.get("permalink") or ""),
        image=str(media.get("thumbnail_url") or ("" if is_film else media.get("media_url")) or ""),
    )
