"""Nothing lost, nothing twice, in order: while the product's processes are killed one after the other."""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page

from tests.chromium import sign_in
from tests.live import PASSWORD, LiveProduct, live_product, rows
from tests.providers.telegram import BotHandle, CustomerHandle, TelegramSimulator, simulated_telegram

CUSTOMERS = 20
MESSAGES_EACH = 50
REPLIES_EACH = 25
SECONDS = 45.0
VICTIMS = ("web-1", "worker", "beat", "valkey")
# However slow the machine: as long as something moves there is no hurry.
PATIENCE = 90.0
BETWEEN_KILLS = 4.0


class Patience:
    """Runs out when nothing has moved for so long."""

    def __init__(self) -> None:
        self._seen: object = None
        self._give_up = time.monotonic() + PATIENCE

    def look(self, state: object) -> None:
        if state != self._seen:
            self._seen, self._give_up = state, time.monotonic() + PATIENCE
        assert time.monotonic() < self._give_up, f"nothing has moved for {PATIENCE:.0f} s: {state}"


@pytest.fixture
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="1000000/min") as running:
        yield running


@pytest.fixture
def telegram() -> Iterator[TelegramSimulator]:
    with simulated_telegram(retry_start=0.1, retry_limit=1.0) as simulator:
        yield simulator


def connect(product: LiveProduct, bot: BotHandle, base_url: str) -> None:
    """A line whose only operator is Olga, with the bot connected by its administrator."""
    with product.api("alla") as alla, product.api("olga") as olga:
        line = alla.get("/lines/").json()[0]["id"]
        me = olga.get("/me/").json()["id"]
        assert alla.put(f"/lines/{line}/queue-members/", json={"operators": [me]}).status_code == 200
        rules = {"checks_presence": False, "offer_seconds": 3600}
        assert alla.patch(f"/lines/{line}/queue/", json=rules).status_code == 200
        values = {"token": bot.token, "base_url": base_url}
        channel = {"line": line, "kind": "telegram", "values": values}
        answer = alla.post("/channels/", json=channel)
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "CONNECTED"


def insist(call: Callable[[], httpx.Response]) -> httpx.Response:
    """What a careful client does: the same request again until the server has answered it."""
    patience = Patience()
    while True:
        try:
            answer = call()
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            pass
        patience.look("the server does not answer")
        time.sleep(0.2)


def customers_write(customers: dict[str, CustomerHandle], stop_at: float) -> None:
    started = time.monotonic()
    for number, name in itertools.product(range(MESSAGES_EACH), customers):
        customers[name].writes(f"{name} {number:03}")
        share = (number * len(customers)) / (MESSAGES_EACH * len(customers))
        time.sleep(max(0.0, min(started + share * SECONDS, stop_at) - time.monotonic()) / len(customers))


def olga_replies(olga: httpx.Client) -> None:
    """Takes every dialog and writes so many numbered replies into each, one after the other."""
    written: dict[int, int] = defaultdict(int)
    patience = Patience()
    while len(written) < CUSTOMERS or min(written.values()) < REPLIES_EACH:
        patience.look(dict(written))
        for dialog in insist(lambda: olga.get("/console/")).json()["dialogs"]:
            pk = dialog["id"]
            if dialog["state"] != "ACTIVE":
                insist(partial(olga.post, f"/dialogs/{pk}/answer/"))
            if written[pk] < REPLIES_EACH:
                reply = {"command_id": str(uuid4()), "text": f"reply {written[pk]:03}"}
                answer = insist(partial(olga.post, f"/dialogs/{pk}/messages/", json=reply))
                assert answer.status_code in {200, 201}, answer.text
                written[pk] += 1
        time.sleep(0.3)


def kill_in_turn(product: LiveProduct, until: float) -> list[str]:
    """Each of them once at least; who is killed has come back before the next one is."""
    killed: list[str] = []
    for victim in itertools.cycle(VICTIMS):
        if time.monotonic() > until and len(killed) >= len(VICTIMS):
            return killed
        time.sleep(BETWEEN_KILLS)
        before = product.pid_of(victim)
        product.kill(victim)
        killed.append(victim)
        patience = Patience()
        while not product.has_come_back(victim, before):
            patience.look(f"{victim} does not come back")
            time.sleep(0.1)
    raise AssertionError


def wait_until_quiet(product: LiveProduct) -> None:
    waiting = (
        "SELECT (SELECT count(*) FROM channels_connectors_rawevent WHERE state = 'NEW'),"
        " (SELECT count(*) FROM channels_connectors_delivery WHERE state IN ('QUEUED', 'SENDING')),"
        " (SELECT count(*) FROM openlines_message WHERE author_kind = 'CLIENT')"
    )
    patience = Patience()
    while (left := rows(product, waiting)) != [(0, 0, CUSTOMERS * MESSAGES_EACH)]:
        patience.look(left)
        time.sleep(0.5)


def painted_when_it_is_all_there(product: LiveProduct, page: Page) -> list[list[float]]:
    """What the open conversation shows, once nothing is missing or nothing more comes."""
    patience = Patience()
    while True:
        painted: list[list[float]] = page.evaluate("window.__ledger")
        stored, on_screen = stored_and_shown(product, painted)
        if stored <= on_screen:
            return painted
        patience.look(len(painted))
        page.wait_for_timeout(500)


def stored_and_shown(product: LiveProduct, painted: list[list[float]]) -> tuple[set[int], set[int]]:
    """Of the dialog that was open all the time."""
    dialog_id = int(painted[-1][2])
    stored = {pk for (pk,) in rows(product, f"SELECT id FROM openlines_message WHERE dialog_id = {dialog_id}")}
    return stored, {int(entry[0]) for entry in painted if int(entry[2]) == dialog_id}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.row("C1")
@pytest.mark.row("D12")
def test_killing_processes_loses_and_doubles_nothing(product, telegram, browser):
    bot = telegram.add_bot(first_name="Loft")
    connect(product, bot, telegram.base_url)
    customers = {name: bot.customer(name) for name in (f"Customer{number:02}" for number in range(CUSTOMERS))}
    killed: list[str] = []
    with product.api("olga") as olga, closing(browser.new_page()) as page:
        sign_in(page, product.url, user="olga", password=PASSWORD, path="/?ledger=1")
        until = time.monotonic() + SECONDS
        writing = threading.Thread(target=customers_write, args=(customers, until))
        replying = threading.Thread(target=olga_replies, args=(olga,))
        killing = threading.Thread(target=lambda: killed.extend(kill_in_turn(product, until)))
        for thread in (writing, replying, killing):
            thread.start()
        page.get_by_text("Customer07").first.click(timeout=PATIENCE * 1000)
        while writing.is_alive() or replying.is_alive() or killing.is_alive():
            page.wait_for_timeout(200)
        wait_until_quiet(product)
        painted = painted_when_it_is_all_there(product, page)

    assert set(killed) == set(VICTIMS)
    assert_stored_once_and_in_order(product)
    assert_provider_has_each_reply_once(product, customers)
    assert_screen_shows_what_is_stored(product, painted)


def assert_stored_once_and_in_order(product: LiveProduct) -> None:
    stored = defaultdict(list)
    query = (
        "SELECT m.chat_id, m.text FROM openlines_message m WHERE m.author_kind = 'CLIENT' ORDER BY m.dialog_id, m.seq"
    )
    for chat_id, text in rows(product, query):
        stored[chat_id].append(text)
    assert len(stored) == CUSTOMERS
    for texts in stored.values():
        name = texts[0].split()[0]
        assert texts == [f"{name} {number:03}" for number in range(MESSAGES_EACH)]
    gaps = (
        "SELECT count(*) FROM openlines_dialog d WHERE d.last_seq <>"
        " (SELECT count(*) FROM openlines_message m WHERE m.dialog_id = d.id)"
    )
    assert rows(product, gaps) == [(0,)]


def assert_provider_has_each_reply_once(product: LiveProduct, customers: dict[str, CustomerHandle]) -> None:
    """Telegram knows no idempotency key: what was on its way when a worker died is UNKNOWN; only that may be absent."""
    doubtful = {
        (name, text)
        for name, text in rows(
            product,
            "SELECT c.name, m.text FROM openlines_message m JOIN openlines_dialog d ON d.id = m.dialog_id"
            " JOIN crm_client c ON c.id = d.client_id WHERE m.delivery_state = 'UNKNOWN'",
        )
    }
    undelivered = rows(
        product,
        "SELECT count(*) FROM openlines_message WHERE author_kind = 'OPERATOR' AND visibility = 'PUBLIC'"
        " AND delivery_state NOT IN ('SENT', 'UNKNOWN')",
    )
    assert undelivered == [(0,)]
    for name, customer in customers.items():
        received = [m["text"] for m in customer.received() if m.get("text", "").startswith("reply ")]
        assert received == sorted(set(received)), "doubled or out of order"
        missing = {f"reply {number:03}" for number in range(REPLIES_EACH)} - set(received)
        assert {(name, text) for text in missing} <= doubtful


def assert_screen_shows_what_is_stored(product: LiveProduct, painted: list[list[float]]) -> None:
    """Every message painted, none twice under another id."""
    stored, on_screen = stored_and_shown(product, painted)
    assert on_screen == stored
