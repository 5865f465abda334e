"""Loops work when they are woken, and not more often than they should."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from common import loops
from common.loops import Loop, wake

BELL = "tests:loops"


@contextmanager
def running(work: "Counted", *, gap: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loops, "close_old_connections", lambda: None)
    monkeypatch.setattr(Loop, "_listen", lambda self: None)
    loop = Loop("tested", bell=BELL, work=work, gap=gap)
    loop.start()
    assert work.done.acquire(timeout=10)
    try:
        yield
    finally:
        loop.stop()
        loop.join(10)
        loops._heard.pop(BELL)


class Counted:
    """Work that is never due by itself."""

    def __init__(self) -> None:
        self.done = threading.Semaphore(0)
        self.moments: list[float] = []

    def __call__(self) -> float:
        self.moments.append(time.monotonic())
        self.done.release()
        return 60.0


def test_a_loop_of_this_process_is_woken_without_redis(monkeypatch):
    work = Counted()
    with running(work, gap=0.0, monkeypatch=monkeypatch):
        wake(BELL)
        assert work.done.acquire(timeout=10)
    wake(BELL)


def test_what_rings_within_the_gap_is_done_after_it_at_once(monkeypatch):
    work = Counted()
    with running(work, gap=0.05, monkeypatch=monkeypatch):
        for _ in range(20):
            wake(BELL)
        assert work.done.acquire(timeout=10)
    first, second, *_more = work.moments
    assert second - first >= 0.05
