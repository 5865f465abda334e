"""A WSGI application on a bounded pool of threads inside an ASGI process.

What a caller sends is waited for on the event loop, so that slow callers hold no threads, and an answer comes back from
its thread in one step. ``a2wsgi``, whose reading of requests is used here, takes four steps for each answer and as many
for each request; crossing between a thread and the loop is most of what a short answer costs.
"""

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import Body, build_environ

# Of a request: what is waited for before a thread is taken. Of an answer: what is sent at once.
PIECE = 1024 * 1024

Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ThreadedWsgi:
    def __init__(self, application: Wsgi, *, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="http")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        body = await _body(loop, receive)
        if body is None:
            return
        answer = Answer(loop, send)
        await loop.run_in_executor(self._pool, self._answer, build_environ(scope, body), answer)
        await answer.finish()

    def _answer(self, environ: Any, answer: "Answer") -> None:
        parts = self._application(environ, answer.start)
        try:
            for part in parts:
                answer.add(part)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()


class Answer:
    """Filled in a thread. All of a short one is kept until the end; a long one goes out in large pieces."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Any) -> None:
        self._loop = loop
        self._send = send
        self._start: dict[str, Any] | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def start(self, status: str, headers: Headers, error: Any = None) -> Callable[[bytes], None]:
        fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._start = {"type": "http.response.start", "status": int(status[:3]), "headers": fields}
        return self.add

    def add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size >= PIECE:
            asyncio.run_coroutine_threadsafe(self._flush(more=True), self._loop).result()

    async def finish(self) -> None:
        await self._flush(more=False)

    async def _flush(self, *, more: bool) -> None:
        if self._start is not None:
            await self._send(self._start)
            self._start = None
        piece, self._parts, self._size = b"".join(self._parts), [], 0
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})


async def _body(loop: asyncio.AbstractEventLoop, receive: Any) -> Any:
    """A file to read the request from, or ``None`` when the caller hung up before all of it came."""
    begun = bytearray()
    while len(begun) < PIECE:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        begun += message.get("body", b"")
        if not message.get("more_body"):
            return io.BytesIO(begun)
    rest = Body(loop, receive)
    rest.buffer = begun
    return rest
