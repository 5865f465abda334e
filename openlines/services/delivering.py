"""How messages to clients fare: sent, delivered, read, failed. Reports come late, twice and in any order."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from openlines.models import Chat, Dialog, Message
from openlines.services.locking import lock_dialog, lock_dialogs, save_changes
from openlines.services.messages import touch_message

QUEUED, UNKNOWN, FAILED = Message.Delivery.QUEUED, Message.Delivery.UNKNOWN, Message.Delivery.FAILED
SENT, DELIVERED, READ = Message.Delivery.SENT, Message.Delivery.DELIVERED, Message.Delivery.READ
# What we find out ourselves: that the provider has accepted a message outweighs that we had given up.
BY_SENDING = (QUEUED, UNKNOWN, FAILED, SENT, DELIVERED, READ)
# What a provider reports of what it has accepted: it may fail after that, and what has arrived has not failed.
BY_REPORT = (QUEUED, UNKNOWN, SENT, FAILED, DELIVERED, READ)


@transaction.atomic
def record_delivery(
    *, message_id: int, state: str, error: str = "", external_parts: Sequence[str] = (), is_report: bool = False
) -> bool:
    """Move a message's delivery forward; what comes late changes nothing. Returns whether the state is another.

    ``external_parts`` are the provider's ids of a message that it has just accepted.
    """
    dialog_id = Message.objects.values_list("dialog_id", flat=True).get(pk=message_id)
    dialog = lock_dialog(dialog_id)
    message = Message.objects.get(pk=message_id)
    return move_delivery(
        dialog, message, state=state, error=error, external_parts=external_parts, is_report=is_report
    )  # fmt: skip


def move_delivery(
    dialog: Dialog,
    message: Message,
    *,
    state: str,
    error: str = "",
    external_parts: Sequence[str] = (),
    is_report: bool = False,
) -> bool:
    """The same under the dialog's lock."""
    order = BY_REPORT if is_report else BY_SENDING
    changes: dict[str, object] = {}
    before = Message.Delivery(message.delivery_state or QUEUED)
    is_forward = order.index(Message.Delivery(state)) > order.index(before)
    if is_forward or (state == before and error != message.delivery_error):
        changes = {"delivery_state": state, "delivery_error": error}
    if external_parts and message.external_parts != list(external_parts):
        changes |= {"external_id": external_parts[0], "external_parts": list(external_parts)}
    if changes:
        touch_message(dialog, message, **changes)
    return is_forward


@transaction.atomic
def record_up_to(*, chat: Chat, state: str, up_to: datetime) -> list[int]:
    """The client has got, or read, all that was sent in the chat until then; returns the messages it is news for."""
    concerned = Message.objects.filter(chat=chat, created_at__lte=up_to, delivery_state__in=_before(state))
    dialog_ids = list(concerned.order_by("dialog_id").values_list("dialog_id", flat=True).distinct())
    moved: list[int] = []
    for dialog in lock_dialogs(dialog_ids):
        ids = list(concerned.filter(dialog=dialog).order_by("seq").values_list("pk", flat=True))
        if ids:
            save_changes(dialog)
            Message.objects.filter(pk__in=ids).update(
                delivery_state=state, delivery_error="", revision=dialog.revision
            )  # fmt: skip
            moved += ids
    return moved


def _before(state: str) -> Collection[str]:
    """What was accepted and is not that far; of what has failed or still waits, a mark in time says nothing."""
    return (UNKNOWN, SENT, DELIVERED) if state == READ else (UNKNOWN, SENT)


@transaction.atomic
def record_client_delivered(*, dialog_id: int, seq: int) -> None:
    """The client's device has everything up to ``seq``, read or not."""
    dialog = lock_dialog(dialog_id)
    waiting = Message.objects.filter(dialog=dialog, seq__lte=seq, delivery_state__in=[QUEUED, UNKNOWN, SENT])
    if waiting.exists():
        save_changes(dialog)
        waiting.update(delivery_state=DELIVERED, delivery_error="", revision=dialog.revision)


@transaction.atomic
def record_client_read(*, dialog_id: int, seq: int) -> None:
    """The client has seen everything up to ``seq``."""
    dialog = lock_dialog(dialog_id)
    seq = min(seq, dialog.last_seq)
    if seq <= dialog.client_read_seq:
        return
    dialog.client_read_seq = seq
    save_changes(dialog, "client_read_seq")
    Message.objects.filter(dialog=dialog, seq__lte=seq, delivery_state__in=BY_SENDING[:-1]).update(
        delivery_state=READ, delivery_error="", revision=dialog.revision
    )
