"""The HTTP side: bots on ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``, tests on ``/control/<command>``."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.providers.telegram import control, faults, polling
from tests.providers.telegram.client import TelegramSimulator
from tests.providers.telegram.methods import METHODS
from tests.providers.telegram.model import ApiError, Bot, Fields, Options, World
from tests.providers.telegram.webhooks import WebhookSenders
from tests.providers.telegram.wire import LARGEST_UPLOAD, Params, read_params

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}")
WEBHOOK_ANSWERS = ("setwebhook", "deletewebhook")


class TelegramServer:
    def __init__(self, options: Options, port: int) -> None:
        self.world = World(options=options)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._senders: WebhookSenders | None = None

    @property
    def base_url(self) -> str:
        addresses = self._runner.addresses if self._runner else []
        return f"http://127.0.0.1:{addresses[0][1]}"

    async def start(self) -> None:
        self._senders = WebhookSenders(self.world, aiohttp.ClientSession())
        application = web.Application(client_max_size=LARGEST_UPLOAD + 1024 * 1024)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{path:.+}", self._file)
        application.router.add_post("/control/{command}", self._control)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        if self._senders:
            await self._senders.close()
        if self._runner:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        bot, record = None, {"method": request.match_info["method"], "at": time.time(), "is_accepted": False}
        try:
            bot = self._bot(request)
            params = await read_params(request)
            record["params"] = params.summary()
            bot.calls.append(record)
            return await self._answer(request, bot, method, params, record)
        except ApiError as error:
            record |= {"error_code": error.code, "description": error.description}
            return web.json_response(error.body, status=error.code)
        finally:
            self.world.ring()

    async def _answer(
        self, request: web.Request, bot: Bot, method: str, params: Params, record: Fields
    ) -> web.StreamResponse:
        async def work() -> Any:
            result = await self._do(bot, method, params)
            record.update(is_accepted=True, result=result)
            self.world.ring()
            return result

        faults.refuse_flood(bot, method)
        response, result = await faults.answered(request, faults.fault_for(bot, method), work)
        if response is not None:
            return response
        fields = result if method in WEBHOOK_ANSWERS else {"result": result}
        return web.json_response({"ok": True} | fields)

    async def _do(self, bot: Bot, method: str, params: Params) -> Any:
        if method == "getupdates":
            return await polling.get_updates(self.world, bot, params)
        if method not in METHODS:
            raise ApiError(404, "Not Found")
        return METHODS[method](self.world, bot, params)

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._bot(request)
        except ApiError as error:
            return web.json_response(error.body, status=error.code)
        wanted = request.match_info["path"]
        file = next((file for file in self.world.files.values() if file.path == wanted), None)
        if file is None:
            return web.json_response(ApiError(404, "Not Found").body, status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _control(self, request: web.Request) -> web.Response:
        try:
            fields = await request.json()
            result = await control.run(self.world, self._senders, request.match_info["command"], fields)
        except (control.WrongCommand, ApiError, TypeError, ValueError, KeyError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(result)

    def _bot(self, request: web.Request) -> Bot:
        token = request.match_info["token"]
        if not TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        bot = self.world.bots.get(token)
        if bot is None or bot.is_revoked:
            raise ApiError(401, "Unauthorized")
        return bot


@contextmanager
def simulated_telegram(*, port: int = 0, **options: Any) -> Iterator[TelegramSimulator]:
    """A simulated Telegram in a thread of this process."""
    server, loop = TelegramServer(Options(**options), port), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated-telegram", daemon=True)
    thread.start()

    def wait_for(coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(10)

    try:
        wait_for(server.start())
        with TelegramSimulator(server.base_url) as simulator:
            yield simulator
    finally:
        wait_for(server.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
