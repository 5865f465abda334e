"""Adding messages to a dialog that is locked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from common.events import publish
from crm.models import User
from openlines.events import ReplyQueued
from openlines.models import Dialog, Message
from openlines.services.locking import save_changes

PREVIEW_LENGTH = 200
DIALOG_COUNTERS = (
    "last_seq", "last_message_at", "preview_author", "preview_kind", "preview_text", "waiting_since", "unread",
    "first_replied_at", "operator_read_seq",
)  # fmt: skip


def add_service_line(dialog: Dialog, code: str, *, now: datetime, **params: object) -> Message:
    """A line that only staff see; its words are made in the reader's language from the code."""
    message = Message(
        author_kind=Message.Author.SYSTEM,
        visibility=Message.Visibility.STAFF,
        payload={"service": {"code": code, "params": params}},
    )
    return _append(dialog, message, now=now)


def add_automatic_text(dialog: Dialog, text: str, *, now: datetime) -> Message:
    """A text to the client that no person wrote."""
    message = Message(author_kind=Message.Author.BOT, text=text, delivery_state=Message.Delivery.QUEUED)
    _append(dialog, message, now=now)
    publish(ReplyQueued(message.pk))
    return message


def add_operator_message(
    dialog: Dialog,
    *,
    operator: User,
    text: str,
    visibility: str,
    kind: str,
    command_id: UUID | None,
    reply_to: Message | None,
    has_attachments: bool,
    now: datetime,
) -> Message:
    is_public = visibility == Message.Visibility.PUBLIC
    message = Message(
        author_kind=Message.Author.OPERATOR,
        author=operator,
        visibility=visibility,
        kind=kind,
        text=text,
        command_id=command_id,
        reply_to=reply_to,
        has_attachments=has_attachments,
        delivery_state=Message.Delivery.QUEUED if is_public else Message.Delivery.NONE,
    )
    if is_public:
        dialog.waiting_since = None
        dialog.first_replied_at = dialog.first_replied_at or now
        dialog.operator_read_seq = dialog.last_seq
        dialog.unread = 0
    return _append(dialog, message, now=now)


def _append(dialog: Dialog, message: Message, *, now: datetime) -> Message:
    dialog.last_seq += 1
    if message.visibility == Message.Visibility.PUBLIC and message.author_kind != Message.Author.BOT:
        show_in_preview(dialog, author=message.author_kind, kind=message.kind, text=message.text, at=now)
    save_changes(dialog, *DIALOG_COUNTERS)
    message.dialog = dialog
    message.chat_id = dialog.chat_id
    message.seq = dialog.last_seq
    message.revision = dialog.revision
    message.created_at = now
    message.save(force_insert=True)
    return message


def show_in_preview(dialog: Dialog, *, author: str, kind: str, text: str, at: datetime) -> None:
    dialog.last_message_at = at
    dialog.preview_author = author
    dialog.preview_kind = kind
    dialog.preview_text = text[:PREVIEW_LENGTH]


def touch_message(dialog: Dialog, message: Message, *fields: str, **changes: Any) -> Message:
    """Change a stored message under the dialog's next revision."""
    for name, value in changes.items():
        setattr(message, name, value)
    save_changes(dialog)
    message.revision = dialog.revision
    message.save(update_fields=[*fields, *changes, "revision"])
    return message
