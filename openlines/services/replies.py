"""What operators write: answers, whispers, edits, deletions, second tries."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_dialog, visible_message
from openlines.events import OperatorReplied, ReplyDeleted, ReplyEdited, ReplyQueued
from openlines.formatting import has_marks, plain, plain_of
from openlines.means import check_can_carry, check_can_delete, check_can_edit
from openlines.models import Attachment, Chat, Dialog, Message
from openlines.services.delivering import move_delivery
from openlines.services.drafts import drop_sent_draft
from openlines.services.lifecycle import note_reply, require_open
from openlines.services.locking import lock_dialog
from openlines.services.mentions import call_colleagues
from openlines.services.messages import add_operator_message, add_service_line, reword_message, touch_message
from openlines.services.private_replies import check_private_reply
from openlines.types import OutgoingTemplate

MAX_TEXT = 10_000
MAX_ATTACHMENTS = 10


class NotYourDialog(NotAllowed):
    code = "not_your_dialog"
    message = _("Answer the dialog first: only its operator can write to the client.")


class ClientUnreachable(DomainError):
    code = "client_unreachable"
    message = _("The client has blocked us in this channel, so nothing can be sent.")


def send_reply(
    *,
    dialog_id: int,
    operator: User,
    text: str,
    now: datetime,
    visibility: str = Message.Visibility.PUBLIC,
    command_id: UUID | None = None,
    reply_to_id: int | None = None,
    attachment_ids: Sequence[UUID] = (),
    is_formatted: bool = False,
    mentions: Sequence[int] = (),
    template: OutgoingTemplate | None = None,
    is_private_reply: bool = False,
) -> tuple[Message, bool]:
    """Store what an operator wrote and queue its delivery; returns the message and whether it is new. ``mentions`` are
    colleagues whom a whisper calls. ``text`` of a ``template`` is what the client will read; it goes out at any time.
    A private reply answers the public comment ``reply_to_id``, once.

    The same ``command_id`` again returns the message it made the first time. Raises ``NotFound``, ``InvalidInput``,
    ``NotYourDialog``, ``ClientUnreachable``, ``ReplyWindowClosed``, ``DialogAlreadyClosed``.
    """
    try:
        with transaction.atomic():
            return _send_reply(
                visible_dialog(operator, dialog_id), operator, text.strip(), visibility, command_id, reply_to_id,
                attachment_ids, is_formatted, mentions, template, is_private_reply, now,
            )  # fmt: skip
    except IntegrityError:
        stored = _done_before(operator, command_id)
        if stored is None:
            raise
        return stored, False


def _send_reply(
    seen: Dialog, operator: User, text: str, visibility: str, command_id: UUID | None, reply_to_id: int | None,
    attachment_ids: Sequence[UUID], is_formatted: bool, mentions: Sequence[int], template: OutgoingTemplate | None,
    is_private_reply: bool, now: datetime,
) -> tuple[Message, bool]:  # fmt: skip
    dialog = lock_dialog(seen.pk)
    stored = _done_before(operator, command_id)
    if stored is not None:
        return stored, False
    _check_text(text, attachment_ids)
    if visibility == Message.Visibility.PUBLIC:
        _check_may_write(dialog, operator)
    quoted = _quoted(dialog, reply_to_id)
    if is_private_reply:
        check_private_reply(dialog, quoted)
    called = call_colleagues(dialog, mentions, visibility=visibility, by=operator, now=now)
    attachments = _uploads(operator, attachment_ids)
    is_formatted = is_formatted and has_marks(text)
    if visibility == Message.Visibility.PUBLIC and template is None:
        check_can_carry(dialog, plain(text) if is_formatted else text, attachments, now=now)
    message = add_operator_message(
        dialog, operator=operator, text=text, visibility=visibility, kind=_kind(text, attachments),
        command_id=command_id, reply_to=quoted, has_attachments=bool(attachments),
        payload=_payload(is_formatted, called, template, is_private_reply), now=now,
    )  # fmt: skip
    for position, attachment in enumerate(attachments):
        Attachment.objects.filter(pk=attachment.pk).update(message=message, position=position)
    if visibility == Message.Visibility.PUBLIC:
        _queue_for_client(dialog, message, operator, now)
    drop_sent_draft(dialog_id=dialog.pk, operator_id=operator.pk, text=text, now=now)
    return message, True


def _payload(
    is_formatted: bool, mentions: Sequence[int], template: OutgoingTemplate | None, is_private_reply: bool
) -> dict[str, Any]:
    payload: dict[str, Any] = {"is_formatted": True} if is_formatted else {}
    if is_private_reply:
        payload["is_private_reply"] = True
    if mentions:
        payload["mentions"] = list(mentions)
    return payload | ({"template": asdict(template)} if template else {})


def _done_before(operator: User, command_id: UUID | None) -> Message | None:
    if command_id is None:
        return None
    return Message.objects.filter(author=operator, command_id=command_id).first()


def _check_text(text: str, attachment_ids: Sequence[UUID]) -> None:
    if not text and not attachment_ids:
        raise InvalidInput(_("Write something or attach a file."), fields={"text": [_("This is empty.")]})
    if len(text) > MAX_TEXT:
        raise InvalidInput(
            _("The message is too long: at most %(limit)d characters.") % {"limit": MAX_TEXT},
            fields={"text": [_("Too long.")]},
        )
    if len(attachment_ids) > MAX_ATTACHMENTS:
        raise InvalidInput(_("At most %(limit)d files in one message.") % {"limit": MAX_ATTACHMENTS})


def _check_may_write(dialog: Dialog, operator: User) -> None:
    require_open(dialog)
    if not _speaks_to_client(dialog, operator):
        raise NotYourDialog
    if not dialog.client.is_reachable:
        raise ClientUnreachable


def _speaks_to_client(dialog: Dialog, operator: User) -> bool:
    """The owner, and with an owner whoever was invited or steers the line."""
    if dialog.owner_id is None or dialog.owner_id == operator.pk:
        return dialog.owner_id is not None
    return operator.pk in dialog.participant_ids or steers(operator, dialog.line_id)


def _uploads(operator: User, attachment_ids: Sequence[UUID]) -> list[Attachment]:
    found = Attachment.objects.select_for_update().in_bulk(list(attachment_ids))
    uploads = [found[pk] for pk in attachment_ids if pk in found]
    if len(uploads) != len(attachment_ids) or any(u.uploaded_by_id != operator.pk or u.message_id for u in uploads):
        raise InvalidInput(_("A file is missing: attach it again."), fields={"attachments": [_("Unknown file.")]})
    return uploads


def _quoted(dialog: Dialog, message_id: int | None) -> Message | None:
    if message_id is None:
        return None
    quoted = Message.objects.filter(pk=message_id, chat_id=dialog.chat_id, visibility=Message.Visibility.PUBLIC).first()
    if quoted is None:
        raise InvalidInput(_("The quoted message is not in this chat."), fields={"reply_to": [_("Unknown message.")]})
    return quoted


def _kind(text: str, attachments: Sequence[Attachment]) -> str:
    if attachments and attachments[0].kind in Message.Kind.values:
        return attachments[0].kind
    return Message.Kind.TEXT


def _queue_for_client(dialog: Dialog, message: Message, operator: User, now: datetime) -> None:
    if operator.pk not in dialog.participant_ids:
        Chat.objects.filter(pk=dialog.chat_id).update(last_operator=operator)
    note_reply(dialog, operator=operator, now=now)
    publish(ReplyQueued(message.pk))
    publish(OperatorReplied(dialog.pk, operator.pk, dialog.owner_id or operator.pk))


@transaction.atomic
def edit_reply(
    *, message_id: int, operator: User, text: str, is_formatted: bool | None = None, now: datetime
) -> Message:
    """Change one's own message, at the client's side too; whether its marks count stays as it was unless it is said.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``.
    """
    dialog, message = _own_message(message_id, operator)
    text = text.strip()
    if not text and not message.has_attachments:
        raise InvalidInput(_("Write something, or delete the message."), fields={"text": [_("This is empty.")]})
    _check_text(text or "-", ())
    payload = _formatted(message, text, is_formatted)
    if (text, payload) == (message.text, message.payload):
        return message
    if message.visibility == Message.Visibility.PUBLIC:
        check_can_edit(dialog, plain_of(text, payload))
    reword_message(dialog, message, text=text, payload=payload, edited_at=now)
    if message.visibility == Message.Visibility.PUBLIC:
        publish(ReplyEdited(message.pk))
    return message


def _formatted(message: Message, text: str, is_formatted: bool | None) -> dict[str, Any]:
    payload = {name: value for name, value in message.payload.items() if name != "is_formatted"}
    wanted = message.payload.get("is_formatted") if is_formatted is None else is_formatted
    return payload | {"is_formatted": True} if wanted and has_marks(text) else payload


@transaction.atomic
def delete_reply(*, message_id: int, operator: User, now: datetime) -> Message:
    """Take one's own message back, at the client's side too. Raises ``NotFound``, ``NotAllowed``."""
    dialog, message = _own_message(message_id, operator)
    if message.visibility == Message.Visibility.PUBLIC:
        check_can_delete(dialog)
    reword_message(dialog, message, deleted_at=now)
    if message.visibility == Message.Visibility.PUBLIC:
        publish(ReplyDeleted(message.pk))
    return message


def _own_message(message_id: int, operator: User) -> tuple[Dialog, Message]:
    seen = visible_message(operator, message_id)
    dialog = lock_dialog(seen.dialog_id)
    message = Message.objects.select_related("dialog").get(pk=message_id)
    if message.author_id != operator.pk or message.author_kind != Message.Author.OPERATOR:
        raise NotAllowed(_("You can change only what you wrote yourself."))
    if message.deleted_at is not None:
        raise NotAllowed(_("This message is deleted."))
    return dialog, message


@transaction.atomic
def retry_delivery(*, message_id: int, operator: User) -> Message:
    """Send a failed message, or one whose fate is not known, once more.

    Raises ``NotFound``, ``NotYourDialog``, ``DomainError`` when there is nothing to retry.
    """
    dialog, message = _message_to_decide_on(message_id, operator)
    if message.delivery_state not in {Message.Delivery.FAILED, Message.Delivery.UNKNOWN} or message.deleted_at:
        raise DomainError(_("This message is not waiting for another try."))
    touch_message(dialog, message, delivery_state=Message.Delivery.QUEUED, delivery_error="")
    publish(ReplyQueued(message.pk))
    return message


@transaction.atomic
def mark_as_sent(*, message_id: int, operator: User, now: datetime) -> Message:
    """The channel did not say whether a message arrived; a person has looked there, and it did.

    Raises ``NotFound``, ``NotYourDialog``, ``DomainError`` when nobody doubts it.
    """
    dialog, message = _message_to_decide_on(message_id, operator)
    if message.delivery_state != Message.Delivery.UNKNOWN or message.deleted_at:
        raise DomainError(_("It is known how this message fared."))
    move_delivery(dialog, message, state=Message.Delivery.SENT)
    add_service_line(dialog, "ARRIVAL_CONFIRMED", now=now, operator=operator.name)
    return message


def _message_to_decide_on(message_id: int, operator: User) -> tuple[Dialog, Message]:
    seen = visible_message(operator, message_id)
    dialog = lock_dialog(seen.dialog_id)
    if not _speaks_to_client(dialog, operator) and not steers(operator, dialog.line_id):
        raise NotYourDialog
    return dialog, Message.objects.get(pk=message_id)
