"""Webhooks, before Django: verify, commit the raw body, answer 200. Nothing else happens here."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from channels_connectors import refusals
from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector, Event, WebhookAnswer, WebhookRequest
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.keeping import Keeper, Kept
from channels_connectors.models import Account as AccountRow
from channels_connectors.refusals import Refusals
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel

PATH = re.compile(r"^/hooks/(?P<kind>[a-z_]+)/(?P<token>[A-Za-z0-9_-]{16,64})/$")
LONGEST_KEY = 255
ACCOUNT_SECONDS = 5.0
# However slowly a body drips.
BODY_SECONDS = 30.0
# For proofs that take their time: see ``Connector.verify_blocks``.
VERIFIERS, LONGEST_QUEUE_FOR_VERIFIERS = 4, 200
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

# How an account is found: by kind and token, as they stand in the path, or by its scope.
Address = tuple[str, str]
BY_SCOPE = ""
T = TypeVar("T")

NOT_FOUND, TOO_LARGE, MALFORMED, BUSY = (WebhookAnswer(status=status, body=b"") for status in (404, 413, 400, 503))


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it was read, and until when that may be believed."""

    account: Account
    connector: Connector
    until: float


class BodyTooLarge(Exception):
    """There is more than the provider's largest."""


class HungUp(Exception):
    """The caller is gone, or too slow."""


class Refused(Exception):
    """What came is answered with ``answer`` and counted under ``reason``."""

    def __init__(self, answer: WebhookAnswer, reason: str) -> None:
        super().__init__(reason)
        self.answer, self.reason = answer, reason


class Webhooks:
    def __init__(self) -> None:
        self._accounts: dict[Address, Known] = {}
        self._asking: dict[Address, asyncio.Task[Known | None]] = {}
        self._keeper: Keeper | None = None
        self._refusals = Refusals()
        self._verifiers = ThreadPoolExecutor(VERIFIERS, thread_name_prefix="verifier")
        self._verifying = 0

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
        await self._refusals.stop()

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
        try:
            known = await self._known((match["kind"], match["token"]))
            return NOT_FOUND if known is None else await self._answer(known, scope, receive)
        except (DatabaseError, ConnectorError, asyncio.QueueFull, psycopg.Error, OSError):
            return BUSY

    async def _answer(self, known: Known, scope: Any, receive: Any) -> WebhookAnswer:
        try:
            request = _request(scope, await _body(receive, known.connector.largest_body))
            return await self._keep(known, request)
        except Refused as refused:
            self._refusals.count(known.account.channel_id, refused.reason)
            return refused.answer
        except BodyTooLarge:
            self._refusals.count(known.account.channel_id, refusals.TOO_LARGE)
            return TOO_LARGE
        except HungUp:
            return NOT_FOUND

    async def _keep(self, known: Known, request: WebhookRequest) -> WebhookAnswer:
        handshake = await self._proven(known, lambda: _greeted(known, request))
        if handshake is not None:
            return handshake
        try:
            events = known.connector.events(request, known.account)
        except NONSENSE:
            raise Refused(MALFORMED, refusals.MALFORMED) from None
        if any(len(event.key) > LONGEST_KEY or "\0" in event.key for event in events):
            raise Refused(MALFORMED, refusals.MALFORMED)
        keeper = self._keeper or self.start()
        await keeper.keep(await self._addressed(known, request, events))
        return known.connector.answer(request, known.account)

    async def _proven(self, known: Known, proof: Callable[[], T]) -> T:
        """What the connector finds out about a request, on a thread where that takes its time."""
        try:
            if not known.connector.verify_blocks:
                return proof()
            if self._verifying >= LONGEST_QUEUE_FOR_VERIFIERS:
                raise asyncio.QueueFull
            self._verifying += 1
            try:
                return await asyncio.get_running_loop().run_in_executor(self._verifiers, proof)
            finally:
                self._verifying -= 1
        except SignatureMismatch as mismatch:
            raise Refused(NOT_FOUND, mismatch.reason) from None
        except NONSENSE:
            raise Refused(MALFORMED, refusals.MALFORMED) from None

    async def _addressed(self, known: Known, request: WebhookRequest, events: list[Event]) -> list[Kept]:
        """Each event with its channel. One webhook of an application may bring those of several accounts."""
        channels = {"": known.account.channel_id, known.account.scope: known.account.channel_id}
        kept = []
        for event in events:
            if event.scope not in channels:
                channels[event.scope] = await self._channel_of(event.scope, known, request)
            if channel_id := channels[event.scope]:
                kept.append(Kept(channel_id, event.key, event.body))
        return kept

    async def _channel_of(self, scope: str, known: Known, request: WebhookRequest) -> int:
        """Another channel of the same application: the same request proves itself to its account, too. 0: there is
        none, which is counted."""
        other = await self._known((BY_SCOPE, scope))
        if other is None:
            self._refusals.count(known.account.channel_id, refusals.UNKNOWN_ACCOUNT)
            return 0
        try:
            await self._proven(other, lambda: other.connector.verify(request, other.account))
        except Refused as refused:
            self._refusals.count(other.account.channel_id, refused.reason)
            return 0
        return other.account.channel_id

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
        found = await sync_to_async(_find_account, thread_sensitive=False)(*address)
        if found is None:
            self._accounts.pop(address, None)
            return None
        kind, account = found
        until = asyncio.get_running_loop().time() + ACCOUNT_SECONDS
        self._accounts[address] = Known(account, CONNECTORS[kind], until)
        return self._accounts[address]


def _greeted(known: Known, request: WebhookRequest) -> WebhookAnswer | None:
    """The answer to what is no event; ``None`` once it is proven to be one."""
    if (answer := known.connector.handshake(request, known.account)) is not None:
        return answer
    if request.method != "POST":
        return NOT_FOUND
    known.connector.verify(request, known.account)
    return None


def _request(scope: Any, body: bytes) -> WebhookRequest:
    return WebhookRequest(
        body=body,
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        method=scope["method"],
        query=scope.get("query_string", b"").decode("latin-1"),
        remote=(scope.get("client") or ("",))[0],
    )


async def _body(receive: Any, largest: int) -> bytes:
    """The whole body. Raises ``BodyTooLarge``, ``HungUp``."""
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise HungUp
                parts.append(message.get("body", b""))
                largest -= len(parts[-1])
                if largest < 0:
                    raise BodyTooLarge
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise HungUp from None


def _find_account(kind: str, token: str) -> tuple[str, Account] | None:
    """By kind and token, or without a kind by scope."""
    close_old_connections()
    which = {"webhook_token": token, "channel__kind": kind} if kind != BY_SCOPE else {"channel__scope": token}
    row = (
        AccountRow.objects.select_related("channel")
        .filter(**which, inbound=AccountRow.Inbound.WEBHOOK, channel__kind__in=CONNECTORS)
        .exclude(channel__state=Channel.State.DISCONNECTED)
        .first()
    )
    return (row.channel.kind, account_of(row)) if row else None
