"""The base of simulated providers: an HTTP server in a thread, bad weather on order, and a book of all that was asked.

A provider's own simulator derives from ``Simulator``, adds its routes in ``routes()`` and answers as the provider's
documentation says. Tests speak with it in the same process (its methods lock what they touch), connectors over HTTP.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

FOREVER = 3600.0
LARGEST_BODY = 64 * 1024 * 1024
S = TypeVar("S", bound="Simulator")
Answer = web.StreamResponse
Handler = Callable[[web.Request], Awaitable[Answer]]


@dataclass
class Fault:
    """What the next calls meet. ``kind``: ``429``, ``500``, ``503``, ``hang_before``, ``hang_after``, ``drop_before``,
    ``drop_after`` (the provider has not, or has, done what was asked), ``slow``, or a name that the provider's own
    simulator knows (``blocked``, ``token``, ``window`` …). ``path`` is a part of the paths it holds for."""

    kind: str
    count: int = 1
    seconds: float = 1.0
    path: str = ""


@dataclass
class Call:
    """One call to the provider: ``is_done`` when the provider did what was asked, whatever it answered."""

    method: str
    path: str
    at: float
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0
    is_done: bool = False


class Simulator:
    """``calls`` is the book; ``faults`` are met in their order."""

    # What connectors hang on: these paths meet the bad weather (all of them by default).
    weather_paths: tuple[str, ...] = ("",)

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self.base_url = ""
        self.url_path = ""
        self._released = asyncio.Event()

    # For tests.

    def fault(self, kind: str, *, count: int = 1, seconds: float = 1.0, path: str = "") -> None:
        with self.lock:
            self.faults.append(Fault(kind, count, seconds, path))

    def heal(self) -> None:
        with self.lock:
            self.faults.clear()

    def calls_to(self, part_of_path: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if part_of_path in call.path]

    # For providers.

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        """The provider's own words for a fault that the base does not know."""
        return None

    def too_many(self, fault: Fault, request: web.Request) -> Answer:
        """How this provider says 429; the plain HTTP way by default."""
        return web.json_response({}, status=429, headers={"Retry-After": str(int(fault.seconds))})

    # The machinery.

    def take_fault(self, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.path in path and any(part in path for part in self.weather_paths):
                    fault.count -= 1
                    if fault.count <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    @web.middleware
    async def weather(self, request: web.Request, handler: Handler) -> Answer:
        try:
            return await self._met(request, handler)
        finally:
            if request.content_type.startswith("multipart/"):
                _close_files(await request.post())

    async def _met(self, request: web.Request, handler: Handler) -> Answer:
        call = await self._written_down(request)
        fault = self.take_fault(request.path)
        kind = fault.kind if fault else ""
        if fault and (answer := await self._before(fault, request)) is not None:
            call.status = answer.status
            return answer
        answer = await handler(request)
        call.status, call.is_done = answer.status, answer.status < 400
        if kind in ("hang_after", "drop_after"):
            await self._silence(kind, request)
        if kind == "slow" and fault:
            await asyncio.sleep(fault.seconds)
        return answer

    async def _written_down(self, request: web.Request) -> Call:
        # A multipart body can be read once: handlers ask ``request.post()`` again and get what is read here.
        if request.content_type.startswith("multipart/"):
            await request.post()
        body = b"" if request.content_type.startswith("multipart/") else await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request.method, request.path, time.time(), dict(request.query), headers, body)
        with self.lock:
            self.calls.append(call)
        return call

    async def _before(self, fault: Fault, request: web.Request) -> Answer | None:
        if fault.kind in ("hang_before", "drop_before"):
            await self._silence(fault.kind, request)
        if fault.kind == "429":
            return self.too_many(fault, request)
        if fault.kind in ("500", "502", "503"):
            return web.Response(status=int(fault.kind), text="<html>out of order</html>", content_type="text/html")
        return self.refusal(fault, request)

    async def _silence(self, kind: str, request: web.Request) -> None:
        if kind.startswith("hang"):
            await asyncio.wait_for(self._released.wait(), FOREVER)
        if request.transport is not None:
            request.transport.abort()

    async def _start(self, port: int) -> web.AppRunner:
        application = web.Application(client_max_size=LARGEST_BODY, middlewares=[self.weather])
        application.add_routes(self.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}{self.url_path}"
        return runner

    async def _stop(self, runner: web.AppRunner) -> None:
        self._released.set()
        await runner.cleanup()


@contextmanager
def running(simulator: S, *, port: int = 0) -> Iterator[S]:
    """The simulator, answering in a thread of this process at ``simulator.base_url``."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_run, args=(loop,), name=type(simulator).__name__, daemon=True)
    thread.start()

    def wait_for(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(10)

    runner = wait_for(simulator._start(port))
    try:
        yield simulator
    finally:
        wait_for(simulator._stop(runner))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def _close_files(form: Mapping[str, Any]) -> None:
    """Where no handler came to look at them, nobody else does."""
    for item in form.values():
        if isinstance(item, web.FileField):
            item.file.close()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
