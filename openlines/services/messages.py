"""Adding messages to a dialog that is locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from common.events import publish
from common.rows import insert_rows, update_rows
from crm.models import User
from openlines.events import ReplyQueued
from openlines.formatting import plain_of
from openlines.models import Dialog, Message, SearchChange
from openlines.services.locking import lock_dialog, save_changes, write_down
from openlines.types import Buttons

PREVIEW_LENGTH = 200
DIALOG_COUNTERS = (
    "last_seq", "last_message_at", "preview_author", "preview_kind", "preview_text", "waiting_since", "unread",
    "first_replied_at", "operator_read_seq", "client_wrote_at", "snoozed_at", "snoozed_until",
)  # fmt: skip


def add_service_line(dialog: Dialog, code: str, *, now: datetime, **params: object) -> Message:
    """A line that only staff see; its words are made in the reader's language from the code."""
    return _append(dialog, service_line(code, **params), now=now)


def service_line(code: str, **params: object) -> Message:
    """Such a line, not yet in any dialog: see ``append_all``."""
    return Message(
        author_kind=Message.Author.SYSTEM,
        visibility=Message.Visibility.STAFF,
        payload={"service": {"code": code, "params": params}},
    )


def add_automatic_text(dialog: Dialog, text: str, *, now: datetime, buttons: Buttons = ()) -> Message:
    """A text to the client that no person wrote, with what they may press below it."""
    message = automatic_text(text)
    if buttons:
        rows = [[{"text": button.text, "payload": button.payload} for button in row] for row in buttons]
        message.payload = {"buttons": rows}
    _append(dialog, message, now=now)
    publish(ReplyQueued(message.pk))
    return message


def automatic_text(text: str) -> Message:
    """Such a text, not yet in any dialog; once it is, somebody has to say so: ``ReplyQueued``, ``RepliesQueued``."""
    return Message(author_kind=Message.Author.BOT, text=text, delivery_state=Message.Delivery.QUEUED)


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
    payload: Mapping[str, Any] = MappingProxyType({}),
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
        payload=dict(payload),
        delivery_state=Message.Delivery.QUEUED if is_public else Message.Delivery.NONE,
    )
    if is_public:
        dialog.waiting_since = dialog.snoozed_at = dialog.snoozed_until = None
        dialog.first_replied_at = dialog.first_replied_at or now
        dialog.operator_read_seq = dialog.last_seq
        dialog.unread = 0
    return _append(dialog, message, now=now)


def _append(dialog: Dialog, message: Message, *, now: datetime) -> Message:
    append_all([(dialog, message)], now=now)
    return message


def append_all(appended: Sequence[tuple[Dialog, Message]], *fields: str, now: datetime) -> None:
    """Number new messages in the order given; store them, their dialogs with what lists need, and these further
    fields of the dialogs: two statements for any number."""
    for dialog, message in appended:
        _number(dialog, message, now)
    dialogs = {dialog.pk: dialog for dialog, _message in appended}
    write_down([dialogs[pk] for pk in sorted(dialogs)], *dict.fromkeys((*DIALOG_COUNTERS, *fields)))
    insert_rows([message for _dialog, message in appended])


def _number(dialog: Dialog, message: Message, now: datetime) -> None:
    dialog.last_seq += 1
    dialog.revision += 1
    if message.visibility == Message.Visibility.PUBLIC and message.author_kind != Message.Author.BOT:
        show_in_preview(dialog, author=message.author_kind, kind=message.kind, text=words_of(message), at=now)
    message.dialog = dialog
    message.chat_id = dialog.chat_id
    message.seq = dialog.last_seq
    message.revision = dialog.revision
    message.created_at = now


def words_of(message: Message) -> str:
    return plain_of(message.text, message.payload)


def show_in_preview(dialog: Dialog, *, author: str, kind: str, text: str, at: datetime) -> None:
    dialog.last_message_at = at
    dialog.preview_author = author
    dialog.preview_kind = kind
    dialog.preview_text = text[:PREVIEW_LENGTH]


def touch_message(dialog: Dialog, message: Message, **changes: Any) -> Message:
    """Change a stored message under the dialog's next revision."""
    for name, value in changes.items():
        setattr(message, name, value)
    save_changes(dialog)
    message.revision = dialog.revision
    update_rows([message], *changes, "revision")
    return message


def reword_message(dialog: Dialog, message: Message, **changes: Any) -> Message:
    """Another text, or none any more: the list and the messages that quote it say so, too."""
    touch_message(dialog, message, **changes)
    said = dialog.messages.filter(visibility=Message.Visibility.PUBLIC, deleted_at=None)
    last = said.exclude(author_kind=Message.Author.BOT).order_by("-seq").first()
    dialog.preview_author, dialog.preview_kind = (last.author_kind, last.kind) if last else ("", "")
    dialog.preview_text = words_of(last)[:PREVIEW_LENGTH] if last else ""
    dialog.save(update_fields=["preview_author", "preview_kind", "preview_text"])
    SearchChange.objects.create(message=message)
    _show_in_quotes(dialog, message)
    return message


def _show_in_quotes(dialog: Dialog, message: Message) -> None:
    """Only this dialog and later ones of the chat can quote the message, so the locks are taken in order."""
    quotes = Message.objects.filter(reply_to=message)
    quotes.filter(dialog=dialog).update(revision=dialog.revision)
    later = quotes.exclude(dialog=dialog).order_by("dialog_id").values_list("dialog_id", flat=True).distinct()
    for dialog_id in list(later):
        quoting = lock_dialog(dialog_id)
        save_changes(quoting)
        quotes.filter(dialog=quoting).update(revision=quoting.revision)
