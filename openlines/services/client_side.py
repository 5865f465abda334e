"""What channels report besides messages: edits, deletions, reachability, deliveries, read marks."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.models import Client
from openlines.models import Channel, Chat, Message
from openlines.services.locking import lock_dialog, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line, reword_message, touch_message
from openlines.types import IncomingDeletion, IncomingEdit, IncomingReachability

ORDER = [
    Message.Delivery.QUEUED, Message.Delivery.UNKNOWN, Message.Delivery.FAILED, Message.Delivery.SENT,
    Message.Delivery.DELIVERED, Message.Delivery.READ,
]  # fmt: skip


@transaction.atomic
def record_client_edit(*, channel: Channel, edit: IncomingEdit, now: datetime) -> None:
    message = _client_message(channel, edit.chat_external_id, edit.external_id)
    if message is not None and message.text != edit.text:
        reword_message(lock_dialog(message.dialog_id), message, text=edit.text, edited_at=now)


@transaction.atomic
def record_client_deletion(*, channel: Channel, deletion: IncomingDeletion, now: datetime) -> None:
    message = _client_message(channel, deletion.chat_external_id, deletion.external_id)
    if message is None and deletion.chats_beginning_with:
        message = _message_among(channel, deletion)
    if message is not None and message.deleted_at is None:
        reword_message(lock_dialog(message.dialog_id), message, deleted_at=now)


def _client_message(channel: Channel, chat_external_id: str, external_id: str) -> Message | None:
    return Message.objects.filter(
        chat__channel=channel, chat__external_id=chat_external_id, external_id=external_id, author_kind="CLIENT"
    ).first()


def _message_among(channel: Channel, deletion: IncomingDeletion) -> Message | None:
    chats = Chat.objects.filter(channel=channel, external_id__startswith=deletion.chats_beginning_with)
    ids = list(chats.values_list("pk", flat=True))
    return Message.objects.filter(chat_id__in=ids, external_id=deletion.external_id, author_kind="CLIENT").first()


@transaction.atomic
def record_reachability(*, channel: Channel, report: IncomingReachability, now: datetime) -> None:
    """The client blocked or unblocked us; staff see it in the open dialog."""
    chat = Chat.objects.filter(channel=channel, external_id=report.chat_external_id).first()
    if chat is not None:
        set_reachable(chat, is_reachable=report.is_reachable, now=now)


def set_reachable(chat: Chat, *, is_reachable: bool, now: datetime) -> None:
    """Dialogs are locked before their client, as everywhere."""
    if not Client.objects.filter(pk=chat.client_id).exclude(is_reachable=is_reachable).exists():
        return
    dialogs = lock_open_dialogs(client_id=chat.client_id)
    Client.objects.filter(pk=chat.client_id).update(is_reachable=is_reachable)
    code = "CLIENT_UNBLOCKED_US" if is_reachable else "CLIENT_BLOCKED_US"
    for dialog in dialogs:
        if dialog.chat_id == chat.pk:
            add_service_line(dialog, code, now=now)
        else:
            save_changes(dialog)


@transaction.atomic
def record_delivery(
    *,
    message_id: int,
    state: str,
    error: str = "",
    external_parts: Sequence[str] = (),
) -> None:
    """Move a message's delivery forward; a report that comes late changes nothing."""
    dialog_id = Message.objects.values_list("dialog_id", flat=True).get(pk=message_id)
    dialog = lock_dialog(dialog_id)
    message = Message.objects.get(pk=message_id)
    changes: dict[str, object] = {}
    if ORDER.index(Message.Delivery(state)) > ORDER.index(Message.Delivery(message.delivery_state or "QUEUED")):
        changes = {"delivery_state": state, "delivery_error": error}
    if external_parts and message.external_id is None:
        changes |= {"external_id": external_parts[0], "external_parts": list(external_parts)}
    if changes:
        touch_message(dialog, message, **changes)


@transaction.atomic
def record_client_delivered(*, dialog_id: int, seq: int) -> None:
    """The client's device has everything up to ``seq``, read or not."""
    dialog = lock_dialog(dialog_id)
    states = [Message.Delivery.QUEUED, Message.Delivery.UNKNOWN, Message.Delivery.SENT]
    waiting = Message.objects.filter(dialog=dialog, seq__lte=seq, delivery_state__in=states)
    if waiting.exists():
        save_changes(dialog)
        waiting.update(delivery_state=Message.Delivery.DELIVERED, delivery_error="", revision=dialog.revision)


@transaction.atomic
def record_client_read(*, dialog_id: int, seq: int) -> None:
    """The client has seen everything up to ``seq``."""
    dialog = lock_dialog(dialog_id)
    seq = min(seq, dialog.last_seq)
    if seq <= dialog.client_read_seq:
        return
    dialog.client_read_seq = seq
    save_changes(dialog, "client_read_seq")
    states = ORDER[: ORDER.index(Message.Delivery.READ)]
    Message.objects.filter(dialog=dialog, seq__lte=seq, delivery_state__in=states).update(
        delivery_state=Message.Delivery.READ, delivery_error="", revision=dialog.revision
    )
