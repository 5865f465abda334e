"""Comments below a page's posts, translated. Pure."""

from collections.abc import Mapping
from typing import Any

from channels_connectors.meta.content import moment_of_seconds
from channels_connectors.meta.events import of_kind
from channels_connectors.meta.threads import author_of, chat_of, nobody, title_of
from channels_connectors.meta.webhooks import mapping
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingHiding,
    IncomingMessage,
    Person,
    Subject,
)

Fields = Mapping[str, Any]

KIND = "facebook_comments"


def incoming_from(payload: Any) -> list[Incoming]:
    return [item for element in of_kind(payload, KIND) for item in _said(element.change, element.account_id)]


def is_own(value: Fields, page_id: str) -> bool:
    return author_of(value) == page_id


def _said(value: Fields, page_id: str) -> list[Incoming]:
    verb, comment_id = str(value["verb"]), str(value["comment_id"])
    if is_own(value, page_id):
        return _echo(value, comment_id, page_id) if verb == "add" else []
    chat = chat_of(str(value["post_id"]), _person(value).external_id)
    match verb:
        case "add":
            return [_message(value, comment_id, chat)]
        case "edited" | "edit":
            return [IncomingEdit(chat_external_id=chat, external_id=comment_id, text=str(value.get("message") or ""))]
        case "remove":
            return [IncomingDeletion(chat_external_id=chat, external_id=comment_id)]
        case "hide" | "unhide":
            return [IncomingHiding(chat_external_id=chat, external_id=comment_id, is_hidden=verb == "hide")]
    return []


def _message(value: Fields, comment_id: str, chat: str) -> IncomingMessage:
    text, attachments = _text(value), _attachments(value)
    kind = attachments[0].kind if attachments else "TEXT" if text else "UNSUPPORTED"
    return IncomingMessage(
        chat_external_id=chat,
        external_id=comment_id,
        sender=_person(value),
        kind=kind,
        text=text,
        sent_at=moment_of_seconds(value.get("created_time")),
        reply_to_external_id=_parent(value),
        attachments=attachments,
        thread=_thread(value, comment_id),
        subject=_subject(value),
        details={"provider_kind": "comment"} if kind == "UNSUPPORTED" else {},
    )


def _echo(value: Fields, comment_id: str, page_id: str) -> list[Incoming]:
    """What the page wrote goes into the thread of whom it answered; what it wrote to nobody is no talk of ours."""
    answered = mapping(value.get("parent") or {})
    if not _parent(value) or is_own(answered, page_id):
        return []
    person = _author(answered, _parent(value))
    attachments = _attachments(value)
    return [
        IncomingEcho(
            chat_external_id=chat_of(str(value["post_id"]), person.external_id),
            external_id=comment_id,
            recipient=person,
            kind=attachments[0].kind if attachments else "TEXT",
            text=_text(value),
            sent_at=moment_of_seconds(value.get("created_time")),
            reply_to_external_id=_parent(value),
            attachments=attachments,
            thread=_thread(value, _parent(value)),
            subject=_subject(value),
        )
    ]


def _person(value: Fields) -> Person:
    return _author(value, _parent(value) or str(value["comment_id"]))


def _author(comment: Fields, root_id: str) -> Person:
    author_id = author_of(comment)
    if not author_id:
        return nobody(root_id)
    return Person(external_id=author_id, first_name=str(comment["from"].get("name") or ""))


def _parent(value: Fields) -> str:
    """The comment above; empty right below the post."""
    parent_id = str(value.get("parent_id") or "")
    return "" if parent_id == str(value["post_id"]) else parent_id


def _text(value: Fields) -> str:
    text, link = str(value.get("message") or ""), str(value.get("link") or "")
    is_medium = bool(value.get("photo") or value.get("video"))
    return text if is_medium or not link or link in text else f"{text}\n{link}".strip()


def _attachments(value: Fields) -> tuple[IncomingAttachment, ...]:
    """Stickers and moving pictures come as photos, too."""
    named = (("VIDEO", value.get("video")), ("IMAGE", value.get("photo")))
    found = [IncomingAttachment(kind=kind, reference=url) for kind, url in named if isinstance(url, str) and url]
    return tuple(found[:1])


def _thread(value: Fields, comment_id: str) -> dict[str, Any]:
    return {"comment_id": comment_id, "post_id": str(value["post_id"])}


def _subject(value: Fields) -> Subject:
    post = mapping(value.get("post") or {})
    return Subject(
        kind="post",
        external_id=str(value["post_id"]),
        title=title_of(post.get("message")),
        url=str(post.get("permalink_url") or ""),
        image=str(post.get("full_picture") or ""),
    )
