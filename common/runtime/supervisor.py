import os
import select
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from common.runtime.left_over import remember
from common.runtime.service import Process, Service

STEADY_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
LOOK_SECONDS = 1.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


@dataclass
class Kept:
    service: Service
    process: Process
    started_at: float
    quick_deaths: int = 0
    restart_at: float | None = None


class Supervisor:
    """Starts services, starts again what dies, and stops all of them, the last started first."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.groups: list[list[Kept]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for asked in STOP_SIGNALS:
            signal.signal(asked, signal.SIG_IGN)
        for group in reversed(self.groups):
            self._stop(group)

    def start_together(self, services: Iterable[Service]) -> list[Process]:
        group: list[Kept] = []
        self.groups.append(group)
        for service in services:
            kept = Kept(service, self._start(service), time.monotonic())
            # One by one: whatever interrupts us here, what runs is known and will be stopped.
            group.append(kept)
        return [kept.process for kept in group]

    def watch(self, *, parent: int | None = None) -> None:
        """Until a stop is asked for, or ``parent`` is no longer our parent."""
        with woken_by_children() as woken:
            while parent is None or os.getppid() == parent:
                self.revive()
                select.select([woken], [], [], self._next_look(can_sleep=parent is None))
                drain(woken)

    def revive(self) -> None:
        for kept in self._all():
            if kept.restart_at is None and kept.process.poll() is not None:
                self._note_death(kept)
            if kept.restart_at is not None and kept.restart_at <= time.monotonic():
                kept.process, kept.started_at, kept.restart_at = self._start(kept.service), time.monotonic(), None

    def names_of_failing(self, *, deaths: int) -> list[str]:
        return [kept.service.name for kept in self._all() if kept.quick_deaths >= deaths]

    def _start(self, service: Service) -> Process:
        process = service.start()
        remember(self.notes, service.name, process.pid)
        return process

    def _note_death(self, kept: Kept) -> None:
        now = time.monotonic()
        kept.quick_deaths = kept.quick_deaths + 1 if now - kept.started_at < STEADY_SECONDS else 0
        # At once the first time; a service that can't live shall not burn the processor.
        pause = min(2.0 ** (kept.quick_deaths - 2), LONGEST_PAUSE_SECONDS) if kept.quick_deaths > 1 else 0.0
        kept.restart_at = now + pause
        when = f"in {pause:.1f} s" if pause else "at once"
        why = kept.service.last_words() if kept.process.returncode > 0 else "."
        say(f"{kept.service.name} {cause_of_death(kept.process)}, starting it again {when}{why}")

    def _next_look(self, *, can_sleep: bool) -> float | None:
        due = [kept.restart_at - time.monotonic() for kept in self._all() if kept.restart_at is not None]
        if not can_sleep:
            due.append(LOOK_SECONDS)
        return max(0.0, min(due)) if due else None

    def _stop(self, group: list[Kept]) -> None:
        for kept in group:
            if kept.process.poll() is None:
                kept.process.send_signal(kept.service.stop_signal)
        for kept in group:
            kept.service.stop(kept.process)
            (self.notes / f"{kept.service.name}.pid").unlink(missing_ok=True)

    def _all(self) -> Iterator[Kept]:
        return (kept for group in self.groups for kept in group)


def cause_of_death(process: Process) -> str:
    code = process.returncode
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def stop_when_asked() -> None:
    for asked in STOP_SIGNALS:
        # nohup lets us outlive the terminal.
        if asked != signal.SIGHUP or signal.getsignal(asked) != signal.SIG_IGN:
            signal.signal(asked, raise_stopped)


def raise_stopped(number: int, _frame: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)


@contextmanager
def woken_by_children() -> Iterator[int]:
    """A file descriptor that becomes readable when a child dies."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(-1)
        os.close(reader)
        os.close(writer)


def drain(reader: int) -> None:
    try:
        while os.read(reader, 512):
            pass
    except BlockingIOError:
        return
