"""What channels report besides messages: edits, deletions, reachability. How ours fared is in ``delivering``."""

from datetime import datetime

from django.db import transaction

from crm.models import Client
from openlines.models import Channel, Chat, Message
from openlines.services.locking import lock_dialog, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line, reword_message
from openlines.types import IncomingDeletion, IncomingEdit, IncomingReachability


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
