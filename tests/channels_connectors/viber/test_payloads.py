"""What Viber's callbacks say to us."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.viber.connector import Viber
from channels_connectors.viber.payloads import incoming_from
from openlines.types import IncomingMessage, IncomingPress, IncomingReachability, IncomingReceipt
from tests.channels_connectors.hostile import REFUSALS, mutated
from tests.providers.viber import ANNA, ViberSimulator

pytestmark = [pytest.mark.row("C8"), pytest.mark.row("C18")]

TOLD = ViberSimulator()
TOLD_ACCOUNT = Account(channel_id=1, credentials={"token": TOLD.token})


def read(payload):
    (item,) = incoming_from(json.loads(json.dumps(payload)))
    return item


def sent(**message) -> IncomingMessage:
    item = read(TOLD.sends(message))
    assert isinstance(item, IncomingMessage)
    return item


def test_a_text_comes_with_who_wrote_it():
    payload = {**TOLD.writes("Where is my order?"), "timestamp": 1_790_000_000_123}

    message = read(payload)

    assert (message.text, message.kind, message.external_id) == (
        "Where is my order?", "TEXT", str(payload["message_token"]),
    )  # fmt: skip
    assert message.chat_external_id == message.sender.external_id == ANNA["id"]
    assert (message.sender.name, message.sender.language) == ("Anna Petrova", "ru")
    assert message.sent_at == datetime(2026, 9, 21, 14, 13, 20, 123000, UTC)


def test_numbers_above_what_browsers_count_to_are_kept_whole():
    message = read({**TOLD.writes("Hello"), "message_token": 5_700_000_000_000_000_003})

    assert message.external_id == "5700000000000000003"


@pytest.mark.parametrize(
    ("type_", "kind", "fields"),
    [
        ("picture", "IMAGE", {"file_name": "p.jpg", "thumbnail": "https://x/t.jpg"}),
        ("video", "VIDEO", {"size": 10_000, "duration": 10, "thumbnail": "https://x/t.jpg"}),
        ("file", "FILE", {"file_name": "bill.pdf", "size": 2_000}),
    ],
)
def test_files_are_to_be_fetched(type_, kind, fields):
    message = sent(type=type_, media="https://dl.viber.example/x", text="Look", **fields)

    (attachment,) = message.attachments
    assert (message.kind, message.text, attachment.kind) == (kind, "Look", kind)
    assert (attachment.reference, attachment.name) == ("https://dl.viber.example/x", fields.get("file_name", ""))
    assert (attachment.size, attachment.duration) == (fields.get("size"), fields.get("duration"))


def test_a_sticker_is_its_picture_or_at_least_its_number():
    assert sent(type="sticker", sticker_id=46105).details == {"sticker": 46105}
    assert sent(type="sticker", sticker_id=1, media="https://x/1.png").attachments[0].kind == "STICKER"


def test_a_place_a_card_and_a_link():
    assert sent(type="location", location={"lat": 55.75, "lon": 37.61, "address": "Tverskaya"}).location == {
        "latitude": 55.75, "longitude": 37.61, "title": "Tverskaya",
    }  # fmt: skip
    card = sent(type="contact", contact={"name": "Boris", "phone_number": "79161234567"})
    assert (card.kind, card.contact) == ("CONTACT", {"name": "Boris", "phone": "+79161234567"})
    assert sent(type="url", media="https://shop.example/sofa").text == "https://shop.example/sofa"


def test_what_viber_thinks_up_next_is_shown_as_unsupported():
    message = sent(type="hologram")

    assert (message.kind, message.details) == ("UNSUPPORTED", {"provider_kind": "hologram"})


def test_the_text_on_a_button_is_its_press():
    payload = TOLD.writes("Good")
    payload["message"]["tracking_data"] = json.dumps({"buttons": {"Good": "rate:1", "Bad": "rate:0"}})

    press = read(payload)

    assert isinstance(press, IncomingPress)
    assert (press.payload, press.text) == ("rate:1", "Good")


@pytest.mark.parametrize("tracked", ["t", "[]", '{"buttons": ["Good"]}', '{"buttons": {"Good": 1}}', "[" * 4000, 7])
def test_what_others_tracked_means_nothing(tracked):
    payload = TOLD.writes("Good")
    payload["message"]["tracking_data"] = tracked

    assert isinstance(read(payload), IncomingMessage)


def test_subscriptions_tell_who_can_be_reached():
    assert read(TOLD.subscribes()) == IncomingReachability(
        chat_external_id=ANNA["id"], person_external_id=ANNA["id"], is_reachable=True
    )
    assert read(TOLD.unsubscribes()).is_reachable is False


@pytest.mark.parametrize(("event", "state"), [("delivered", "DELIVERED"), ("seen", "READ"), ("failed", "FAILED")])
def test_receipts_are_about_our_message(event, state):
    receipt = read(TOLD.reports(event, 5_700_000_000_000_000_009, desc="no such user"))

    assert isinstance(receipt, IncomingReceipt)
    assert (receipt.state, receipt.external_id) == (state, "5700000000000000009")
    assert (receipt.error, receipt.error_kind) == (("no such user", "PERMANENT") if state == "FAILED" else ("", ""))


def test_a_subscriber_who_follows_a_link_has_come_back():
    message = read({**TOLD.opens(context="order-7"), "subscribed": True})

    assert (message.text, message.context) == ("/start", {"start_payload": "order-7"})


@pytest.mark.parametrize(
    "started", [TOLD.opens() | {"subscribed": False}, TOLD.opens(context="x") | {"subscribed": False}]
)
def test_who_only_opened_the_chat_has_said_nothing_yet(started):
    assert incoming_from(started) == []


def test_what_a_stranger_came_with_is_told_by_their_first_message(connector, account):
    account = replace(account, settings={**account.settings, "welcome": "Hello! What is it about?"})
    started = json.dumps({**TOLD.opens(context="order-7"), "subscribed": False}).encode()

    answer = connector.answer(WebhookRequest(body=started), account)
    greeting = json.loads(answer.body)
    first = TOLD.writes("It is late")
    first["message"]["tracking_data"] = greeting["tracking_data"]

    assert answer.content_type == "application/json"
    assert (greeting["type"], greeting["text"], greeting["sender"]) == (
        "text",
        "Hello! What is it about?",
        {"name": "Loft"},
    )
    assert (read(first).text, read(first).context) == ("It is late", {"start_payload": "order-7"})


def test_nobody_is_greeted_without_words_for_it(connector, account):
    started = json.dumps(TOLD.opens()).encode()

    assert connector.answer(WebhookRequest(body=started), account).body == b"ok"


def test_the_signature_is_read_from_the_header_or_the_address(connector, driver, account):
    request = driver.request(driver.text("Привет 👋"))

    connector.verify(request, account)
    connector.verify(replace(request, headers={}), account)
    connector.verify(replace(request, query=""), account)
    for forged in driver.forged(driver.text("Hello")):
        with pytest.raises(SignatureMismatch):
            connector.verify(forged, account)
    with pytest.raises(SignatureMismatch):
        connector.verify(request, replace(account, credentials={}))


def test_the_check_of_the_webhook_is_answered_whatever_we_know(connector, account):
    check = json.dumps({"event": "webhook", "timestamp": 1, "message_token": 2}).encode()
    words = json.dumps(TOLD.writes('say "webhook"')).encode()

    assert connector.handshake(WebhookRequest(body=check), replace(account, credentials={})).status == 200
    assert connector.handshake(WebhookRequest(body=words), account) is None


def test_the_same_event_has_the_same_key_and_each_report_its_own(connector):
    payload = TOLD.writes("Hello")
    delivered, seen = TOLD.reports("delivered", 7), TOLD.reports("seen", 7)

    assert connector.event_key(payload) == f"message:{payload['message_token']}"
    assert [connector.event_key(item) for item in (delivered, seen)] == ["delivered:7", "seen:7"]


EVERY_KIND = [
    TOLD.writes("Hello"),
    TOLD.sends({"type": "picture", "media": "https://x/p.jpg", "text": "Look"}),
    TOLD.sends({"type": "location", "location": {"lat": 1.5, "lon": 2.5}}),
    TOLD.sends({"type": "contact", "contact": {"name": "Boris", "phone_number": "1"}}),
    TOLD.sends({"type": "sticker", "sticker_id": 1}),
    TOLD.opens(context="x") | {"subscribed": True},
    TOLD.subscribes(),
    TOLD.unsubscribes(),
    TOLD.reports("failed", 7, desc="x"),
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nonsense_is_refused_and_nothing_else(data):
    payload = data.draw(mutated(EVERY_KIND))
    connector, body = Viber(), json.dumps(payload).encode()

    try:
        events = connector.events(WebhookRequest(body=body), TOLD_ACCOUNT)
        items = [item for event in events for item in connector.parse(connector.read(event.body), account=TOLD_ACCOUNT)]
    except REFUSALS:
        return
    assert len(items) <= 1
