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

from tests.chromium import sign_in
from tests.live import PASSWORD, LiveProduct, live_product, rows
from tests.providers.telegram import BotHandle, CustomerHandle, TelegramSimulator, simulated_telegram

CUSTOMERS = 20
MESSAGES_EACH = 50
REPLIES_EACH = 25
SECONDS = 60.0
VICTIMS = ("web-1", "worker", "beat", "valkey")
PATIENCE = 120.0


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
        channel = {"line": line, "kind": "telegram", "token": bot.token, "base_url": base_url}
        answer = alla.post("/channels/", json=channel)
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "CONNECTED"


def insist(call: Callable[[], httpx.Response], *, until: float) -> httpx.Response:
    """What a careful client does: the same request again until the server has answered it."""
    while True:
        try:
            answer = call()
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            pass
        assert time.monotonic() < until, "the server did not come back"
        time.sleep(0.2)


def customers_write(customers: dict[str, CustomerHandle], stop_at: float) -> None:
    started = time.monotonic()
    for number, name in itertools.product(range(MESSAGES_EACH), customers):
        customers[name].writes(f"{name} {number:03}")
        share = (number * len(customers)) / (MESSAGES_EACH * len(customers))
        time.sleep(max(0.0, min(started + share * SECONDS, stop_at) - time.monotonic()) / len(customers))


def olga_replies(olga: httpx.Client, until: float) -> None:
    """Takes every dialog and writes so many numbered replies into each, one after the other."""
    written: dict[int, int] = defaultdict(int)
    while len(written) < CUSTOMERS or min(written.values()) < REPLIES_EACH:
        assert time.monotonic() < until
        for dialog in insist(lambda: olga.get("/console/"), until=until).json()["dialogs"]:
            pk = dialog["id"]
            if dialog["state"] != "ACTIVE":
                insist(partial(olga.post, f"/dialogs/{pk}/answer/"), until=until)
            if written[pk] < REPLIES_EACH:
                reply = {"command_id": str(uuid4()), "text": f"reply {written[pk]:03}"}
                answer = insist(partial(olga.post, f"/dialogs/{pk}/messages/", json=reply), until=until)
                assert answer.status_code in {200, 201}, answer.text
                written[pk] += 1
        time.sleep(0.3)


def kill_in_turn(product: LiveProduct, stop: threading.Event) -> list[str]:
    killed: list[str] = []
    for victim in itertools.cycle(VICTIMS):
        if stop.wait(4.0):
            return killed
        product.kill(victim)
        killed.append(victim)
    return killed


def wait_until_quiet(product: LiveProduct) -> None:
    waiting = (
        "SELECT (SELECT count(*) FROM channels_connectors_rawevent WHERE state = 'NEW'),"
        " (SELECT count(*) FROM channels_connectors_delivery WHERE state IN ('QUEUED', 'SENDING')),"
        " (SELECT count(*) FROM openlines_message WHERE author_kind = 'CLIENT')"
    )
    give_up = time.monotonic() + PATIENCE
    while rows(product, waiting) != [(0, 0, CUSTOMERS * MESSAGES_EACH)]:
        assert time.monotonic() < give_up, rows(product, waiting)
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.row("C1")
@pytest.mark.row("D12")
def test_killing_processes_loses_and_doubles_nothing(product, telegram, browser):
    bot = telegram.add_bot(first_name="Loft")
    connect(product, bot, telegram.base_url)
    customers = {name: bot.customer(name) for name in (f"Customer{number:02}" for number in range(CUSTOMERS))}
    stop, killed = threading.Event(), []
    until = time.monotonic() + SECONDS + PATIENCE
    with product.api("olga") as olga, closing(browser.new_page()) as page:
        sign_in(page, product.url, user="olga", password=PASSWORD, path="/?ledger=1")
        writing = threading.Thread(target=customers_write, args=(customers, time.monotonic() + SECONDS))
        replying = threading.Thread(target=olga_replies, args=(olga, until))
        killing = threading.Thread(target=lambda: killed.extend(kill_in_turn(product, stop)))
        for thread in (writing, replying, killing):
            thread.start()
        page.get_by_text("Customer07").first.click()
        while writing.is_alive() or replying.is_alive():
            page.wait_for_timeout(200)
        stop.set()
        killing.join()
        wait_until_quiet(product)
        page.wait_for_timeout(8000)
        painted = page.evaluate("window.__ledger")

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
    """Of the dialog that was open all the time: every message painted, none twice under another id."""
    dialog_id = int(painted[-1][2])
    stored = {pk for (pk,) in rows(product, f"SELECT id FROM openlines_message WHERE dialog_id = {dialog_id}")}
    on_screen = {int(entry[0]) for entry in painted if int(entry[2]) == dialog_id}
    assert on_screen == stored
