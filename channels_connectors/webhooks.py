"""Webhooks, before Django: verify, commit the raw body, answer 200. Nothing else happens here."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector, SignatureMismatch
from channels_connectors.keeping import Event, Keeper
from channels_connectors.models import Account as AccountRow
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel

PATH = re.compile(r"^/hooks/(?P<kind>[a-z_]+)/(?P<token>[A-Za-z0-9_-]{16,64})/$")
MAX_BODY = 1024 * 1024
LONGEST_KEY = 255
ACCOUNT_SECONDS = 5.0

# Kind and token, as they stand in the path.
Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it was read, and until when that may be believed."""

    account: Account
    connector: Connector
    until: float


class Webhooks:
    def __init__(self) -> None:
        self._accounts: dict[Address, Known] = {}
        self._asking: dict[Address, asyncio.Task[Known | None]] = {}
        self._keeper: Keeper | None = None

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

    def start(self) -> Keeper:
        self._keeper = Keeper()
        return self._keeper

    async def stop(self) -> None:
        if self._keeper is not None:
            await self._keeper.stop()
            self._keeper = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
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
            known = await self._known((match["kind"], match["token"]))
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
        return await self._store(Event(known.account.channel_id, key, body))

    async def _store(self, event: Event) -> int:
        try:
            await (self._keeper or self.start()).keep(event)
        except (asyncio.QueueFull, psycopg.Error, OSError):
            return 503
        return 200

    async def _known(self, address: Address) -> Known | None:
        known = self._accounts.get(address)
        if known is not None and known.until >= asyncio.get_running_loop().time():
            return known
        if address not in self._asking:
            # However many wait for the answer, it is asked for once.
            self._asking[address] = asyncio.create_task(self._ask(address))
            self._asking[address].add_done_callback(lambda _: self._asking.pop(address))
        return await asyncio.shield(self._asking[address])

    async def _ask(self, address: Address) -> Known | None:
        account = await sync_to_async(_find_account, thread_sensitive=False)(*address)
        if account is None:
            self._accounts.pop(address, None)
            return None
        until = asyncio.get_running_loop().time() + ACCOUNT_SECONDS
        self._accounts[address] = Known(account, CONNECTORS[address[0]], until)
        return self._accounts[address]


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
