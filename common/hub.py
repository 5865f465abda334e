"""Fan-out of frames to the sockets of one process: one Redis subscription, sockets kept by stream.

A frame on the bell is ``{"to": [streams], "unless": [streams]}``, a line feed, and the text to send as it is.
A socket that can't keep up loses its queue and is told to ask for everything anew.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

import redis.asyncio as redis
from django.conf import settings
from redis.exceptions import RedisError

from common import doorbell

logger = logging.getLogger(__name__)

QUEUE_LIMIT = 512
RESYNC = '{"type":"resync"}'


def envelope(frame: str, *, to: Iterable[str], unless: Iterable[str] = ()) -> str:
    return json.dumps({"to": list(to), "unless": list(unless)}) + "\n" + frame


class Socket:
    """One local socket: a bounded queue and the task that empties it."""

    __slots__ = ("_send", "_task", "frames", "streams")

    def __init__(self, send: Callable[[str], Awaitable[None]], streams: Iterable[str]) -> None:
        self._send = send
        self.streams = frozenset(streams)
        self.frames: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT)
        self._task = asyncio.create_task(self._write())

    def offer(self, frame: str) -> None:
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            while not self.frames.empty():
                self.frames.get_nowait()
            self.frames.put_nowait(RESYNC)

    def close(self) -> None:
        self._task.cancel()

    async def _write(self) -> None:
        while True:
            await self._send(await self.frames.get())


class Hub:
    """The process's sockets. Lives on one event loop; ``join`` starts it on first use."""

    def __init__(self) -> None:
        self._by_stream: dict[str, set[Socket]] = defaultdict(set)
        self._pump: asyncio.Task[None] | None = None

    async def join(self, send: Callable[[str], Awaitable[None]], streams: Iterable[str]) -> Socket:
        if self._pump is None:
            self._pump = asyncio.create_task(self._run())
        socket = Socket(send, streams)
        for stream in socket.streams:
            self._by_stream[stream].add(socket)
        return socket

    def leave(self, socket: Socket) -> None:
        socket.close()
        for stream in socket.streams:
            self._by_stream[stream].discard(socket)
            if not self._by_stream[stream]:
                del self._by_stream[stream]

    def dispatch(self, message: bytes) -> None:
        head, _, frame = message.partition(b"\n")
        address = json.loads(head)
        sockets = self._sockets(address["to"]) - self._sockets(address["unless"])
        text = frame.decode()
        for socket in sockets:
            socket.offer(text)

    def _sockets(self, streams: Iterable[str]) -> set[Socket]:
        return {socket for stream in streams for socket in self._by_stream.get(stream, ())}

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                logger.warning("Redis is away, consoles fall back to asking: %s", type(error).__name__)
                await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=2)
        async with client, client.pubsub(ignore_subscribe_messages=True) as bells:
            await bells.subscribe(doorbell.FRAMES)
            self._tell_everyone_to_ask()
            while True:
                message = await bells.get_message(timeout=None)
                if message is not None:
                    self.dispatch(message["data"])

    def _tell_everyone_to_ask(self) -> None:
        """Frames published while we were not listening are gone for good."""
        for socket in self._sockets(list(self._by_stream)):
            socket.offer(RESYNC)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def local_hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
