"""Bare HTTP calls over connections that stay open: as little of our own time as possible in what is measured."""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, cast

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
PATIENCE = 30.0

clock = time.monotonic


@dataclass(slots=True)
class Outcome:
    """What became of the calls of one run; times in seconds."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0


class Line(asyncio.Protocol):
    """One open connection with at most one call on its way."""

    def __init__(self, on_answer: "Callable[[Line, int], None]") -> None:
        self._on_answer = on_answer
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None
        self.began_at = 0.0
        self.is_busy = False
        self.is_open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none by descent.
        self._transport = cast("asyncio.WriteTransport", transport)

    def call(self, request: bytes, began_at: float) -> None:
        assert self._transport is not None
        self.began_at, self.is_busy = began_at, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(HEAD_END)
        if end and len(body) >= content_length(head):
            self._received, self.is_busy = b"", False
            self._on_answer(self, int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        """The server hangs up on lines that are idle for seconds; a call that was under way has failed."""
        self.is_open = False
        if self.is_busy:
            self.is_busy = False
            self._on_answer(self, 0)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


def content_length(head: bytes) -> int:
    start = head.lower().find(LENGTH)
    return int(head[start + len(LENGTH) :].split(b"\r", 1)[0]) if start >= 0 else 0


class Caller:
    """Makes calls over some lines and notes how long each took."""

    def __init__(self, requests: Iterator[bytes], *, port: int, lines: int) -> None:
        self.outcome = Outcome()
        self._requests = requests
        self._port = port
        self._number_of_lines = lines
        self._lines: list[Line] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for _ in range(self._number_of_lines):
            _transport, line = await loop.create_connection(lambda: Line(self._answered), "127.0.0.1", self._port)
            self._lines.append(line)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self._lines:
            line.close()

    def _answered(self, line: Line, status: int) -> None:
        self.outcome.latencies.append(clock() - line.began_at)
        self.outcome.statuses[status] += 1
        self._next(line)

    def _next(self, line: Line) -> None:
        raise NotImplementedError


class BackToBack(Caller):
    """Every line calls again as soon as it is answered."""

    async def run(self, *, seconds: float) -> Outcome:
        """Until the time is up or there are no more requests."""
        self._busy = len(self._lines)
        self._is_over = asyncio.Event()
        began_at = clock()
        self._ends_at = began_at + seconds
        for line in self._lines:
            self._next(line)
        await asyncio.wait_for(self._is_over.wait(), seconds + PATIENCE)
        self.outcome.seconds = clock() - began_at
        return self.outcome

    def _next(self, line: Line) -> None:
        now = clock()
        request = next(self._requests, None) if now < self._ends_at else None
        if request is not None:
            line.call(request, now)
            return
        self._busy -= 1
        if not self._busy:
            self._is_over.set()


class AtRate(Caller):
    """Calls begin when they are due, whether earlier ones are answered or not; a late start counts as waiting."""

    async def run(self, *, seconds: float, per_second: float) -> Outcome:
        self._free = list(self._lines)
        self._late: deque[float] = deque()
        began_at = clock()
        due = self._moments(began_at, seconds, per_second)
        self._number, self._is_over = len(due), asyncio.Event()
        for due_at in due:
            await asyncio.sleep(max(0.0, due_at - clock()))
            line = self._free_line()
            if line is not None:
                line.call(next(self._requests), due_at)
            else:
                self._late.append(due_at)
        await asyncio.wait_for(self._is_over.wait(), PATIENCE)
        self.outcome.seconds = clock() - began_at
        return self.outcome

    def _free_line(self) -> Line | None:
        while self._free:
            line = self._free.pop()
            if line.is_open:
                return line
        return None

    def _moments(self, began_at: float, seconds: float, per_second: float) -> list[float]:
        """Independent callers: the gaps are exponential, as pgbench makes them, and the same in every run."""
        dice, moment, moments = random.Random(1), began_at, []
        while (moment := moment + dice.expovariate(per_second)) < began_at + seconds:
            moments.append(moment)
        return moments

    def _next(self, line: Line) -> None:
        if len(self.outcome.latencies) == self._number:
            self._is_over.set()
        elif self._late and line.is_open:
            line.call(next(self._requests), self._late.popleft())
        else:
            self._free.append(line)
