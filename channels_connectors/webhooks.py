"""Webhooks, before Django: verify, commit the raw body, answer 200. Nothing else happens here.

Writers commit whatever waits as one group, so that under load the commit is shared; a lone event commits at once.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import redis.asyncio as redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector, SignatureMismatch
from channels_connectors.models import Account as AccountRow
from channels_connectors.registry import CONNECTORS
from common import doorbell
from openlines.models import Channel

logger = logging.getLogger(__name__)

PATH = re.compile(r"^/hooks/(?P<kind>[a-z_]+)/(?P<token>[A-Za-z0-9_-]{16,64})/$")
MAX_BODY = 1024 * 1024
LONGEST_KEY = 255
GROUP = 128
WRITERS = 2
ACCOUNT_SECONDS = 5.0
INSERT = (
    "INSERT INTO channels_connectors_rawevent (channel_id, key, body)"
    " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it was read, and until when that may be believed."""

    account: Account
    connector: Connector
    until: float


@dataclass(slots=True)
class Event:
    """A raw event on its way into the database."""

    channel_id: int
    key: str
    body: bytes
    stored: asyncio.Future[None]


class Webhooks:
    def __init__(self) -> None:
        self._accounts: dict[tuple[str, str], Known | None] = {}
        self._waiting: asyncio.Queue[Event] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._bell: redis.Redis | None = None

    async def lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
            else:
                await self.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    def start(self) -> None:
        self._waiting = asyncio.Queue(maxsize=10_000)
        self._bell = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5)
        self._tasks = [asyncio.create_task(self._write(self._waiting)) for _ in range(WRITERS)]

    async def stop(self) -> None:
        """More than one cancelling may be needed: the Redis client swallows one that comes while it writes."""
        while pending := [task for task in self._tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=0.1)
        self._waiting = None
        if self._bell is not None:
            await self._bell.aclose()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._waiting is None:
            self.start()
        status = await self._handle(scope, receive)
        body = b"ok" if status == 200 else b""
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _handle(self, scope: Any, receive: Any) -> int:
        """The status to answer with. Strangers learn nothing: whatever is wrong with them is 404."""
        match = PATH.match(scope["path"])
        if match is None or scope["method"] != "POST":
            return 404
        body = await _body(receive)
        if body is None:
            return 413
        try:
            known = await self._known(match["kind"], match["token"])
        except DatabaseError:
            return 503
        if known is None:
            return 404
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return await self._keep(known, headers, body)

    async def _keep(self, known: Known, headers: Mapping[str, str], body: bytes) -> int:
        try:
            known.connector.verify(headers=headers, body=body, account=known.account)
        except SignatureMismatch:
            return 404
        try:
            key = known.connector.event_key(json.loads(body))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return 400
        if len(key) > LONGEST_KEY or "\0" in key:
            return 400
        return await self._store(Event(known.account.channel_id, key, body, asyncio.get_running_loop().create_future()))

    async def _store(self, event: Event) -> int:
        assert self._waiting is not None  # noqa: S101 - started in __call__
        try:
            self._waiting.put_nowait(event)
            await event.stored
        except (asyncio.QueueFull, psycopg.Error, OSError):
            return 503
        return 200

    async def _known(self, kind: str, token: str) -> Known | None:
        now = asyncio.get_running_loop().time()
        known = self._accounts.get((kind, token))
        if known is None or known.until < now:
            account = await sync_to_async(_find_account, thread_sensitive=False)(kind, token)
            if account is None:
                self._accounts.pop((kind, token), None)
                return None
            known = self._accounts[kind, token] = Known(account, CONNECTORS[kind], now + ACCOUNT_SECONDS)
        return known

    async def _write(self, waiting: "asyncio.Queue[Event]") -> None:
        """One writer: takes what waits, commits it, answers for it; reconnects for ever."""
        connection: psycopg.AsyncConnection[Any] | None = None
        try:
            while True:
                group = await _group_of(waiting)
                try:
                    if connection is None or connection.closed:
                        connection = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True)
                    await self._commit(connection, group)
                except (psycopg.Error, OSError) as error:
                    logger.warning("Raw events could not be stored: %s", type(error).__name__)
                    _fail(group, error)
        finally:
            if connection is not None:
                await connection.close()

    async def _commit(self, connection: psycopg.AsyncConnection[Any], group: list[Event]) -> None:
        rows = sorted(group, key=lambda event: (event.channel_id, event.key))
        values = [[e.channel_id for e in rows], [e.key for e in rows], [e.body for e in rows]]
        await connection.execute(INSERT, values, prepare=True, binary=True)
        for event in group:
            if not event.stored.done():
                event.stored.set_result(None)
        assert self._bell is not None  # noqa: S101 - set in start
        with suppress(redis.RedisError, OSError):
            await self._bell.publish(doorbell.INBOX, b"")


async def _group_of(waiting: "asyncio.Queue[Event]") -> list[Event]:
    group = [await waiting.get()]
    while len(group) < GROUP and not waiting.empty():
        group.append(waiting.get_nowait())
    return group


def _fail(group: list[Event], error: Exception) -> None:
    for event in group:
        if not event.stored.done():
            event.stored.set_exception(error)


async def _body(receive: Any) -> bytes | None:
    """The whole body, or ``None`` when it is too large or the caller hung up."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _find_account(kind: str, token: str) -> Account | None:
    close_old_connections()
    row = (
        AccountRow.objects.select_related("channel")
        .filter(webhook_token=token, channel__kind=kind, inbound=AccountRow.Inbound.WEBHOOK)
        .exclude(channel__state=Channel.State.DISCONNECTED)
        .first()
    )
    return account_of(row) if row else None
