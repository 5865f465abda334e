import json
from datetime import UTC, datetime

import pytest

from channels_connectors.connector import Account
from channels_connectors.messenger.payloads import incoming_from
from openlines.types import (
    IncomingAttachment,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingPress,
    IncomingReaction,
    IncomingReceipt,
)
from tests.providers.meta.model import APP_ID, PAGE_ID, PSID, START
from tests.providers.meta.webhooks import attachment, between, echo, message, own_echo, packed

pytestmark = pytest.mark.row("C4")

ACCOUNT = Account(channel_id=1, credentials={"app_id": APP_ID}, scope=f"messenger:{PAGE_ID}")


def said(*elements):
    return incoming_from(json.loads(packed(*elements)), ACCOUNT)


def one(element):
    (item,) = said(element)
    return item


def test_a_text_is_from_its_sender_at_its_moment():
    found = one(message("m_1", "Привет 👋", at=START))

    assert (found.chat_external_id, found.external_id, found.text) == (PSID, "m_1", "Привет 👋")
    assert found.sender.external_id == PSID
    assert found.sent_at == datetime.fromtimestamp(START, UTC)


def test_what_another_app_has_in_hand_is_seen_all_the_same():
    element = {"standby": message("m_1", "Hello")["messaging"]}

    assert one(element).text == "Hello"


def test_an_echo_belongs_to_the_client_it_went_to():
    found = one(echo("m_9", "We are open till nine"))

    assert isinstance(found, IncomingEcho)
    assert (found.chat_external_id, found.recipient.external_id) == (PSID, PSID)
    assert (found.client_key, found.text) == ("", "We are open till nine")


def test_what_the_page_says_is_an_echo_even_unmarked():
    assert isinstance(one(between(is_ours=True, message={"mid": "m_1", "text": "Hi"})), IncomingEcho)


def test_our_own_echo_names_our_message():
    assert one(own_echo("m_9", "Hello", "77.1")).client_key == "77.1"
    # Whatever another app puts there is none of our keys.
    assert one(echo("m_9", "Hello", app_id="99", metadata="77.1")).client_key == ""
    assert one(own_echo("m_9", "Hello", "DEVELOPER_DEFINED")).client_key == ""


def test_the_echo_of_a_button_template_has_its_words():
    payload = {"template_type": "button", "text": "Shall we come?", "buttons": []}
    found = one(between(is_ours=True, message={
        "mid": "m_9", "is_echo": True, "attachments": [{"type": "template", "payload": payload}],
    }))  # fmt: skip

    assert found.text == "Shall we come?"


@pytest.mark.parametrize(
    ("kind", "ours"), [("image", "IMAGE"), ("video", "VIDEO"), ("audio", "VOICE"), ("file", "FILE"), ("reel", "VIDEO")]
)
def test_media_are_known_by_their_address(kind, ours):
    found = one(message("m_1", attachments=[attachment(kind, "https://cdn.test/1")]))

    assert (found.kind, found.attachments) == (ours, (IncomingAttachment(kind=ours, reference="https://cdn.test/1"),))


def test_several_media_come_with_their_words_in_one_message():
    pair = [attachment("image", f"https://cdn.test/{number}") for number in range(2)]
    found = one(message("m_1", "The legs", attachments=pair))

    assert (found.kind, found.text, len(found.attachments)) == ("IMAGE", "The legs", 2)


def test_a_thumb_is_a_sticker():
    found = one(message("m_1", attachments=[attachment("image", "https://cdn.test/t", sticker_id=369239263222822)]))

    assert (found.kind, found.attachments[0].kind) == ("STICKER", "STICKER")


def test_the_card_beside_a_link_is_no_message_of_its_own():
    card = {"type": "fallback", "title": "Loft", "url": "https://loft.example", "payload": None}

    assert one(message("m_1", "https://loft.example", attachments=[card])).text == "https://loft.example"
    assert one(message("m_1", attachments=[card])).text == "Loft\nhttps://loft.example"


@pytest.mark.parametrize("coordinates", [{"lat": 95, "long": 1}, {"lat": "x", "long": 1}, {}, None])
def test_a_place_that_is_none_is_shown_as_unknown(coordinates):
    place = {"type": "location", "payload": {"coordinates": coordinates}}

    assert one(message("m_1", attachments=[place])).kind == "UNSUPPORTED"


def test_what_is_not_known_is_shown_as_that_and_says_what_it_was():
    found = one(message("m_1", attachments=[{"type": "hologram", "payload": {}}]))

    assert (found.kind, found.details["provider_kind"]) == ("UNSUPPORTED", "hologram")
    assert one(message("m_1", "Look", attachments=[{"type": "hologram"}])).text == "Look"
    assert one(message("m_1")).kind == "UNSUPPORTED"
    assert one(message("m_1", poll={"question": "?"})).details["provider_kind"] == "poll"


def test_quick_replies_and_buttons_are_presses():
    quick, button = (
        one(message("m_1", "Yes", quick_reply={"payload": "rating:1:5"})),
        one(between(postback={"mid": "m_2", "title": "Yes", "payload": "rating:1:5"})),
    )

    assert isinstance(quick, IncomingPress)
    assert isinstance(button, IncomingPress)
    assert (quick.payload, quick.text, quick.external_id) == ("rating:1:5", "Yes", "m_1")
    assert (button.payload, button.text, button.external_id) == ("rating:1:5", "Yes", "m_2")


def test_old_buttons_without_an_id_are_told_apart():
    first, second = (one(between(at=at, postback={"title": "Go", "payload": "go"})) for at in (START, START + 1))

    assert first.external_id != second.external_id


def test_where_somebody_came_from_is_kept():
    referral = {"ref": "summer", "source": "ADS", "type": "OPEN_THREAD", "ad_id": "6"}

    assert one(message("m_1", "Hi", referral=referral)).context["referral"]["ad_id"] == "6"
    assert one(between(postback={"title": "Go", "payload": "go", "referral": referral})).context["referral"]
    assert said(between(referral=referral)) == []


def test_edits_name_their_message():
    for name in ("message_edit", "message_edits"):
        edit = one(between(**{name: {"mid": "m_1", "text": "Hello!", "num_edit": 2}}))
        assert edit == IncomingEdit(chat_external_id=PSID, external_id="m_1", text="Hello!")


def test_reactions_come_and_go():
    put = one(between(reaction={"mid": "m_1", "action": "react", "emoji": "❤️", "reaction": "love"}))
    named = one(between(reaction={"mid": "m_1", "action": "react", "reaction": "angry"}))
    gone = one(between(reaction={"mid": "m_1", "action": "unreact"}))

    assert isinstance(put, IncomingReaction)
    assert [item.emoji for item in (put, named, gone)] == ["❤️", "😠", ""]


def test_what_we_react_to_is_no_client_s_sign():
    assert said(between(is_ours=True, reaction={"mid": "m_1", "action": "react", "emoji": "👍"})) == []


def test_a_watermark_holds_for_all_before_it():
    until = datetime.fromtimestamp(START + 5, UTC)
    named, marked = said(between(delivery={"mids": ["m_9"], "watermark": (START + 5) * 1000}))
    read = one(between(read={"watermark": (START + 5) * 1000}))

    assert isinstance(named, IncomingReceipt)
    assert (named.state, named.external_id, named.up_to) == ("DELIVERED", "m_9", None)
    assert (marked.state, marked.external_id, marked.up_to) == ("DELIVERED", "", until)
    assert (read.state, read.up_to) == ("READ", until)


def test_deletions_are_understood_should_they_ever_come():
    assert one(message("m_1", is_deleted=True)) == IncomingDeletion(chat_external_id=PSID, external_id="m_1")


@pytest.mark.parametrize("timestamp", [None, "yesterday", -5, 10**30, float("nan"), True])
def test_a_moment_that_makes_no_sense_is_none(timestamp):
    element = message("m_1", "Hi")
    element["messaging"][0]["timestamp"] = timestamp

    found = one(element)
    assert found.sent_at is None or found.sent_at.year == 1970
