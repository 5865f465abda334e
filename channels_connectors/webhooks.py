"""Webhooks, before Django: verify, commit the raw body, answer 200. Nothing else happens here."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector, WebhookAnswer, WebhookRequest
from channels_connectors.errors import SignatureMismatch
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


NOT_FOUND, TOO_LARGE, MALFORMED, BUSY = (WebhookAnswer(status=status, body=b"") for status in (404, 413, 400, 503))


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
        answer = await self._handle(scope, receive)
        headers = [
            (b"content-type", answer.content_type.encode()), (b"content-length", str(len(answer.body)).encode()),
        ]  # fmt: skip
        if answer.status == 503:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _handle(self, scope: Any, receive: Any) -> WebhookAnswer:
        """Strangers learn nothing: whatever is wrong with them is 404."""
        match = PATH.match(scope["path"])
        if match is None or scope["method"] not in ("GET", "POST"):
            return NOT_FOUND
        body = await _body(receive)
        if body is None:
            return TOO_LARGE
        try:
            known = await self._known((match["kind"], match["token"]))
        except DatabaseError:
            return BUSY
        return NOT_FOUND if known is None else await self._keep(known, _request(scope, body))

    async def _keep(self, known: Known, request: WebhookRequest) -> WebhookAnswer:
        try:
            if (answer := known.connector.handshake(request, known.account)) is not None:
                return answer
            if request.method != "POST":
                return NOT_FOUND
            known.connector.verify(request, known.account)
            events = known.connector.events(request, known.account)
        except SignatureMismatch:
            return NOT_FOUND
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return MALFORMED
        if any(len(event.key) > LONGEST_KEY or "\0" in event.key for event in events):
            return MALFORMED
        try:
            keeper = self._keeper or self.start()
            for event in events:
                await keeper.keep(Event(known.account.channel_id, event.key, event.body))
        except (asyncio.QueueFull, psycopg.Error, OSError):
            return BUSY
        return known.connector.answer(request, known.account)

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


def _request(scope: Any, body: bytes) -> WebhookRequest:
    return WebhookRequest(
        body=body,
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        method=scope["method"],
        query=scope.get("query_string", b"").decode("latin-1"),
        remote=(scope.get("client") or ("",))[0],
    )


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
