"""Strangers at the webhook of every kind: turned away, counted, shown to administrators; nothing of theirs is kept."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from channels_connectors.connector import WEBHOOK, WebhookRequest
from channels_connectors.models import Account, RawEvent, Refusal
from channels_connectors.registry import CONNECTORS
from config import asgi
from crm.models import Client, User
from openlines.models import Channel, Chat
from tests.channels_connectors.contract.driver import Driver
from tests.channels_connectors.contract.drivers import driver_of
from tests.channels_connectors.webhook_calls import endpoint
from tests.factories import make_cast, make_line
from tests.pages import get, text_of

__all__ = ["endpoint"]

pytestmark = [pytest.mark.usefixtures("endpoint"), pytest.mark.row("C17"), pytest.mark.row("C18")]

KINDS = [kind for kind, connector in sorted(CONNECTORS.items()) if WEBHOOK in connector.inbound]
PROVABLE = [kind for kind in KINDS if "forged" not in driver_of(kind).cannot]
NONSENSE = (b"", b"null", b"[]", b"42", b"{", b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000)


@dataclass(frozen=True)
class Door:
    """A channel's webhook, with the provider behind it."""

    driver: Driver
    account: Account
    administrator: User

    async def knock(self, request: WebhookRequest) -> int:
        transport = httpx.ASGITransport(asgi.application, client=(request.remote or "203.0.113.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            answer = await client.request(
                request.method, f"/hooks/{self.driver.kind}/{self.account.webhook_token}/?{request.query}",
                content=request.body, headers=dict(request.headers),
            )  # fmt: skip
        return answer.status_code

    def knocks(self, *requests: WebhookRequest) -> list[int]:
        """How each was answered; what was to be written down is written when this returns."""

        async def run() -> list[int]:
            try:
                return [await self.knock(request) for request in requests]
            finally:
                await asgi.webhooks.stop()

        return asyncio.run(run())

    @property
    def refused(self) -> dict[str, int]:
        return dict(Refusal.objects.filter(channel=self.account.channel_id).values_list("reason", "number"))

    def shows(self, reason: str, number: int) -> bool:
        page = text_of(get(self.administrator, f"/settings/channels/{self.account.channel_id}/"))
        return f"{number} ({reason})" in page

    def has_kept_nothing(self) -> bool:
        return not any(model.objects.exists() for model in (RawEvent, Chat, Client))


@pytest.fixture
def door(request: pytest.FixtureRequest, endpoint: None) -> Iterator[Door]:
    cast = make_cast()
    with driver_of(request.param).begin() as driver:
        account = driver.account
        channel = Channel.objects.create(line=make_line(cast), kind=request.param, name="Loft", scope=account.scope)
        row = Account(channel=channel, inbound=Account.Inbound.WEBHOOK, base_url=account.base_url)
        row.settings, row.credentials = dict(account.settings), dict(account.credentials)
        row.webhook_secret = account.webhook_secret
        row.save()
        yield Door(driver, row, cast.alla)


def of_kinds(kinds: list[str]) -> Any:
    return pytest.mark.parametrize("door", kinds, indirect=True)


@of_kinds(KINDS)
def test_the_provider_itself_is_let_in(door):
    assert door.knocks(door.driver.request(door.driver.text("Hello"))) == [200]
    assert RawEvent.objects.count() == 1
    assert door.refused == {}


@of_kinds(PROVABLE)
def test_whoever_proves_nothing_is_nobody(door):
    """Wrong secrets and signatures, other people's accounts, moments long gone: each kind's own list of forgeries."""
    forged = door.driver.forged(door.driver.text("Hello"))

    answers = door.knocks(*forged)

    assert set(answers) <= {404, 400}
    assert sum(door.refused.values()) == len(forged)
    assert all(door.shows(*refusal) for refusal in door.refused.items())
    assert door.has_kept_nothing()


@of_kinds(KINDS)
def test_what_is_too_large_is_not_even_read(door):
    genuine = door.driver.request(door.driver.text("Hello"))
    largest = CONNECTORS[door.driver.kind].largest_body

    assert door.knocks(replace(genuine, body=genuine.body + b" " * largest)) == [413]

    assert door.refused == {"too_large": 1}
    assert door.shows("too_large", 1)
    assert door.has_kept_nothing()


@of_kinds(KINDS)
def test_nonsense_is_refused_and_kept_nowhere(door):
    """With the provider's own headers: whether its proof or its shape is missed first is all the same."""
    genuine = door.driver.request(door.driver.text("Hello"))

    answers = door.knocks(*(replace(genuine, body=body) for body in NONSENSE))

    assert set(answers) <= {200, 400, 404}
    assert sum(door.refused.values()) == sum(answer != 200 for answer in answers) >= len(NONSENSE) - 2
    assert door.has_kept_nothing()


@of_kinds(KINDS)
def test_other_methods_and_strange_addresses_are_nothing(door):
    genuine = door.driver.request(door.driver.text("Hello"))

    answers = door.knocks(*(replace(genuine, method=method) for method in ("GET", "PUT", "DELETE", "OPTIONS")))

    assert set(answers) <= {404, 405}
    assert door.has_kept_nothing()
