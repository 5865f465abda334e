"""Clients whom nobody answers for a month: staff are warned before, then the dialog is closed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from openlines.models import Dialog
from openlines.services.closing import close_dialog
from openlines.services.locking import hold, save_changes
from openlines.services.messages import add_service_line

BATCH = 50
WARNING = timedelta(days=3)
UNWARNED = Q(owed_warned_at=None) | Q(owed_warned_at__lt=F("waiting_since"))


def sweep_owed(*, now: datetime) -> int:
    """Close what waited for too long, warn of what soon will have; returns how many dialogs that were.

    Each batch is a transaction of its own and leaves alone what somebody holds: the next sweep finds it.
    """
    patience = timedelta(days=settings.OWED_DAYS)
    closed = _in_batches(Q(waiting_since__lte=now - patience), _close, now)
    warned = _in_batches(Q(waiting_since__lte=now - patience + WARNING) & UNWARNED, _warn, now)
    return closed + warned


def _in_batches(which: Q, change: Callable[[Dialog, datetime], None], now: datetime) -> int:
    total = done = _batch(which, change, now)
    while done == BATCH:
        done = _batch(which, change, now)
        total += done
    return total


@transaction.atomic
def _batch(which: Q, change: Callable[[Dialog, datetime], None], now: datetime) -> int:
    """Those who wait longest come first. Ends take the locks of lines' queues, so they go in the order of lines."""
    waiting = Dialog.objects.filter(which, is_pinned=False).exclude(state=Dialog.State.CLOSED)
    locked = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("waiting_since", "pk")[:BATCH])
    for dialog in sorted(locked, key=lambda dialog: (dialog.line_id, dialog.pk)):
        change(hold(dialog), now)
    return len(locked)


def _close(dialog: Dialog, now: datetime) -> None:
    add_service_line(dialog, "OWED_TOO_LONG", now=now, days=settings.OWED_DAYS)
    close_dialog(dialog, reason=Dialog.CloseReason.OWED_TOO_LONG, now=now)


def _warn(dialog: Dialog, now: datetime) -> None:
    dialog.owed_warned_at = now
    save_changes(dialog, "owed_warned_at")
    add_service_line(dialog, "OWED_SOON", now=now, days=WARNING.days)
