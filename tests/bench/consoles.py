"""Operators' consoles without a screen: real sockets that note when each client's message arrived."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.http_calls import clock
from tests.bench.updates import STAMP

MESSAGES = '"messages": ['
STAMPS = re.compile(rf'"text": "{STAMP}([0-9.]+) ')
HELLO = '"type": "hello"'
RESYNC = '{"type":"resync"}'


@dataclass(slots=True)
class Seen:
    """Messages by the moment they were sent at, and how long each was on its way."""

    latencies: dict[str, float] = field(default_factory=dict)
    doubles: int = 0
    resyncs: int = 0

    def note(self, frame: str) -> None:
        if frame == RESYNC:
            self.resyncs += 1
        now = clock()
        for stamp in STAMPS.findall(frame.partition(MESSAGES)[2]):
            if stamp in self.latencies:
                self.doubles += 1
            else:
                self.latencies[stamp] = now - float(stamp)


class Consoles:
    """Open sockets, one for each session, that listen until they are closed."""

    def __init__(self, port: int, sessions: Sequence[str]) -> None:
        self.seen = Seen()
        self._port = port
        self._sessions = sessions
        self._opened = AsyncExitStack()
        self._listeners: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for session in self._sessions:
            socket = await self._opened.enter_async_context(self._connection(session))
            # It hears everything from here on, others' comings and goings too.
            while HELLO not in str(await socket.recv()):
                pass
            self._listeners.append(asyncio.create_task(self._listen(socket)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self._listeners:
            listener.cancel()
        await self._opened.aclose()

    def _connection(self, session: str) -> connect:
        origin = f"http://127.0.0.1:{self._port}"
        return connect(
            f"ws://127.0.0.1:{self._port}/ws/console/",
            origin=origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"sessionid={session}"},
            max_size=None,
        )

    async def _listen(self, socket: ClientConnection) -> None:
        async for frame in socket:
            self.seen.note(str(frame))

    async def wait_for(self, count: int, *, seconds: float) -> None:
        """Until so many messages were seen, or nothing new has come for so long."""
        known, give_up = -1, clock() + seconds
        while len(self.seen.latencies) < count and clock() < give_up:
            await asyncio.sleep(0.005)
            if len(self.seen.latencies) != known:
                known, give_up = len(self.seen.latencies), clock() + seconds
