"""A worker that polls is killed again and again: what clients write is lost nowhere and doubled nowhere."""

import threading
import time
from collections.abc import Iterator

import pytest

from tests.live import LiveProduct, live_product, rows
from tests.providers.telegram import TelegramSimulator, simulated_telegram

CUSTOMERS = 10
MESSAGES_EACH = 20
KILLS = 4
SECONDS = 16.0
PATIENCE = 120.0
READ = "SELECT c.external_id, m.text FROM openlines_message m JOIN openlines_chat c ON c.id = m.chat_id"
OF_CLIENTS = " WHERE m.author_kind = 'CLIENT' ORDER BY m.dialog_id, m.seq"
# A dead worker's lease would be over after a minute; the test does not want to wait for it four times.
END_LEASES = "UPDATE channels_connectors_account SET polled_until = now() RETURNING 1"


@pytest.fixture
def product() -> Iterator[LiveProduct]:
    with live_product(PUBLIC_URL="", API_RATE="1000000/min") as running:
        yield running


@pytest.fixture
def telegram() -> Iterator[TelegramSimulator]:
    with simulated_telegram() as simulator:
        yield simulator


def kill_the_worker(product: LiveProduct) -> None:
    before, give_up = product.pid_of("worker"), time.monotonic() + PATIENCE
    product.kill("worker")
    while not product.has_come_back("worker", before):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    rows(product, END_LEASES)


@pytest.mark.slow
@pytest.mark.row("C1")
def test_a_worker_that_is_killed_while_it_polls_loses_and_doubles_nothing(telegram, product):
    bot = telegram.add_bot(first_name="Loft")
    with product.api("alla") as alla:
        line = alla.get("/lines/").json()[0]["id"]
        values = {"token": bot.token, "base_url": telegram.base_url}
        answer = alla.post("/channels/", json={"line": line, "kind": "telegram", "values": values})
        assert answer.status_code == 201, answer.text
    assert rows(product, "SELECT inbound FROM channels_connectors_account WHERE inbound = 'POLL'") == [("POLL",)]
    customers = [bot.customer(f"Customer{number:02}") for number in range(CUSTOMERS)]
    over = threading.Event()

    def write() -> None:
        for number in range(MESSAGES_EACH):
            for customer in customers:
                customer.writes(f"{number:03}")
            over.wait(SECONDS / MESSAGES_EACH)

    writing = threading.Thread(target=write)
    writing.start()
    for _ in range(KILLS):
        time.sleep(SECONDS / KILLS / 2)
        kill_the_worker(product)
    writing.join()
    stored = wait_for_all(product)

    assert len(stored) == CUSTOMERS
    for texts in stored.values():
        assert texts == [f"{number:03}" for number in range(MESSAGES_EACH)]


def wait_for_all(product: LiveProduct) -> dict[str, list[str]]:
    seen, give_up = 0, time.monotonic() + PATIENCE
    while len(found := rows(product, READ + OF_CLIENTS)) < CUSTOMERS * MESSAGES_EACH:
        if len(found) > seen:
            seen, give_up = len(found), time.monotonic() + PATIENCE
        assert time.monotonic() < give_up, f"only {len(found)} came"
        time.sleep(0.5)
    stored: dict[str, list[str]] = {}
    for chat, text in found:
        stored.setdefault(chat, []).append(text)
    return stored
