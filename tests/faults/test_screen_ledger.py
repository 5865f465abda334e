"""Two consoles in a real browser while the line to the server is cut and its processes die: on screen nothing is lost,
doubled or out of order, and after each return the page soon knows what a fresh one would."""

import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import sign_in
from tests.faults.cutting import Line, line_to
from tests.live import PASSWORD, ROOT, LiveProduct, live_product, rows
from tests.providers.telegram import CustomerHandle, TelegramSimulator, simulated_telegram

CLIENTS = 20
FROM_CLIENTS, FROM_OPERATORS = 2_000, 1_000
EDITED_EVERY, DELETED_EVERY = 10, 15
CUTS, KILLS = 50, 5
SECONDS = 100.0
# What a console may take to know everything again, once the server can be reached.
RETURN_SECONDS = 2.0
PATIENCE = 120.0
# The keys of what stands in the feed, from above to below, as the page's own account of what it painted.
ON_SCREEN = "window.__console()"
WORDS = ("message ", "reply ")


@pytest.fixture
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="1000000/min") as running:
        yield running


@pytest.fixture
def telegram() -> Iterator[TelegramSimulator]:
    with simulated_telegram(retry_start=0.1, retry_limit=1.0) as simulator:
        yield simulator


class Desk:
    """An operator with a console that goes through the line, and an API of their own beside it."""

    def __init__(self, product: LiveProduct, line: Line, browser: Browser, name: str) -> None:
        self.api = product.api(name)
        self.context = browser.new_context(locale="en-US")
        self.page = sign_in(self.context.new_page(), line.url, user=name, password=PASSWORD, path="/?ledger=1")
        self.returns: list[float] = []
        self.disorders: list[Any] = []

    def close(self) -> None:
        self.context.close()
        self.api.close()

    def known(self) -> dict[str, Any]:
        known: dict[str, Any] = self.page.evaluate(ON_SCREEN)
        return known

    def look(self) -> None:
        """What the page knows of the conversation on screen is in order, and nothing is there twice."""
        shown = [(dialog, seq) for _id, seq, dialog, _revision in self.known()["messages"] if seq is not None]
        if shown != sorted(set(shown)):
            self.disorders.append(shown)

    def is_up_to(self, dialogs: dict[int, int]) -> bool:
        known = self.known()["revisions"]
        return all(known.get(str(pk), 0) >= revision for pk, revision in dialogs.items())


def insist(call: Callable[[], httpx.Response]) -> httpx.Response:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        try:
            answer = call()
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def arrange(product: LiveProduct, telegram: TelegramSimulator) -> list[CustomerHandle]:
    """A bot, twenty clients, two operators who take what comes in turn."""
    bot = telegram.add_bot(first_name="Loft")
    with product.api("alla") as alla, product.api("olga") as olga, product.api("oleg") as oleg:
        line = alla.get("/lines/").json()[0]["id"]
        ids = [operator.get("/me/").json()["id"] for operator in (olga, oleg)]
        assert alla.put(f"/lines/{line}/queue-members/", json={"operators": ids}).status_code == 200
        rules = {"checks_presence": False, "checks_working_day": False, "offer_seconds": 3600}
        assert alla.patch(f"/lines/{line}/queue/", json=rules).status_code == 200
        values = {"token": bot.token, "base_url": telegram.base_url}
        channel = {"line": line, "kind": "telegram", "values": values}
        assert alla.post("/channels/", json=channel).status_code == 201
        customers = [bot.customer(f"Customer{number:02}") for number in range(CLIENTS)]
        for customer in customers:
            customer.writes("first words")
        _take_everything(olga, oleg)
    return customers


def _take_everything(*operators: httpx.Client) -> None:
    give_up = time.monotonic() + PATIENCE
    taken: set[int] = set()
    while len(taken) < CLIENTS:
        assert time.monotonic() < give_up, f"{len(taken)} dialogs were taken"
        for operator in operators:
            for dialog in insist(partial(operator.get, "/console/")).json()["dialogs"]:
                if dialog["state"] != "ACTIVE":
                    insist(partial(operator.post, f"/dialogs/{dialog['id']}/answer/"))
                else:
                    taken.add(dialog["id"])
        time.sleep(0.2)


def customers_write(customers: list[CustomerHandle], over: threading.Event) -> None:
    """Numbered messages over the whole time; some are changed afterwards."""
    began_at = time.monotonic()
    for number, customer in zip(range(FROM_CLIENTS), itertools.cycle(customers), strict=False):
        sent = customer.writes(f"message {number:04}")
        if number % EDITED_EVERY == 0:
            customer.edits(sent["message"]["message_id"], f"message {number:04} changed")
        _keep_pace(began_at, number, FROM_CLIENTS)
    over.set()


def operators_write(apis: list[httpx.Client], over: threading.Event) -> None:
    """Replies to own dialogs in turn; some are changed, some taken back."""
    began_at = time.monotonic()
    dialogs = [[d["id"] for d in api.get("/console/").json()["dialogs"] if d["state"] == "ACTIVE"] for api in apis]
    turns = [itertools.cycle(own) for own in dialogs]
    for number in range(FROM_OPERATORS):
        api, own = apis[number % len(apis)], turns[number % len(apis)]
        body = {"command_id": str(uuid4()), "text": f"reply {number:04}"}
        answer = insist(partial(api.post, f"/dialogs/{next(own)}/messages/", json=body))
        assert answer.status_code in {200, 201}, answer.text
        pk = answer.json()["id"]
        if number % EDITED_EVERY == 1:
            insist(partial(api.patch, f"/messages/{pk}/", json={"text": f"reply {number:04} changed"}))
        if number % DELETED_EVERY == 2:
            insist(partial(api.delete, f"/messages/{pk}/"))
        _keep_pace(began_at, number, FROM_OPERATORS)
    over.set()


def _keep_pace(began_at: float, number: int, all_of_them: int) -> None:
    time.sleep(max(0.0, began_at + SECONDS * number / all_of_them - time.monotonic()))


def break_things(product: LiveProduct, line: Line, chance: random.Random) -> Iterator[None]:
    """Fifty cuts, and five deaths of the web process among them; one of them per step."""
    deaths = set(chance.sample(range(5, CUTS), KILLS))
    for number in range(CUTS):
        if number in deaths:
            before = product.pid_of("web-1")
            product.kill("web-1")
            give_up = time.monotonic() + PATIENCE
            while not product.has_come_back("web-1", before):
                assert time.monotonic() < give_up
                time.sleep(0.05)
        line.cut()
        yield


def fresh(api: httpx.Client) -> dict[int, int]:
    dialogs = insist(partial(api.get, "/console/")).json()["dialogs"]
    return {dialog["id"]: dialog["revision"] for dialog in dialogs}


def come_back(desk: Desk) -> None:
    """Until its socket is open again; then it has to know within a moment what a fresh page would have shown."""
    _wait(desk.page, lambda: desk.known()["connection"] == "open")
    wanted = fresh(desk.api)
    began_at = time.monotonic()
    _wait(desk.page, lambda: desk.is_up_to(wanted))
    desk.returns.append(time.monotonic() - began_at)


def _wait(page: Page, holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > give_up:
            raise AssertionError(f"the console does not come back: {page.evaluate(ON_SCREEN)}")
        page.wait_for_timeout(20)


def everything_is_stored(product: LiveProduct) -> bool:
    query = (
        "SELECT (SELECT count(*) FROM channels_connectors_rawevent WHERE state = 'NEW'),"
        " (SELECT count(*) FROM channels_connectors_delivery WHERE state IN ('QUEUED', 'SENDING')),"
        " (SELECT count(*) FROM openlines_message WHERE author_kind = 'CLIENT')"
    )
    return rows(product, query) == [(0, 0, FROM_CLIENTS + CLIENTS)]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.row("D1")
@pytest.mark.row("D12")
def test_the_screen_is_whole_whatever_breaks(product, telegram, browser):
    customers = arrange(product, telegram)
    chance = random.Random(20261126)
    port = int(product.url.rpartition(":")[2])
    with ExitStack() as opened:
        line = opened.enter_context(line_to(port))
        desks = [Desk(product, line, browser, name) for name in ("olga", "oleg")]
        for desk in desks:
            opened.callback(desk.close)
            desk.page.locator("dialog-list [data-dialog]").first.click()
            desk.page.wait_for_selector(".feed .message")
        _let_them_work_and_break_things(product, line, desks, customers, chance)
        _wait(desks[0].page, lambda: everything_is_stored(product))
        for desk in desks:
            come_back(desk)
            desk.look()
            assert_every_conversation_is_whole(product, desk)

    returns = sorted(itertools.chain.from_iterable(desk.returns for desk in desks))
    assert [desk.disorders for desk in desks] == [[], []]
    assert len(returns) == 2 * (CUTS + 1)
    note_returns(returns)


def note_returns(returns: list[float]) -> None:
    """Times are no matter of passing or failing here: they are kept beside the figures of ``make bench``."""
    late = sum(seconds > RETURN_SECONDS for seconds in returns)
    told = {"median_s": returns[len(returns) // 2], "worst_s": returns[-1], "returns": len(returns), "late": late}
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    (folder / "screen_ledger.json").write_text(json.dumps(told) + "\n")


def _let_them_work_and_break_things(
    product: LiveProduct, line: Line, desks: list[Desk], customers: list[CustomerHandle], chance: random.Random
) -> None:
    over = [threading.Event(), threading.Event()]
    writers = [
        threading.Thread(target=customers_write, args=(customers, over[0])),
        threading.Thread(target=operators_write, args=([desk.api for desk in desks], over[1])),
    ]
    for writer in writers:
        writer.start()
    for _broken in break_things(product, line, chance):
        for desk in desks:
            come_back(desk)
            desk.look()
        desks[0].page.wait_for_timeout(chance.uniform(100, 1500))
    while not all(event.is_set() for event in over):
        for desk in desks:
            desk.look()
            desk.page.wait_for_timeout(200)
        assert all(writer.is_alive() or event.is_set() for writer, event in zip(writers, over, strict=True))


def assert_every_conversation_is_whole(product: LiveProduct, desk: Desk) -> None:
    """Each dialog is opened and read to its beginning: the page has exactly what the database has, in its order."""
    for dialog_id, revision in fresh(desk.api).items():
        desk.page.locator(f'dialog-list [data-dialog="{dialog_id}"]').first.click()
        stored = rows(
            product,
            f"SELECT id, seq, dialog_id, revision FROM openlines_message WHERE dialog_id = {dialog_id} ORDER BY seq",
        )
        _wait(desk.page, partial(_reads_back, desk, dialog_id, revision, len(stored)))
        shown = [tuple(message) for message in desk.known()["messages"] if message[2] == dialog_id]
        assert shown == stored
        # The feed keeps a window of nodes: what it shows is a piece of the whole, without a gap.
        painted, all_words = _painted_words(desk.page), _stored_words(product, dialog_id)
        assert painted
        assert "\n".join(painted) in "\n".join(all_words)


def _painted_words(page: Page) -> list[str]:
    return [text for text in page.locator(".feed .message__text").all_inner_texts() if text.startswith(WORDS)]


def _stored_words(product: LiveProduct, dialog_id: int) -> list[str]:
    texts = rows(
        product,
        f"SELECT text FROM openlines_message WHERE dialog_id = {dialog_id} AND deleted_at IS NULL ORDER BY seq",
    )
    return [text for (text,) in texts if text.startswith(WORDS)]


def _reads_back(desk: Desk, dialog_id: int, revision: int, count: int) -> bool:
    known = desk.known()
    if known["dialogId"] != dialog_id or known["feedRevision"] < revision:
        return False
    own = [message for message in known["messages"] if message[2] == dialog_id]
    if len(own) < count:
        desk.page.locator(".conversation__scroll").evaluate("element => { element.scrollTop = 0; }")
    return len(own) >= count
