"""python-telegram-bot's ``Bot`` for callers that are not asynchronous.

A ``Bot`` belongs to one event loop for life, and so do its connections: shared between loops every second call fails.
So one thread per process runs one loop for good, and every account has one ``Bot`` in it that is used again and again.
"""

import asyncio
import atexit
import os
import re
import ssl
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import httpx
from django.utils.translation import gettext as _
from telegram import Bot
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.telegram.errors import connector_error

T = TypeVar("T")

DEFAULT_BASE_URL = "https://api.telegram.org"
TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]+")
MOST_BOTS = 1000


class ChannelBot(Bot):
    """A bot whose token does not show, and whose updates can be had as they came."""

    def __repr__(self) -> str:
        return "ChannelBot"

    async def raw_updates(self, *, offset: int | None, wait: int, allowed: list[str]) -> list[dict[str, Any]]:
        """``get_updates`` unparsed: one update that the library can't read must not hold up the rest."""
        fields = {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": allowed}
        updates = await self._post("getUpdates", fields, read_timeout=wait + 10)
        return list(updates)


class AccountRequest(HTTPXRequest):
    """The connections of one account."""

    def __init__(self, *, read_timeout: float) -> None:
        super().__init__(
            connection_pool_size=20,
            connect_timeout=5,
            pool_timeout=10,
            write_timeout=15,
            media_write_timeout=60,
            read_timeout=read_timeout,
            # Reading the authorities takes 20 ms and a megabyte for each context; one serves all accounts.
            httpx_kwargs={"verify": _tls_context()},
        )

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("Request Entity Too Large")
        return code, payload


class BotPool:
    """Runs calls of bots in a thread of its own; safe to use from any thread, and after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._bots: OrderedDict[tuple[str, str, float], ChannelBot] = OrderedDict()

    def call(
        self,
        account: Account,
        work: Callable[[ChannelBot], Awaitable[T]],
        *,
        read_timeout: float,
        patience: float = 90,
    ) -> T:
        """What ``work`` gives, done with the account's bot. Whatever the network does comes as ``ConnectorError``."""
        token, base_url = _token(account), _base_url(account)
        future = self._submit(self._work(token, base_url, read_timeout, work))
        try:
            return future.result(patience)
        except TelegramError as error:
            raise connector_error(error, token=token) from None
        except TimeoutError:
            future.cancel()
            raise ConnectorError(_("Telegram did not answer in time."), kind="UNKNOWN") from None

    def close(self) -> None:
        """Close all connections and end the thread; the next call starts them again."""
        with self._lock:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop is not None and thread is not None:
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._shut_down(), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)

    def start_anew_after_fork(self) -> None:
        """The thread did not come along into the child, and the sockets belong to the parent: leave them alone."""
        self._left_to_parent = (self._loop, self._bots)
        self._lock, self._loop, self._thread, self._bots = threading.Lock(), None, None, OrderedDict()

    async def _work(
        self, token: str, base_url: str, read_timeout: float, work: Callable[[ChannelBot], Awaitable[T]]
    ) -> T:
        return await work(await self._bot(token, base_url, read_timeout))

    async def _bot(self, token: str, base_url: str, read_timeout: float) -> ChannelBot:
        key = (token, base_url, read_timeout)
        if key not in self._bots:
            self._bots[key] = _new_bot(token, base_url, read_timeout)
            if len(self._bots) > MOST_BOTS:
                await self._bots.popitem(last=False)[1].request.shutdown()
        self._bots.move_to_end(key)
        return self._bots[key]

    async def _shut_down(self) -> None:
        while self._bots:
            await self._bots.popitem()[1].request.shutdown()

    def _submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="telegram-bots", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        # Connections that were closed a moment ago still have to take note of it.
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _new_bot(token: str, base_url: str, read_timeout: float) -> ChannelBot:
    # Not Bot.initialize(): it would ask getMe first, and put the token into the error it raises.
    request = AccountRequest(read_timeout=read_timeout)
    return ChannelBot(
        token,
        base_url=lambda token: f"{base_url}/bot{token}",
        base_file_url=lambda token: f"{base_url}/file/bot{token}",
        request=request,
        get_updates_request=request,
    )


@cache
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _token(account: Account) -> str:
    token = account.credentials.get("token", "").strip()
    if not TOKEN_SHAPE.fullmatch(token):
        raise ConnectorError(_("This does not look like a bot's token: 123456789:AAE…"), kind="TOKEN")
    return token


def _base_url(account: Account) -> str:
    base_url = (account.base_url or DEFAULT_BASE_URL).strip().rstrip("/")
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise ConnectorError(
            _("The address of the Bot API server must begin with https:// or http://."), kind="PERMANENT"
        )
    return base_url


pool = BotPool()
os.register_at_fork(after_in_child=pool.start_anew_after_fork)
atexit.register(pool.close)
