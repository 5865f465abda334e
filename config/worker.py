"""The loops that every Celery worker runs beside its tasks: inbox, asking, deliveries, media, timers, search."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from celery import bootsteps
from django.utils import timezone

from common import doorbell
from common.garbage import set_code_aside
from common.loops import Loop

# The longest a loop sleeps when no bell rings: with Redis away this is the delay a message may suffer.
WITHOUT_BELLS = 0.5
# New messages ring no bell for the search: they are taken into it once a second, many at a time.
SEARCH_PAUSE = 1.0
# Every delivery that ends makes room for another; looking for it costs as much as half a delivery, for several as well.
GAPS = {"deliveries": 0.01}


class Stoppable(Protocol):
    def stop(self) -> None: ...


def _until(due_at: datetime | None) -> float:
    if due_at is None:
        return WITHOUT_BELLS
    return min(WITHOUT_BELLS, max(0.0, (due_at - timezone.now()) / timedelta(seconds=1)))


def inbox_work() -> Callable[[], float]:
    from channels_connectors.inbox import process_everything

    return lambda: 0 if process_everything(now=timezone.now(), asking=False) else WITHOUT_BELLS


def asking_work() -> Callable[[], float]:
    """Events that have to be asked about: a slow provider delays nobody else's. Rare enough to do without a bell."""
    from channels_connectors.inbox import process_everything

    return lambda: 0 if process_everything(now=timezone.now(), asking=True) else WITHOUT_BELLS


def delivery_work() -> Callable[[], float]:
    from channels_connectors.services.deliveries import next_due_at
    from channels_connectors.services.sending import Sender

    sender = Sender()

    def work() -> float:
        if sender.send_due(now=timezone.now()):
            return 0
        # What is due already waits for an earlier one of its chat or for a free thread; both ring when they are done.
        return _until(next_due_at(now=timezone.now()))

    return work


def media_work() -> Callable[[], float]:
    from channels_connectors.services.media import Fetcher, next_due_at

    fetcher = Fetcher()

    def work() -> float:
        if fetcher.fetch_due(now=timezone.now()):
            return 0
        due_at = next_due_at()
        # What is due now waits for a free thread, which rings when it is there.
        return WITHOUT_BELLS if due_at is None or due_at <= timezone.now() else _until(due_at)

    return work


def timer_work() -> Callable[[], float]:
    from openlines.services.timers import fire_due_timers, next_due_at

    def work() -> float:
        fire_due_timers(now=timezone.now())
        due_at = next_due_at()
        # A timer whose dialog is held by somebody stays due: look again soon, not at once.
        return 0.01 if due_at and due_at <= timezone.now() else _until(due_at)

    return work


def search_work() -> Callable[[], float]:
    from openlines.services.indexing import BATCH, Indexer

    indexer = Indexer()

    def work() -> float:
        """Nobody waits for the search as clients wait for answers: with much to do it works a third of the time."""
        began_at = time.perf_counter()
        is_behind = indexer.index_next() >= BATCH
        return 2 * (time.perf_counter() - began_at) if is_behind else SEARCH_PAUSE

    return work


LOOPS: tuple[tuple[str, str | None, Callable[[], Callable[[], float]]], ...] = (
    ("inbox", doorbell.INBOX, inbox_work),
    ("asking", None, asking_work),
    ("deliveries", doorbell.DELIVERIES, delivery_work),
    ("media", doorbell.MEDIA, media_work),
    ("timers", doorbell.TIMERS, timer_work),
    ("search", None, search_work),
)


def start_loops() -> Sequence[Stoppable]:
    from channels_connectors.polling import Pollers

    loops: list[Loop | Pollers] = [
        *(Loop(name, bell=bell, work=work(), gap=GAPS.get(name, 0.0)) for name, bell, work in LOOPS),
        Pollers(),
    ]
    set_code_aside()
    for loop in loops:
        loop.start()
    return loops


class Loops(bootsteps.StartStopStep):
    """Starts the loops with the worker and stops them with it."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._loops: Sequence[Stoppable] = ()

    def start(self, parent: Any) -> None:
        self._loops = start_loops()

    def stop(self, parent: Any) -> None:
        for loop in self._loops:
            loop.stop()
