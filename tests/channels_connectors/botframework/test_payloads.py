"""What activities say."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from channels_connectors.botframework.connector import BotFramework
from channels_connectors.botframework.payloads import event_key, incoming_from
from channels_connectors.connector import Account, WebhookRequest
from openlines.types import (
    IncomingClosing,
    IncomingDeletion,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
)
from tests.channels_connectors.hostile import REFUSALS, mutated
from tests.providers.botframework import ANNA, BOT, BotFrameworkSimulator

pytestmark = pytest.mark.row("C9")

azure = BotFrameworkSimulator()


def read(kind: str = "message", **fields: Any) -> Any:
    (item,) = incoming_from(azure.activity(kind, **fields))
    return item


def test_a_text_says_who_where_and_when():
    message = read(text="Where is my sofa?")

    assert isinstance(message, IncomingMessage)
    assert (message.text, message.sender.name, message.sender.language) == ("Where is my sofa?", "Anna Petrova", "en")
    assert message.sender.external_id == f"msteams:{ANNA['id']}"
    assert message.sent_at.isoformat() == "2026-09-20T10:00:00+00:00"
    assert message.thread["conversation"]["tenantId"] == "tenant"


def test_the_same_conversation_of_another_messenger_is_another_chat():
    assert read(text="Hi").chat_external_id != read(text="Hi", channelId="slack").chat_external_id


@pytest.mark.parametrize("shared", [{"isGroup": True}, {"conversationType": "channel"}])
def test_where_several_people_talk_each_is_a_client_of_their_own(shared):
    conversation = {"id": "19:team"} | shared
    people = ({"id": "29:anna", "name": "Anna"}, {"id": "29:boris", "name": "Boris"})
    messages = [read(text="Hi", conversation=conversation, **{"from": person}) for person in people]

    assert messages[0].chat_external_id != messages[1].chat_external_id
    assert {message.thread["conversation"]["id"] for message in messages} == {"19:team"}


def test_the_name_by_which_the_bot_is_called_is_no_word_of_the_clients():
    mention = {"type": "mention", "text": "<at>Loft</at>", "mentioned": BOT}

    assert read(text="<at>Loft</at> where is my sofa?", entities=[mention]).text == "where is my sofa?"


def test_the_subject_of_a_mail_stands_above_it():
    message = read(
        text="Hello", channelId="email", channelData={"subject": "My sofa"}, **{"from": {"id": "anna@example.org"}}
    )

    assert message.text == "My sofa\n\nHello"
    assert message.sender.email == "anna@example.org"


def test_the_number_of_who_writes_by_sms_is_known():
    assert read(text="Hi", channelId="sms", **{"from": {"id": "+79161234567"}}).sender.phone == "+79161234567"


def test_what_stands_on_a_card_is_read():
    card = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": {"type": "AdaptiveCard", "body": [{"text": "Order 42"}, {"items": [{"text": "On Monday"}]}]},
    }

    assert read(attachments=[card]).text == "Order 42\nOn Monday"


def test_a_message_of_a_kind_that_nobody_knows_is_shown_as_that():
    message = read(attachments=[{"contentType": "application/vnd.hologram"}])

    assert (message.kind, message.details) == ("UNSUPPORTED", {"provider_kind": "application/vnd.hologram"})


def test_a_file_of_teams_is_found_by_its_own_address():
    item = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": "bill.pdf",
        "content": {"downloadUrl": "https://files.example.org/1", "uniqueId": "1", "fileType": "pdf"},
    }
    (attachment,) = read(attachments=[item, {"contentType": "text/html", "content": "<p></p>"}]).attachments

    assert (attachment.kind, attachment.name) == ("FILE", "bill.pdf")
    assert json.loads(attachment.reference)["url"] == "https://files.example.org/1"


@pytest.mark.parametrize("geo", [{"latitude": 91, "longitude": 0}, {"latitude": float("nan"), "longitude": 0}, {}])
def test_a_place_that_is_nowhere_is_none(geo):
    assert read(text="Here", entities=[{"type": "GeoCoordinates", **geo}]).location is None


def test_a_press_of_a_button_of_ours_brings_its_payload_back():
    press = read(text="Two", value={"payload": "rating:1:2", "title": "Two"}, replyToId="1:ours")

    assert isinstance(press, IncomingPress)
    assert (press.payload, press.text, press.message_external_id) == ("rating:1:2", "Two", "1:ours")


def test_a_press_on_an_adaptive_card_comes_as_an_invocation():
    action = {"type": "Action.Execute", "title": "Two", "verb": "rate", "data": {"payload": "rating:1:2"}}

    assert read("invoke", name="adaptiveCard/action", value={"action": action}).payload == "rating:1:2"


def test_what_bots_write_is_nothing_to_us():
    assert incoming_from(azure.activity(text="Hi", **{"from": BOT | {"role": "bot"}})) == []


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("contactRelationUpdate", {"action": "add"}, True),
        ("contactRelationUpdate", {"action": "remove"}, False),
        ("installationUpdate", {"action": "add"}, True),
        ("installationUpdate", {"action": "remove"}, False),
        ("conversationUpdate", {"membersAdded": [BOT]}, True),
        ("conversationUpdate", {"membersRemoved": [BOT]}, False),
    ],
)
def test_who_adds_the_bot_can_be_written_to_and_who_takes_it_out_can_not(kind, fields, expected):
    report = read(kind, **fields)

    assert isinstance(report, IncomingReachability)
    assert report.is_reachable is expected


@pytest.mark.parametrize(
    "fields",
    [{"action": "add-upgrade"}, {"action": "remove-upgrade"}, {}],
)
def test_an_upgrade_changes_nothing(fields):
    assert incoming_from(azure.activity("installationUpdate", **fields)) == []


def test_edits_deletions_reactions_and_the_end_of_a_conversation_are_told():
    assert isinstance(read("messageUpdate", id="1", text="Hello!"), IncomingEdit)
    assert isinstance(read("messageDelete", id="1"), IncomingDeletion)
    assert isinstance(read("endOfConversation", code="userCancelled"), IncomingClosing)
    added = read("messageReaction", replyToId="1", reactionsAdded=[{"type": "heart"}])
    removed = read("messageReaction", replyToId="1", reactionsRemoved=[{"type": "heart"}])
    assert isinstance(added, IncomingReaction)
    assert (added.emoji, removed.emoji) == ("❤️", "")


def test_a_message_and_its_edits_are_events_of_their_own():
    message = azure.activity(id="1", text="Helo")
    edits = [azure.activity("messageUpdate", id="1", text=text, timestamp=text) for text in ("Hello", "Hello!")]

    assert len({event_key(activity) for activity in (message, *edits)}) == 3
    assert event_key(message) == event_key(json.loads(json.dumps(message)))


def test_ids_of_any_length_fit_where_they_are_kept():
    long = azure.activity(id="x" * 900, text="Hi", conversation={"id": "19:" + "y" * 900})
    message = incoming_from(long)[0]

    assert len(event_key(long)) <= 255
    assert max(len(message.chat_external_id), len(message.external_id)) <= 255
    assert message.thread["conversation"]["id"].endswith("y")


VALID = [
    azure.activity(
        text="<at>Loft</at> hi", entities=[{"type": "mention", "text": "<at>Loft</at>", "mentioned": BOT},
        {"type": "Place", "name": "Here", "geo": {"type": "GeoCoordinates", "latitude": 1.5, "longitude": 2}}],
        attachments=[{"contentType": "image/png", "contentUrl": "https://x.example.org/1.png", "name": "1.png"}],
    ),
    azure.activity(text="", attachments=[{"contentType": "application/vnd.microsoft.card.hero", "content":
        {"title": "A", "buttons": [], "body": [{"items": [{"text": "b"}]}]}}]),
    azure.activity(text="Two", value={"payload": "rating:1:2"}),
    azure.activity("invoke", name="adaptiveCard/action", value={"action": {"data": {"a": 1}, "verb": "x"}}),
    azure.activity("messageReaction", replyToId="1", reactionsAdded=[{"type": "like"}]),
    azure.activity("conversationUpdate", membersAdded=[BOT], membersRemoved=[ANNA]),
    azure.activity("messageUpdate", text="x"),
    azure.activity("installationUpdate", action="add"),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(payload=mutated(VALID))
def test_whatever_comes_is_read_or_refused(payload):
    bot, account = BotFramework(), Account(channel_id=1, credentials={})
    try:
        for event in bot.events(WebhookRequest(body=json.dumps(payload).encode()), account):
            assert len(event.key) <= 255
            items = bot.parse(bot.read(event.body), account=account)
            assert len(items) <= 1
    except REFUSALS:
        pass
