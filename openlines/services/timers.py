"""Timers are rows: set, moved and cancelled in the transaction of what they belong to, fired exactly once."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from common import doorbell
from openlines.models import Dialog, Timer
from openlines.services.locking import hold

logger = logging.getLogger(__name__)

BATCH = 100
PAUSE_AFTER_FAILURE = timedelta(seconds=5)
SET_TIMERS = """
    INSERT INTO openlines_timer (dialog_id, kind, due_at) SELECT id, %s, %s FROM unnest(%s::bigint[]) AS id
    ON CONFLICT (dialog_id, kind) DO UPDATE SET due_at = EXCLUDED.due_at
"""
CANCEL_TIMERS = """
    DELETE FROM openlines_timer WHERE dialog_id = ANY(%(dialogs)s) AND (kind = ANY(%(kinds)s) OR %(all)s)
"""
Handler = Callable[[Dialog, datetime], None]
_handlers: dict[str, Handler] = {}
_until_taken: list[str] = []


def on_timer(kind: str, *, until_taken: bool = False) -> Callable[[Handler], Handler]:
    """Register what happens when a timer of this kind is due. The handler gets the dialog locked.

    One that only counts until somebody takes the dialog is cancelled when they do.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if until_taken:
            _until_taken.append(kind)
        return handler

    return register


def kinds_until_taken() -> list[str]:
    return _until_taken


def set_timer(dialog_id: int, kind: str, due_at: datetime) -> None:
    """Set the dialog's timer of this kind, or move it."""
    set_timers([dialog_id], kind, due_at)


def set_timers(dialog_ids: Collection[int], kind: str, due_at: datetime) -> None:
    if not dialog_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(SET_TIMERS, [kind, due_at, list(dialog_ids)])
    transaction.on_commit(_ring, robust=True)


def cancel_timers(dialog_ids: Iterable[int], *kinds: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CANCEL_TIMERS, {"dialogs": list(dialog_ids), "kinds": list(kinds), "all": not kinds})


def _ring() -> None:
    doorbell.ring(doorbell.TIMERS)


def fire_due_timers(*, now: datetime) -> int:
    """Fire what is due, each in a transaction of its own; returns how many were looked at.

    The dialog is locked before its timer, as everywhere. A dialog that somebody holds is left for the next round.
    """
    due = list(Timer.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", "dialog_id", "kind")[:BATCH])
    for timer_id, dialog_id, kind in due:
        try:
            _fire(timer_id, dialog_id, kind, now)
        except Exception:
            logger.exception("A timer of kind %s failed; it stays and is tried again", kind)
            Timer.objects.filter(pk=timer_id).update(due_at=now + PAUSE_AFTER_FAILURE)
    return len(due)


@transaction.atomic
def _fire(timer_id: int, dialog_id: int, kind: str, now: datetime) -> None:
    dialog = Dialog.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=dialog_id).first()
    if dialog is None:
        return
    deleted, _ = Timer.objects.filter(pk=timer_id, due_at__lte=now).delete()
    if deleted and dialog.is_open:
        _handlers[kind](hold(dialog), now)


def next_due_at() -> datetime | None:
    return Timer.objects.order_by("due_at").values_list("due_at", flat=True).first()
