"""Looking for what webhooks lost."""

import pytest

from openlines.types import IncomingReceipt
from tests.providers.avito import BORIS, SHOP

pytestmark = pytest.mark.row("C15")


@pytest.fixture
def look(shop, account):
    def looks(cursor):
        polled = shop.reconcile(cursor=cursor, account=account)
        items = [
            item for event in polled.events
            for item in shop.parse(shop.complete(shop.read(event.body), account=account), account=account)
        ]  # fmt: skip
        return polled, items

    return looks


def test_history_is_left_alone(look, avito):
    avito.writes(text="Years ago")

    polled, items = look("")
    assert (items, polled.cursor) == ([], str(avito.now))


def test_what_was_lost_is_found_in_its_order_under_the_keys_of_the_webhook(look, shop, driver, account, avito):
    start, _ = look("")
    other = avito.open_chat("u2i-boris", BORIS)
    events = [avito.writes(text="One"), avito.writes(text="Two", chat=other, author=BORIS), avito.writes(text="Three")]
    keys = [shop.events(driver.request(event), account)[0].key for event in events]

    polled, items = look(start.cursor)
    assert [item.text for item in items] == ["One", "Two", "Three"]
    assert [event.key for event in polled.events] == keys


def test_a_look_asks_nobody_a_second_time(look, shop, avito, account):
    start, _ = look("")
    avito.writes(text="One")
    polled = shop.reconcile(cursor=start.cursor, account=account)
    before = len(avito.calls)
    for event in polled.events:
        shop.complete(shop.read(event.body), account=account)

    assert len(avito.calls) == before


def test_more_than_a_page_is_found(look, avito):
    start, _ = look("")
    for number in range(250):
        avito.writes(text=str(number))

    _, items = look(start.cursor)
    assert [item.text for item in items] == [str(number) for number in range(250)]


def test_that_a_buyer_has_read_is_seen(look, avito):
    start, _ = look("")
    avito.writes(author=SHOP, text="Come by")
    message_id = avito.chat.messages[-1]["id"]
    look(start.cursor)
    avito.reads(message_id)

    _, items = look(start.cursor)
    (receipt,) = [item for item in items if isinstance(item, IncomingReceipt)]
    assert (receipt.state, receipt.external_id) == ("READ", message_id)


def test_a_quiet_day_costs_a_few_calls(look, avito):
    for number in range(40):
        avito.open_chat(f"u2i-{number}", BORIS)
        avito.writes(text="Old", chat=avito.chats[f"u2i-{number}"], author=BORIS)
    avito.now += 3600
    avito.writes(text="Newest")
    start, _ = look("")
    before = len(avito.calls)

    look(start.cursor)
    assert len(avito.calls) - before <= 4


def test_without_a_public_address_the_same_is_asked_every_few_seconds(shop, account, avito):
    assert shop.poll(cursor="", timeout=0, account=account).wait == 15
