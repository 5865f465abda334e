"""Webhooks that serve several channels, batches, slow proofs, and whatever is turned away."""

import asyncio
import hmac
import json
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from channels_connectors import connector as contract
from channels_connectors import keeping
from channels_connectors.connector import Capabilities, Connector, Event, WebhookAnswer, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.models import Account, RawEvent, Refusal
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel, Line
from tests.channels_connectors.webhook_calls import called, endpoint
from tests.factories import make_cast, make_line

__all__ = ["endpoint"]

pytestmark = [pytest.mark.usefixtures("endpoint"), pytest.mark.row("C4"), pytest.mark.row("C17")]


@dataclass
class Pages(Connector):
    """An application whose one webhook brings batches of the events of several pages."""

    kind = "pages"
    capabilities = Capabilities()
    largest_body = 3 * 1024 * 1024
    seen: list[WebhookRequest] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def handshake(self, request: WebhookRequest, account: contract.Account) -> WebhookAnswer | None:
        self.threads.add(threading.current_thread().name)
        if request.method != "GET":
            return None
        if request.parameter("token") != account.webhook_secret:
            raise SignatureMismatch("challenge")
        return WebhookAnswer(body=request.parameter("challenge").encode())

    def verify(self, request: WebhookRequest, account: contract.Account) -> None:
        self.seen.append(request)
        if request.headers.get("x-old"):
            raise SignatureMismatch("timestamp")
        if not hmac.compare_digest(request.headers.get("x-secret", ""), account.webhook_secret):
            raise SignatureMismatch

    def events(self, request: WebhookRequest, account: contract.Account) -> list[Event]:
        return [
            Event(key=str(one["id"]), body=json.dumps(one).encode(), scope=f"pages:{one['page']}")
            for one in request.json()["events"]
        ]


class Posts(Pages):
    """Comments of the same pages: a channel kind of its own behind the same webhook."""

    kind = "posts"


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    pages = Pages()
    monkeypatch.setitem(CONNECTORS, "pages", pages)
    monkeypatch.setitem(CONNECTORS, "posts", Posts())
    return pages


@pytest.fixture
def line(endpoint: None) -> Line:
    return make_line(make_cast())


def connect(line: Line, page: str, *, secret: str = "app secret", kind: str = "pages") -> Account:
    channel = Channel.objects.create(line=line, kind=kind, name=page, scope=f"{kind}:{page}")
    account = Account(channel=channel, inbound=Account.Inbound.WEBHOOK)
    account.webhook_secret = secret
    account.save()
    return account


def path(account: Account) -> str:
    return f"/hooks/{account.channel.kind}/{account.webhook_token}/"


def post(account: Account, *events: dict[str, Any], **headers: str) -> httpx.Response:
    body = json.dumps({"events": events}).encode()
    given = {"X-Secret": "app secret"} | {name.replace("_", "-"): value for name, value in headers.items()}
    answer: httpx.Response = called(lambda client: client.post(path(account), content=body, headers=given))
    return answer


def kept() -> dict[str, list[str]]:
    events = RawEvent.objects.order_by("pk").values_list("channel__name", "key")
    found: dict[str, list[str]] = {}
    for name, key in events:
        found.setdefault(name, []).append(key)
    return found


def refused() -> dict[tuple[str, str], int]:
    return {
        (name, reason): number
        for name, reason, number in Refusal.objects.values_list("channel__name", "reason", "number")
    }


def test_each_event_goes_to_the_channel_it_is_for(pages, line):
    one, _other = connect(line, "1"), connect(line, "2")

    answer = post(one, {"id": 1, "page": 1}, {"id": 2, "page": 2}, {"id": 3, "page": 1}, {"id": 4, "page": 2})

    assert answer.status_code == 200
    assert kept() == {"1": ["1", "3"], "2": ["2", "4"]}


def test_an_event_for_a_channel_that_is_not_there_is_counted_and_not_kept(pages, line):
    one, other = connect(line, "1"), connect(line, "2")
    Channel.objects.filter(pk=other.channel_id).update(state=Channel.State.DISCONNECTED)

    answer = post(one, {"id": 1, "page": 1}, {"id": 2, "page": 2}, {"id": 3, "page": 77})

    assert answer.status_code == 200
    assert kept() == {"1": ["1"]}
    assert refused() == {("1", "unknown_account"): 2}


def test_a_secret_of_one_application_proves_nothing_to_another(pages, line):
    one, _other = connect(line, "1"), connect(line, "2", secret="another application's")

    post(one, {"id": 1, "page": 1}, {"id": 2, "page": 2}, {"id": 3, "page": 2})

    assert kept() == {"1": ["1"]}
    assert refused() == {("2", "signature"): 1}


def test_a_batch_is_kept_in_one_go_and_in_its_order(pages, line, monkeypatch):
    one, groups = connect(line, "1"), []
    commit = keeping.Writer._commit

    async def count(self: Any, connection: Any, group: list[keeping.Batch]) -> None:
        groups.append([event.key for batch in group for event in batch.events])
        await commit(self, connection, group)

    monkeypatch.setattr(keeping.Writer, "_commit", count)
    numbers = [*range(300, 0, -1)]

    post(one, *[{"id": number, "page": 1} for number in numbers])

    assert groups == [[str(number) for number in numbers]]
    assert kept() == {"1": [str(number) for number in numbers]}


def test_everything_refused_is_counted_by_its_reason_and_leaves_nothing_else(pages, line):
    account = connect(line, "1")
    strangers = (
        {"content": b'{"events": []}', "headers": {"X-Secret": "wrong"}},
        {"content": b'{"events": []}', "headers": {}},
        {"content": b'{"events": []}', "headers": {"X-Secret": "app secret", "X-Old": "yes"}},
        {"content": b"no json", "headers": {"X-Secret": "app secret"}},
        {"content": b'{"events": 7}', "headers": {"X-Secret": "app secret"}},
        {"content": b" " * (Pages.largest_body + 1), "headers": {"X-Secret": "app secret"}},
    )

    async def knock(client: httpx.AsyncClient) -> list[int]:
        answers = [await client.post(path(account), **how) for how in strangers]
        answers.append(await client.get(path(account), params={"token": "wrong", "challenge": "x"}))
        answers.append(await client.post(f"/hooks/pages/{'x' * 32}/", content=b"{}"))
        return [answer.status_code for answer in answers]

    assert called(knock) == [404, 404, 404, 400, 400, 413, 404, 404]
    assert refused() == {
        ("1", "signature"): 2, ("1", "timestamp"): 1, ("1", "malformed"): 2, ("1", "too_large"): 1,
        ("1", "challenge"): 1,
    }  # fmt: skip
    assert not RawEvent.objects.exists()


def test_refusals_add_up_over_processes(pages, line):
    account = connect(line, "1")

    for _process in range(2):
        post(account, X_Secret="wrong")

    assert refused() == {("1", "signature"): 2}
    assert Refusal.objects.get().last_at is not None


def test_refusals_wait_for_a_database_that_is_away(pages, line, settings, caplog):
    account = connect(line, "1")
    url = settings.DATABASE_URL

    async def knock(client: httpx.AsyncClient) -> int:
        settings.DATABASE_URL = "postgresql://localhost:1/nowhere"
        answer = await client.post(path(account), content=b"{}", headers={"X-Secret": "wrong"})
        await asyncio.sleep(0)
        settings.DATABASE_URL = url
        return answer.status_code

    assert called(knock) == 404
    assert refused() == {("1", "signature"): 1}


def test_a_challenge_is_answered(pages, line):
    account = connect(line, "1")
    challenge = {"token": "app secret", "challenge": "1158201444"}

    answer = called(lambda client: client.get(path(account), params=challenge))

    assert (answer.status_code, answer.text) == (200, "1158201444")


def test_a_connector_hears_where_a_request_came_from(pages, line):
    """Behind a trusted proxy the server has put the client's address there."""
    post(connect(line, "1"), {"id": 1, "page": 1})

    assert [request.remote for request in pages.seen] == ["203.0.113.7"]


def test_the_largest_body_of_a_provider_is_kept(pages, line):
    account = connect(line, "1")
    filler = "x" * (Pages.largest_body - 200)

    assert post(account, {"id": 1, "page": 1, "filler": filler}).status_code == 200
    assert kept() == {"1": ["1"]}


@pytest.fixture
def keys(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Nothing is proven until they have been fetched."""
    verify, fetched = Pages.verify, threading.Event()

    def fetch_keys(self: Pages, request: WebhookRequest, account: contract.Account) -> None:
        assert fetched.wait(20)
        verify(self, request, account)

    monkeypatch.setattr(Pages, "verify_blocks", True)
    monkeypatch.setattr(Posts, "verify_blocks", False)
    monkeypatch.setattr(Posts, "verify", verify)
    monkeypatch.setattr(Pages, "verify", fetch_keys)
    return fetched


def test_a_proof_that_takes_its_time_holds_up_nobody_else(keys, pages, line):
    slow, quick = connect(line, "1"), connect(line, "2", kind="posts")
    headers = {"X-Secret": "app secret"}

    async def together(client: httpx.AsyncClient) -> list[int]:
        body = b'{"events": [{"id": 1, "page": 1}]}'
        proofs = [asyncio.create_task(client.post(path(slow), content=body, headers=headers)) for _ in range(8)]
        meanwhile = await client.post(path(quick), content=b'{"events": []}', headers=headers)
        assert not any(proof.done() for proof in proofs)
        keys.set()
        return [meanwhile.status_code, *[(await proof).status_code for proof in proofs]]

    assert called(together) == [200] * 9
    assert all(name.startswith("verifier") for name in pages.threads)
    assert kept() == {"1": ["1"]}


def test_there_is_an_end_to_those_who_wait_for_a_proof(keys, line, monkeypatch):
    account = connect(line, "1")
    monkeypatch.setattr("channels_connectors.webhooks.LONGEST_QUEUE_FOR_VERIFIERS", 2)

    async def together(client: httpx.AsyncClient) -> list[int]:
        calls = [
            client.post(path(account), content=b'{"events": []}', headers={"X-Secret": "app secret"}) for _ in range(5)
        ]
        statuses = []
        for answer in asyncio.as_completed(calls):
            statuses.append((await answer).status_code)
            if len(statuses) == 3:
                keys.set()
        return statuses

    assert called(together) == [503, 503, 503, 200, 200]


def test_a_writer_that_is_behind_takes_no_more(pages, line, monkeypatch):
    account = connect(line, "1")
    monkeypatch.setattr(keeping, "MOST_WAITING_BYTES", 100)

    async def together(client: httpx.AsyncClient) -> list[int]:
        bodies = [json.dumps({"events": [{"id": n, "page": 1, "filler": "x" * 80}]}).encode() for n in range(20)]
        calls = [client.post(path(account), content=body, headers={"X-Secret": "app secret"}) for body in bodies]
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    statuses = called(together)

    assert set(statuses) == {200, 503}
    assert len(kept()["1"]) == statuses.count(200)
