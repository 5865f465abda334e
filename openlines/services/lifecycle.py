"""The life of a dialog: queued, offered, assigned, pinned, read. Its end is in ``closing``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.events import DialogAssigned, OperatorRead
from openlines.models import Chat, Dialog
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line
from openlines.services.timers import cancel_timers, kinds_until_taken, set_timer

SILENCE = "silence"
CLOSING = "closing"
SNOOZE = "snooze"
ASSIGNMENT = (
    "state", "owner", "offered_to", "offer_started_at", "offer_expires_at", "answered_at", "waits_on", "group",
    "closing_at", "close_reason", "closed_at", "handed_over", "participant_ids", "snoozed_at", "snoozed_until",
)  # fmt: skip


class DialogAlreadyClosed(DomainError):
    code = "already_closed"
    message = _("This dialog is already closed.")


def require_open(dialog: Dialog) -> None:
    if not dialog.is_open:
        raise DialogAlreadyClosed


def put_before(
    dialog: Dialog, *, operator_ids: Sequence[int], started_at: datetime, expires_at: datetime | None
) -> None:
    """The dialog is offered to these operators until ``expires_at`` (or without end)."""
    _assign(dialog, state=Dialog.State.OFFERED, offered_to=operator_ids, started_at=started_at, expires_at=expires_at)


def assign_dialog(dialog: Dialog, *, operator: User, now: datetime) -> None:
    """The operator becomes the only owner. By whom it was handed over, and to which group, is settled with that."""
    dialog.answered_at = dialog.answered_at or now
    dialog.group = dialog.handed_over = None
    _assign(dialog, state=Dialog.State.ACTIVE, owner=operator)
    Chat.objects.filter(pk=dialog.chat_id).update(last_operator=operator)
    if kinds := kinds_until_taken():
        cancel_timers([dialog.pk], *kinds)
    if dialog.waiting_since is None:
        expect_client(dialog, now=now)
    publish(DialogAssigned(dialog.pk, operator.pk))


def _assign(dialog: Dialog, **where: Any) -> None:
    set_assignment(dialog, **where)
    save_changes(dialog, *ASSIGNMENT)


def set_assignment(
    dialog: Dialog,
    *,
    state: str,
    owner: User | None = None,
    offered_to: Sequence[int] = (),
    started_at: datetime | None = None,
    expires_at: datetime | None = None,
    waits_on_id: int | None = None,
) -> None:
    """Where the dialog is from now on; if it was closed, about to be, or put aside, it no longer is, and whoever
    becomes its owner is no mere participant. The caller writes the ``ASSIGNMENT`` down."""
    dialog.state = state
    dialog.owner = owner
    dialog.offered_to = list(offered_to)
    dialog.offer_started_at = started_at
    dialog.offer_expires_at = expires_at
    dialog.waits_on_id = waits_on_id
    dialog.closing_at = dialog.closed_at = dialog.snoozed_at = dialog.snoozed_until = None
    dialog.close_reason = ""
    if owner is not None and owner.pk in dialog.participant_ids:
        dialog.participant_ids = [pk for pk in dialog.participant_ids if pk != owner.pk]


def expect_client(dialog: Dialog, *, now: datetime) -> None:
    """From now on the client's silence counts."""
    if dialog.line.is_closed_by_silence and not dialog.is_pinned and dialog.snoozed_at is None:
        set_timer(dialog.pk, SILENCE, now + timedelta(seconds=dialog.line.silence_seconds))


def note_reply(dialog: Dialog, *, operator: User, now: datetime) -> None:
    """An operator has answered: the next word is the client's. A dialog that was about to be closed goes on."""
    if dialog.closing_at is not None:
        take_back(dialog)
        add_service_line(dialog, "REOPENED_BY_OPERATOR", now=now, operator=operator.name)
    expect_client(dialog, now=now)


def take_back(dialog: Dialog) -> None:
    """It is not closed after all."""
    dialog.closing_at = None
    dialog.close_reason = ""
    save_changes(dialog, "closing_at", "close_reason")
    cancel_timers([dialog.pk], CLOSING)


@transaction.atomic
def pin_dialog(*, dialog_id: int, operator: User, is_pinned: bool, now: datetime) -> Dialog:
    """A pinned dialog is not closed by silence, nor if it was about to be closed.

    Raises ``NotFound``, ``NotAllowed``, ``DialogAlreadyClosed``.
    """
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if dialog.owner_id != operator.pk and not steers(operator, dialog.line_id):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can pin it."))
    dialog.is_pinned = is_pinned
    save_changes(dialog, "is_pinned")
    if is_pinned:
        cancel_timers([dialog.pk], SILENCE)
        if dialog.closing_at is not None:
            take_back(dialog)
    elif dialog.state == Dialog.State.ACTIVE and dialog.waiting_since is None and dialog.closing_at is None:
        expect_client(dialog, now=now)
    return dialog


@transaction.atomic
def mark_read(*, dialog_id: int, operator: User, seq: int) -> None:
    """The owner has seen everything up to ``seq``; what others see does not count as read."""
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    seq = min(seq, dialog.last_seq)
    if dialog.owner_id != operator.pk or seq <= dialog.operator_read_seq:
        return
    dialog.operator_read_seq = seq
    dialog.unread = dialog.messages.filter(author_kind="CLIENT", seq__gt=seq).count()
    save_changes(dialog, "operator_read_seq", "unread")
    publish(OperatorRead(dialog.pk))
