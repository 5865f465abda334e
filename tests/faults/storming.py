"""Webhooks as providers send them in bad times: each several times, in any order, again and again until it is taken."""

import asyncio
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

RETRY_AFTER = 0.3
PATIENCE = 120.0
# As many as a provider opens at once.
LINES = 48
HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Told:
    """An event with the moments that say something of its place: nobody heard of it before it was first sent, and
    whoever was sent later than its first 200 has to stand behind it."""

    chat: tuple[str, int]
    text: str
    request: bytes
    first_sent: float = float("inf")
    first_taken: float = float("inf")


@dataclass(slots=True)
class Weather:
    """What the senders met: latencies of calls that were answered, and when calls failed in which way."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0


class Storm:
    def __init__(self, events: Sequence[Told], *, port: int, times: int, per_second: float, seed: int = 1) -> None:
        self._port = port
        self._per_second = per_second
        self._calls = list(itertools.chain.from_iterable([event] * times for event in events))
        random.Random(seed).shuffle(self._calls)
        self._queue: asyncio.Queue[Told] = asyncio.Queue()
        self._left = 0
        self.weather = Weather()
        self.is_over = threading.Event()

    def run(self) -> None:
        """Returns when every call was answered by 200."""
        try:
            asyncio.run(self._run())
        finally:
            self.is_over.set()

    async def _run(self) -> None:
        self._left = len(self._calls)
        began_at = time.monotonic()
        lines = [asyncio.create_task(self._line()) for _ in range(LINES)]
        for number, event in enumerate(self._calls):
            await asyncio.sleep(max(0.0, began_at + number / self._per_second - time.monotonic()))
            self._queue.put_nowait(event)
        give_up = time.monotonic() + PATIENCE
        while self._left:
            assert time.monotonic() < give_up, f"{self._left} calls were never taken"
            await asyncio.sleep(0.05)
        self.weather.seconds = time.monotonic() - began_at
        for line in lines:
            line.cancel()
        await asyncio.wait(lines)

    async def _line(self) -> None:
        """One connection, opened anew when it breaks."""
        reader: asyncio.StreamReader | None = None
        writer: asyncio.StreamWriter | None = None
        try:
            while True:
                event = await self._queue.get()
                began_at = time.monotonic()
                event.first_sent = min(event.first_sent, began_at)
                try:
                    if reader is None or writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    writer.write(event.request)
                    status = await asyncio.wait_for(_status(reader), 30)
                except (OSError, EOFError, TimeoutError) as error:
                    status = type(error).__name__
                    _closed(writer)
                    reader = writer = None
                self._note(event, status, began_at)
        finally:
            _closed(writer)

    def _note(self, event: Told, status: str, began_at: float) -> None:
        now = time.monotonic()
        self.weather.statuses[status] += 1
        if status == "200":
            self._left -= 1
            event.first_taken = min(event.first_taken, now)
            self.weather.latencies.append(now - began_at)
        else:
            self.weather.failures.append((now, status))
            asyncio.get_running_loop().call_later(RETRY_AFTER, self._queue.put_nowait, event)


def _closed(writer: asyncio.StreamWriter | None) -> None:
    if writer is not None:
        writer.transport.abort()


async def _status(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(HEAD_END)
    length = head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]
    if int(length or 0):
        await reader.readexactly(int(length))
    return head[9:12].decode()


def out_of_order(events: Sequence[Told], places: dict[str, int]) -> list[tuple[str, str]]:
    """Pairs of a chat whose first was taken before the second was ever sent, and which are stored the other way round.
    ``places`` are by text."""
    wrong = []
    by_chat: dict[tuple[str, int], list[Told]] = {}
    for event in events:
        by_chat.setdefault(event.chat, []).append(event)
    for told in by_chat.values():
        for one, other in itertools.permutations(told, 2):
            if one.first_taken < other.first_sent and places[one.text] > places[other.text]:
                wrong.append((one.text, other.text))
    return wrong
