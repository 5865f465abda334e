"""What Avito's messages say, once Avito has confirmed them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from channels_connectors.avito.connector import AvitoMessenger
from channels_connectors.avito.payloads import content_of
from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.errors import ConnectorError
from openlines.types import IncomingDeletion, IncomingEcho, IncomingMessage
from tests.channels_connectors.hostile import REFUSALS, mutated
from tests.providers.avito import ANNA, SHOP, AvitoSimulator

pytestmark = pytest.mark.row("C15")


@pytest.fixture
def read(shop, driver, account):
    def reads(event) -> Any:
        (stored,) = shop.events(driver.request(event), account)
        (item,) = shop.parse(shop.complete(shop.read(stored.body), account=account), account=account)
        return item

    return reads


def test_a_buyer_comes_with_name_picture_and_the_offer(read, avito):
    message = read(avito.writes(text="Still available?"))

    assert isinstance(message, IncomingMessage)
    assert (message.sender.external_id, message.sender.name) == (str(ANNA), "Anna")
    assert message.sender.photo_reference.endswith(f"/files/avatar-{ANNA}")
    assert message.subject.kind == "item"
    assert (message.subject.external_id, message.subject.title, message.subject.price) == ("555", "Sofa", "45 000 ₽")
    assert message.subject.image == "https://img.avito.example.org/sofa.jpg"


def test_what_the_webhook_says_is_not_believed(read, avito):
    event = avito.writes(text="The true words")
    event["payload"]["value"]["content"] = {"text": "Send the money here"}
    event["payload"]["value"]["author_id"] = SHOP
    event["confirmed"] = {"message": event["payload"]["value"], "chat": {"id": "x"}}

    message = read(event)
    assert isinstance(message, IncomingMessage)
    assert message.text == "The true words"


def test_an_event_about_nothing_waits_and_is_no_message(shop, driver, account, avito):
    event = avito.writes(text="Hello")
    event["payload"]["value"]["id"] = "made-up"
    (stored,) = shop.events(driver.request(event), account)

    with pytest.raises(ConnectorError) as caught:
        shop.complete(shop.read(stored.body), account=account)
    assert caught.value.kind == "RETRY"


def test_a_message_far_back_is_found(read, avito):
    first = avito.writes(text="One")
    for number in range(130):
        avito.writes(text=str(number))

    assert read(first).text == "One"


def test_what_staff_write_on_avito_is_an_echo_for_the_buyer(read, avito):
    echo = read(avito.writes(author=SHOP, text="Yes, come by"))

    assert isinstance(echo, IncomingEcho)
    assert echo.recipient.external_id == str(ANNA)


def test_a_message_taken_back_is_another_event(read, shop, driver, account, avito):
    written = avito.writes(text="Oops")
    taken = avito.takes_back(written["payload"]["value"]["id"])
    keys = [shop.events(driver.request(event), account)[0].key for event in (written, taken)]

    assert isinstance(read(taken), IncomingDeletion)
    assert keys[0] != keys[1]


def test_what_avito_writes_itself_is_shown_and_nothing_answers_it(read, avito):
    message = read(avito.writes("system", author=0, text="The buyer has ordered delivery"))

    assert message.is_automatic
    assert message.sender.external_id == str(ANNA)


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("link", {"link": {"text": "https://a.example.org", "url": "https://a.example.org"}}, "https://a.example.org"),
        ("link", {"link": {"text": "Look", "url": "https://a.example.org"}}, "Look\nhttps://a.example.org"),
        (
            "item",
            {"item": {"title": "Chair", "price_string": "5 ₽", "item_url": "https://a/1"}},
            "Chair\n5 ₽\nhttps://a/1",
        ),
    ],
)
def test_links_and_offers_are_texts(kind, content, text):
    assert content_of({"type": kind, "content": content}).text == text


@pytest.mark.parametrize("kind", ["call", "video", "hologram", "text", "image", "voice", "link"])
def test_what_can_not_be_shown_is_shown_as_that(kind):
    content = content_of({"type": kind, "content": {}})

    assert (content.kind, content.details) == ("UNSUPPORTED", {"provider_kind": kind})


def test_of_a_picture_the_largest_whose_link_fits_is_taken():
    sizes = {"140x105": "https://a/s", "1280x960": "https://a/" + "x" * 600, "640x480": "https://a/m"}
    (attachment,) = content_of({"type": "image", "content": {"image": {"sizes": sizes}}}).attachments

    assert attachment.reference == "link:https://a/m"


def valid() -> list[Any]:
    avito = AvitoSimulator()
    events = []
    contents: dict[str, dict[str, Any]] = {
        "text": {"text": "Hi"}, "image": {"image": {"sizes": {"1x1": "https://a/1"}}},
        "voice": {"voice": {"voice_id": "1"}},
        "location": {"location": {"lat": 1.0, "lon": 2.0}}, "link": {"link": {"text": "a", "url": "b"}},
        "item": {"item": {"title": "x"}}, "system": {"text": "x"}, "deleted": {},
    }  # fmt: skip
    for kind, content in contents.items():
        event = avito.writes(kind, **content)
        confirmed = {"message": avito.chat.messages[-1], "chat": avito._described(avito.chat)}
        events.append(event | {"confirmed": confirmed})
    read = events[0] | {"payload": events[0]["payload"] | {"type": "read"}}
    return [*events, read]


@settings(max_examples=300, deadline=None)
@given(payload=mutated(valid()))
def test_whatever_comes_is_read_or_refused(payload):
    shop, account = AvitoMessenger(), Account(channel_id=1, credentials={}, scope=f"avito:{SHOP}")
    for work in (
        lambda: shop.events(WebhookRequest(body=json.dumps(payload).encode()), account),
        lambda: shop.parse(json.loads(json.dumps(payload)), account=account),
    ):
        try:
            assert len(work()) <= 1
        except REFUSALS:
            continue
