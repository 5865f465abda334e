"""What we say, in whatever messenger stands behind the bot."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from channels_connectors.botframework.channel_ids import TRAITS
from channels_connectors.botframework.errors import refusal_of
from channels_connectors.connector import ChatRef
from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply
from openlines.types import Button, IncomingAttachment, OutgoingAttachment, OutgoingMessage, OutgoingPart, SentMessage
from tests.channels_connectors.sending import send_all
from tests.providers.botframework import CONVERSATION
from tests.providers.conftest import a_picture

pytestmark = pytest.mark.row("C9")

BUTTONS = ((Button(text="Good", payload="rating:1:5"), Button(text="Bad", payload="rating:1:1")),)


def thread_in(driver, channel_id: str) -> dict[str, Any]:
    return dict(driver.thread) | {"channel_id": channel_id}


def message(driver, text: str = "Hello", *, channel_id: str = "msteams", **fields) -> OutgoingMessage:
    thread = thread_in(driver, channel_id)
    return OutgoingMessage(message_id=7, chat_external_id=driver.chat, text=text, thread=thread, **fields)


def part(driver, **fields) -> OutgoingPart:
    values = {"message_id": 7, "number": 0, "chat_external_id": driver.chat, "text": "Hi", "thread": driver.thread}
    return OutgoingPart(**(values | fields))


def picture(folder: Path, content: bytes = b"", **fields) -> OutgoingAttachment:
    path = folder / "sofa.png"
    path.write_bytes(content or a_picture())
    return OutgoingAttachment(
        id=uuid4(), kind="IMAGE", path=str(path), name="sofa.png", mime="image/png", size=path.stat().st_size, **fields
    )


def test_ids_are_quoted_whatever_they_hold(bot, driver, account, azure):
    bot.send(part(driver, reply_to_external_id="1:q|a/b;c"), account)

    assert azure.said[0].reply_to == "1:q|a/b;c"
    assert azure.said[0].activity["conversation"]["id"] == CONVERSATION["id"]


@pytest.mark.parametrize("channel_id", sorted(TRAITS))
def test_every_messenger_gets_texts_of_its_own_length(bot, driver, account, azure, channel_id):
    text = "word " * 6000
    several = replace(account, settings={**account.settings, "only": ""})
    send_all(bot, message(driver, text, channel_id=channel_id), several)

    lengths = [len(said.activity["text"]) for said in azure.said]
    assert max(lengths) <= TRAITS[channel_id].text_length
    assert len(lengths) > 1


@pytest.mark.parametrize(
    ("channel_id", "is_pressed"), [("msteams", True), ("directline", True), ("slack", False), ("sms", False)]
)
def test_buttons_become_a_list_where_nobody_can_press_them(bot, driver, account, azure, channel_id, is_pressed):
    send_all(bot, message(driver, "How was it?", channel_id=channel_id, buttons=BUTTONS), account)

    (said,) = azure.said
    assert ("1 — Good" in said.activity["text"]) is not is_pressed
    assert bool(said.activity.get("suggestedActions") or said.activity.get("attachments")) is is_pressed


def test_a_messenger_without_files_says_so_before_anything_is_sent(bot, driver, account, azure, tmp_path):
    with pytest.raises(ConnectorError) as caught:
        bot.parts_of(message(driver, channel_id="sms", attachments=(picture(tmp_path),)), account)

    assert caught.value.kind == "PERMANENT"
    assert azure.said == []


def test_a_large_file_goes_by_its_address(bot, driver, account, azure, tmp_path):
    file = picture(tmp_path, b"x" * 200_000, public_url="https://shop.example.org/media/1/sofa.png")
    bot.send(part(driver, attachments=(file,)), account)

    assert azure.said[0].activity["attachments"][0]["contentUrl"] == file.public_url


def test_a_file_that_can_go_neither_way_is_refused_in_words(bot, driver, account, azure, tmp_path):
    file = picture(tmp_path, b"x" * 200_000)
    with pytest.raises(ConnectorError, match="PUBLIC_URL"):
        bot.send(part(driver, attachments=(file,)), account)


def test_a_token_that_ended_early_is_renewed_once(bot, driver, account, azure):
    bot.send(part(driver), account)
    azure.forget_tokens()
    bot.send(part(driver, text="Again"), account)

    assert [said.activity["text"] for said in azure.said] == ["Hi", "Again"]
    assert len(azure.calls_to("/oauth2/")) == 2


def test_one_token_serves_many_messages(bot, driver, account, azure):
    for number in range(5):
        bot.send(part(driver, text=str(number)), account)

    assert len(azure.calls_to("/oauth2/")) == 1


@pytest.mark.parametrize("channel_id", ["slack", "directline"])
def test_only_teams_lets_change_what_was_sent(bot, driver, account, azure, channel_id):
    sent = SentMessage(chat_external_id="x", external_ids=("1",), thread=thread_in(driver, channel_id))
    for change in (lambda: bot.edit(sent, part(driver), account), lambda: bot.delete(sent, account)):
        with pytest.raises(ConnectorError) as caught:
            change()
        assert caught.value.kind == "PERMANENT"
    assert azure.calls == []


def test_typing_is_shown_where_the_messenger_shows_it(bot, driver, account, azure):
    for channel_id in ("slack", "sms", "webchat"):
        bot.show_typing(ChatRef(external_id="x", thread=thread_in(driver, channel_id)), account)

    assert azure.typing_seen == 1


def test_a_conversation_without_an_address_can_not_be_written_to(bot, driver, account):
    with pytest.raises(ConnectorError) as caught:
        bot.send(part(driver, thread={}), account)
    assert caught.value.kind == "BLOCKED"


def test_an_account_of_one_messenger_may_all_that_this_one_can(bot):
    assert bot.capabilities_of({}).edit is False
    assert bot.capabilities_of({"only": "msteams"}).edit is True
    assert bot.capabilities_of({"only": "sms"}).attachments is False


def test_the_token_is_shown_to_the_service_alone(bot, driver, account, azure, monkeypatch):
    asked = []
    monkeypatch.setattr("channels_connectors.botframework.connector.fetch_link", lambda url, **_: asked.append(url))
    stranger = f'{{"url": "https://files.example.org/1.png", "service_url": "{azure.service_url}"}}'
    bot.fetch_media(IncomingAttachment(kind="IMAGE", reference=stranger), account)

    assert asked == ["https://files.example.org/1.png"]
    assert azure.calls == []


def test_a_file_inside_an_activity_is_taken_from_the_event(bot, driver, account):
    url = "data:image/png;base64," + base64.b64encode(a_picture(300, 300)).decode()
    (event,) = bot.events(driver.request(driver.simulator.activity(attachments=[
        {"contentType": "image/png", "contentUrl": url}])), account)  # fmt: skip
    (received,) = bot.parse(bot.read(event.body), account=account)
    fetched = bot.fetch_media(received.attachments[0], account, event=event.body)

    assert (fetched.content, fetched.mime) == (a_picture(300, 300), "image/png")
    with pytest.raises(ConnectorError) as caught:
        bot.fetch_media(received.attachments[0], account)
    assert caught.value.kind == "PERMANENT"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"", "TOKEN"),
        (403, b'{"error": {"code": "BotNotInConversationRoster", "message": "gone"}}', "BLOCKED"),
        (403, b'{"error": {"code": "ConversationBlockedByUser"}}', "BLOCKED"),
        (403, b'{"error": {"code": "Unauthorized"}}', "TOKEN"),
        (403, b"<html>", "PERMANENT"),
        (404, b'{"error": {"code": "ConversationNotFound"}}', "BLOCKED"),
        (412, b"", "RETRY"),
        (413, b'{"error": {"code": "MessageSizeTooBig"}}', "PERMANENT"),
        (400, b'{"error": "odd"}', "PERMANENT"),
        (418, b"[]", "PERMANENT"),
    ],
)
def test_refusals_say_what_to_do(status, body, kind):
    assert refusal_of(Reply(status, {}, body)).kind == kind
