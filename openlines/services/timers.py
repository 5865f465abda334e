"""Timers are rows: set, moved and cancelled in the transaction of what they belong to, fired exactly once."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from common import doorbell
from openlines.models import Dialog, Timer
from openlines.services.locking import hold

logger = logging.getLogger(__name__)

FIRST_BATCH, BATCH = 1, 500
# A batch that takes longer than this, in seconds, is followed by a smaller one; and where a call ends.
QUICK = 0.03
MOST = 2_000
PAUSE_AFTER_FAILURE = timedelta(seconds=5)
SET_TIMERS = """
    INSERT INTO openlines_timer (dialog_id, kind, due_at) SELECT id, %s, %s FROM unnest(%s::bigint[]) AS id
    ON CONFLICT (dialog_id, kind) DO UPDATE SET due_at = EXCLUDED.due_at
"""
CANCEL_TIMERS = """
    DELETE FROM openlines_timer WHERE dialog_id = ANY(%(dialogs)s) AND (kind = ANY(%(kinds)s) OR %(all)s)
"""
CLAIM = """
    DELETE FROM openlines_timer WHERE id = ANY(%(timers)s) AND due_at <= %(now)s RETURNING id, dialog_id, kind
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
    """Fire what is due, in batches of a transaction each; returns how many were fired.

    A dialog that somebody holds is left for the next round. Batches grow while they are quick: nothing is locked for
    long, and ten thousand timers with little to do don't cost ten thousand transactions.
    """
    fired, size, left = 0, FIRST_BATCH, set[int]()
    while fired < MOST and (due := _due(now, left, size)):
        began_at = time.perf_counter()
        done = _fire_all(due, now)
        size = min(size * 2, BATCH) if time.perf_counter() - began_at < QUICK else max(size // 2, 1)
        fired += len(done)
        left.update(due.keys() - done)
    return fired


def _due(now: datetime, left: Collection[int], size: int) -> dict[int, int]:
    """The dialogs of timers. What one of a dialog does may cancel the next, so there is one of each."""
    due = Timer.objects.filter(due_at__lte=now).exclude(pk__any_of=list(left)).order_by("due_at", "pk")
    dialogs: dict[int, int] = {}
    for timer_id, dialog_id in due.values_list("pk", "dialog_id")[:size]:
        dialogs.setdefault(dialog_id, timer_id)
    return {timer_id: dialog_id for dialog_id, timer_id in dialogs.items()}


def _fire_all(due: Mapping[int, int], now: datetime) -> set[int]:
    """If one of them fails, each is tried on its own, and that one stays and is tried again later."""
    try:
        return _fire(due, now)
    except Exception:
        if len(due) > 1:
            return set().union(*(_fire_all({timer_id: due[timer_id]}, now) for timer_id in due))
        failed = Timer.objects.filter(pk__in=due)
        kind = failed.values_list("kind", flat=True).first()
        logger.exception("A timer of kind %s failed; it stays and is tried again", kind)
        failed.update(due_at=now + PAUSE_AFTER_FAILURE)
        return set()


@transaction.atomic
def _fire(due: Mapping[int, int], now: datetime) -> set[int]:
    """Dialogs are locked before their timers, as everywhere, and all of them before the first queue; the queues in the
    order of their lines."""
    held = Dialog.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__any_of=list(due.values()))
    dialogs = {dialog.pk: dialog for dialog in held.order_by("pk")}
    with connection.cursor() as cursor:
        wanted = [timer_id for timer_id, dialog_id in due.items() if dialog_id in dialogs]
        cursor.execute(CLAIM, {"timers": wanted, "now": now})
        claimed = [(dialogs[dialog_id], kind, timer_id) for timer_id, dialog_id, kind in cursor.fetchall()]
    for dialog, kind, _timer_id in sorted(claimed, key=lambda timer: (timer[0].line_id, timer[0].pk)):
        if dialog.is_open:
            _handlers[kind](hold(dialog), now)
    return {timer_id for _dialog, _kind, timer_id in claimed}


def next_due_at() -> datetime | None:
    return Timer.objects.order_by("due_at").values_list("due_at", flat=True).first()
