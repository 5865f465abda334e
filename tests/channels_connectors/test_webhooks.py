"""The webhook endpoint, through the whole ASGI application."""

import asyncio
import json
from typing import Any

import httpx
import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg.conninfo import make_conninfo

from channels_connectors import webhooks as module
from channels_connectors.models import Account, RawEvent
from channels_connectors.telegram.connector import Telegram
from config import asgi
from openlines.models import Channel
from tests.channels_connectors.webhook_calls import called, endpoint
from tests.factories import make_cast, make_line

__all__ = ["endpoint"]

pytestmark = [pytest.mark.usefixtures("endpoint"), pytest.mark.row("C1")]

SECRET = "the secret of the webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = json.dumps({"update_id": 7, "message": {"text": "Hello"}}).encode()


@pytest.fixture
def account(endpoint: None) -> Account:
    cast = make_cast()
    channel = Channel.objects.create(line=make_line(cast), kind="telegram", name="@loft", scope="telegram:1")
    account = Account(channel=channel, inbound=Account.Inbound.WEBHOOK)
    account.credentials, account.webhook_secret = {"token": "1:x"}, SECRET
    account.save()
    return account


def post(account: Account, *, body: bytes = UPDATE, secret: str | None = SECRET, path: str = "") -> httpx.Response:
    headers = {} if secret is None else {HEADER: secret}
    path = path or f"/hooks/telegram/{account.webhook_token}/"
    response: httpx.Response = called(lambda client: client.post(path, content=body, headers=headers))
    return response


def test_an_update_is_stored_byte_for_byte_before_it_is_answered(account):
    assert post(account).status_code == 200

    event = RawEvent.objects.get()
    assert (event.channel_id, event.key, bytes(event.body), event.state) == (account.channel_id, "7", UPDATE, "NEW")


def test_an_update_delivered_again_is_answered_and_stored_once(account):
    assert [post(account).status_code for _ in range(2)] == [200, 200]

    assert RawEvent.objects.count() == 1


def test_many_at_once_are_all_stored(account):
    path = f"/hooks/telegram/{account.webhook_token}/"

    async def storm(client: httpx.AsyncClient) -> list[httpx.Response]:
        bodies = [json.dumps({"update_id": number % 40}).encode() for number in range(200)]
        return await asyncio.gather(*(client.post(path, content=body, headers={HEADER: SECRET}) for body in bodies))

    assert {response.status_code for response in called(storm)} == {200}
    assert sorted(RawEvent.objects.values_list("key", flat=True), key=int) == [str(n) for n in range(40)]


def test_a_wrong_secret_is_nobody_s_business(account):
    for secret in (None, "", "wrong", SECRET + "x", SECRET.upper()):
        assert post(account, secret=secret).status_code == 404, secret
    assert not RawEvent.objects.exists()


WRONG_ADDRESSES = (
    "/hooks/telegram/{unknown}/",
    "/hooks/livechat/{token}/",
    "/hooks/nonsense/{token}/",
    "/hooks/telegram/{token}",
    "/hooks/telegram/{token}/more/",
    "/hooks/telegram/short/",
    "/hooks/",
    "/hooks/telegram/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00/",
)


def test_a_wrong_address_is_nothing(account):
    for path in WRONG_ADDRESSES:
        path = path.format(token=account.webhook_token, unknown="x" * 32)
        assert post(account, path=path).status_code == 404, path
    assert not RawEvent.objects.exists()


def test_a_channel_that_is_polled_or_disconnected_takes_no_webhooks(account):
    Account.objects.update(inbound=Account.Inbound.POLL)
    assert post(account).status_code == 404

    Account.objects.update(inbound=Account.Inbound.WEBHOOK)
    Channel.objects.update(state=Channel.State.DISCONNECTED)
    asgi.webhooks._accounts.clear()
    assert post(account).status_code == 404


@pytest.mark.row("C17")
def test_a_paused_channel_still_keeps_what_comes(account):
    Channel.objects.update(state=Channel.State.PAUSED)

    assert post(account).status_code == 200
    assert RawEvent.objects.exists()


def test_nothing_but_post_is_answered(account):
    path = f"/hooks/telegram/{account.webhook_token}/"

    async def ask(client: httpx.AsyncClient) -> list[int]:
        methods = ("GET", "PUT", "DELETE", "HEAD", "OPTIONS")
        return [(await client.request(method, path, headers={HEADER: SECRET})).status_code for method in methods]

    assert called(ask) == [404] * 5


NO_UPDATES = (
    b"",
    b"{",
    b"[]",
    b"7",
    b'"text"',
    b"null",
    b"{}",
    b'{"update": 7}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    json.dumps({"update_id": "x" * 300}).encode(),
    json.dumps({"update_id": "a\0b"}).encode(),
)


def test_what_is_not_an_update_is_refused(account):
    for body in NO_UPDATES:
        assert post(account, body=body).status_code == 400, body[:40]
    assert not RawEvent.objects.exists()


def test_a_body_that_is_too_large_is_refused(account):
    assert post(account, body=b" " * (Telegram.largest_body - len(UPDATE)) + UPDATE).status_code == 200
    assert post(account, body=b" " * Telegram.largest_body + UPDATE).status_code == 413


def test_while_the_database_is_away_the_provider_is_asked_to_come_again(account, settings):
    settings.DATABASE_URL = "postgresql://localhost:1/nowhere"

    response = post(account)

    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


def test_an_account_that_can_not_be_read_is_no_stranger(account, monkeypatch):
    def fail(kind: str, token: str) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(module, "_find_account", fail)

    assert post(account).status_code == 503


def test_a_lost_connection_is_made_anew(account):
    path = f"/hooks/telegram/{account.webhook_token}/"

    async def around_a_cut(client: httpx.AsyncClient) -> list[int]:
        statuses = []
        for number in range(4):
            body = json.dumps({"update_id": number}).encode()
            statuses.append((await client.post(path, content=body, headers={HEADER: SECRET})).status_code)
            if number == 1:
                await asyncio.to_thread(cut_writers)
        return statuses

    statuses = called(around_a_cut)

    assert statuses[:2] == [200, 200]
    assert statuses[-1] == 200 or 503 in statuses
    assert RawEvent.objects.count() == statuses.count(200)


def cut_writers() -> None:
    with psycopg.connect(make_conninfo("", **connection_parameters()), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%%rawevent%%' AND pid <> pg_backend_pid()"
            " AND state = 'idle' AND application_name = ''"
        )


def connection_parameters() -> dict[str, Any]:
    known = connection.settings_dict
    return {"dbname": known["NAME"], "user": known["USER"], "host": known["HOST"]}


def test_a_secret_is_believed_for_seconds_only(account, monkeypatch):
    monkeypatch.setattr(module, "ACCOUNT_SECONDS", -1.0)
    assert post(account).status_code == 200

    account.webhook_secret = "another"
    account.save()

    assert post(account).status_code == 404


def test_what_comes_together_is_numbered_in_the_order_in_which_it_came(account):
    path = f"/hooks/telegram/{account.webhook_token}/"
    numbers = [*range(8, 13), 7, 100]

    async def at_once(client: httpx.AsyncClient) -> list[int]:
        bodies = [json.dumps({"update_id": number}).encode() for number in numbers]
        calls = [client.post(path, content=body, headers={HEADER: SECRET}) for body in bodies]
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert called(at_once) == [200] * len(numbers)
    assert list(RawEvent.objects.order_by("pk").values_list("key", flat=True)) == [str(number) for number in numbers]


def test_an_account_is_read_once_for_all_who_wait_for_it(account, monkeypatch):
    path = f"/hooks/telegram/{account.webhook_token}/"
    find, asked = module._find_account, []

    def find_and_count(kind: str, token: str) -> Any:
        asked.append(token)
        return find(kind, token)

    async def at_once(client: httpx.AsyncClient) -> list[int]:
        bodies = [json.dumps({"update_id": number}).encode() for number in range(10)]
        calls = [client.post(path, content=body, headers={HEADER: SECRET}) for body in bodies]
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    monkeypatch.setattr(module, "_find_account", find_and_count)

    assert called(at_once) == [200] * 10
    assert asked == [account.webhook_token]
