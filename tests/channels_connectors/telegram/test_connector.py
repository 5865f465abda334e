"""Everything beside sending; against the simulated Telegram."""

import logging
from dataclasses import replace

import httpx
import pytest

from channels_connectors.connector import ChatRef, Polled, Receipt, WebhookRequest
from channels_connectors.errors import ConnectorError, SignatureMismatch
from openlines.types import IncomingAttachment, OutgoingMessage, OutgoingPart, SentMessage
from tests.channels_connectors.sending import send_all
from tests.providers.conftest import WEBHOOK_SECRET, a_picture

pytestmark = pytest.mark.row("C1")


def said(telegram, account, anna, text="Hello") -> str:
    message = OutgoingMessage(message_id=1, chat_external_id=str(anna.id), text=text)
    receipt: Receipt = send_all(telegram, message, account)
    return receipt.parts[0]


@pytest.fixture
def chat(telegram_anna) -> str:
    telegram_anna.writes("Hello")
    return str(telegram_anna.id)


def edit(telegram, account, chat, external_id, text, *, has_media=False) -> None:
    telegram.edit(
        SentMessage(chat_external_id=chat, external_ids=(external_id,), has_media=has_media),
        OutgoingPart(message_id=1, number=0, chat_external_id=chat, text=text),
        account,
    )


def test_a_webhook_must_bring_the_secret(telegram, telegram_account):
    name = "x-telegram-bot-api-secret-token"

    telegram.verify(WebhookRequest(headers={name: WEBHOOK_SECRET}, body=b"{}"), telegram_account)

    for wrong in ({}, {name: ""}, {name: WEBHOOK_SECRET + "x"}, {name: "секрет"}):
        with pytest.raises(SignatureMismatch):
            telegram.verify(WebhookRequest(headers=wrong, body=b"{}"), telegram_account)


def test_without_a_secret_of_ours_nothing_is_genuine(telegram, telegram_account):
    with pytest.raises(SignatureMismatch):
        telegram.verify(
            WebhookRequest(headers={"x-telegram-bot-api-secret-token": ""}, body=b"{}"),
            replace(telegram_account, webhook_secret=""),
        )


def test_an_update_delivered_again_has_the_same_key(telegram, telegram_anna):
    update = telegram_anna.writes("Hello")

    assert telegram.event_key(update) == telegram.event_key(dict(update)) == str(update["update_id"])


def test_the_check_finds_out_who_the_bot_is(telegram, telegram_account, telegram_bot):
    found = telegram.check(telegram_account)

    assert (found.external_id, found.title) == (str(telegram_bot.id), f"@{telegram_bot.username}")
    assert found.details["name"] == "Loft"
    assert found.details["webhook_host"] == ""


def test_the_check_says_whose_webhook_is_set_already(telegram, telegram_account):
    telegram.set_webhook(url="https://shop.example.org/hooks/secret-path", account=telegram_account)

    assert telegram.check(telegram_account).details["webhook_host"] == "shop.example.org"


def test_the_check_of_a_wrong_token_says_so(telegram, telegram_account, telegram_bot):
    telegram_bot.revoke_token()

    with pytest.raises(ConnectorError, match="token") as caught:
        telegram.check(telegram_account)
    assert caught.value.kind == "TOKEN"


def test_the_webhook_is_set_with_its_secret_and_removed(telegram, telegram_account, telegram_bot):
    telegram.set_webhook(url="https://shop.example.org/hooks/1", account=telegram_account)

    (call,) = telegram_bot.calls("setWebhook")
    assert call["params"]["secret_token"] == WEBHOOK_SECRET
    assert call["params"]["max_connections"] == "40"
    assert "callback_query" in call["params"]["allowed_updates"]
    assert telegram_bot.state()["webhook"] == "https://shop.example.org/hooks/1"

    telegram.remove_webhook(telegram_account)
    assert telegram_bot.state()["webhook"] == ""


def test_an_address_that_telegram_refuses_is_told(telegram, telegram_account):
    with pytest.raises(ConnectorError, match=r"(?i)bad webhook") as caught:
        telegram.set_webhook(url="nonsense", account=telegram_account)
    assert caught.value.kind == "PERMANENT"


def test_long_poll_gives_each_update_once(telegram, telegram_account, telegram_anna):
    written = [telegram_anna.writes(text)["update_id"] for text in ("One", "Two")]

    polled = telegram.poll(cursor="", timeout=0, account=telegram_account)
    assert [event.key for event in polled.events] == [str(update_id) for update_id in written]
    cursor = polled.cursor
    assert telegram.poll(cursor=cursor, timeout=0, account=telegram_account) == Polled(events=[], cursor=cursor)

    third = telegram_anna.writes("Three")["update_id"]
    following = telegram.poll(cursor=cursor, timeout=0, account=telegram_account)
    assert [event.key for event in following.events] == [str(third)]
    assert following.cursor == str(third + 1)


def test_polling_beside_a_webhook_is_refused_in_words(telegram, telegram_account):
    telegram.set_webhook(url="https://shop.example.org/hooks/1", account=telegram_account)

    with pytest.raises(ConnectorError, match="webhook") as caught:
        telegram.poll(cursor="", timeout=0, account=telegram_account)
    assert caught.value.kind == "PERMANENT"


@pytest.mark.row("C18")
def test_an_edited_text_changes_at_the_customer(telegram, telegram_account, telegram_anna, chat):
    external_id = said(telegram, telegram_account, telegram_anna, "Helo")

    edit(telegram, telegram_account, chat, external_id, "Hello")

    (seen,) = telegram_anna.received()
    assert (seen["text"], seen["is_edited"]) == ("Hello", True)


def test_editing_to_the_same_words_is_done_already(telegram, telegram_account, telegram_anna, chat):
    external_id = said(telegram, telegram_account, telegram_anna, "Hello")

    edit(telegram, telegram_account, chat, external_id, "Hello")


@pytest.mark.parametrize("external_id", ["1", "9999", "callback:1", ""])
def test_what_can_not_be_edited_is_refused(telegram, telegram_account, chat, external_id):
    with pytest.raises(ConnectorError) as caught:
        edit(telegram, telegram_account, chat, external_id, "Hello")
    assert caught.value.kind == "PERMANENT"


@pytest.mark.row("C18")
def test_a_deleted_message_is_gone_at_the_customer_and_may_be_deleted_again(
    telegram, telegram_account, telegram_anna, chat
):
    external_ids = tuple(said(telegram, telegram_account, telegram_anna, text) for text in ("One", "Two"))

    for _again in range(2):
        telegram.delete(SentMessage(chat_external_id=chat, external_ids=external_ids), telegram_account)

    assert telegram_anna.received() == []


def test_an_old_message_can_not_be_deleted(telegram, telegram_account, telegram_bot, telegram_anna, chat):
    external_id = said(telegram, telegram_account, telegram_anna)
    telegram_bot.command("age", customer=telegram_anna.id, message_id=int(external_id), hours=49)

    with pytest.raises(ConnectorError) as caught:
        telegram.delete(SentMessage(chat_external_id=chat, external_ids=(external_id,)), telegram_account)
    assert caught.value.kind == "PERMANENT"


@pytest.mark.row("D12")
def test_typing_is_shown(telegram, telegram_account, telegram_bot, chat):
    telegram.show_typing(ChatRef(external_id=chat), telegram_account)

    (call,) = telegram_bot.calls("sendChatAction")
    assert call["params"]["action"] == "typing"


@pytest.mark.row("C18")
def test_a_photo_is_fetched_in_its_largest_size(telegram, telegram_account, telegram_anna):
    update = telegram_anna.sends_photo(a_picture(640, 480), caption="The leg")
    (incoming,) = telegram.parse(update, account=telegram_account)

    fetched = telegram.fetch_media(incoming.attachments[0], telegram_account)

    assert (fetched.mime, fetched.name[-4:]) == ("image/jpeg", ".jpg")
    assert incoming.attachments[0].width == 640
    assert fetched.content[:2] == b"\xff\xd8"


def test_a_file_keeps_its_name_and_kind_though_telegram_forgets_them(telegram, telegram_account, telegram_anna):
    update = telegram_anna.sends_file("Счёт.pdf", "application/pdf", b"%PDF-")
    (incoming,) = telegram.parse(update, account=telegram_account)

    fetched = telegram.fetch_media(incoming.attachments[0], telegram_account)

    assert (fetched.name, fetched.mime, fetched.content) == ("Счёт.pdf", "application/pdf", b"%PDF-")


def test_a_file_too_large_for_bots_is_refused(telegram, telegram_account, telegram_anna):
    content = b"x" * (20 * 1024 * 1024 + 1)
    reference = telegram_anna.sends_file("film.bin", "application/octet-stream", content)["message"]["document"][
        "file_id"
    ]

    for size in (len(content), None):
        with pytest.raises(ConnectorError) as caught:
            telegram.fetch_media(IncomingAttachment(kind="FILE", reference=reference, size=size), telegram_account)
        assert caught.value.kind == "PERMANENT"


def test_a_file_that_never_was_is_refused(telegram, telegram_account):
    with pytest.raises(ConnectorError) as caught:
        telegram.fetch_media(IncomingAttachment(kind="FILE", reference="nothing"), telegram_account)
    assert caught.value.kind == "PERMANENT"


def test_a_customers_picture_is_fetched_where_there_is_one(
    telegram, telegram_account, telegram_bot, telegram_anna, chat
):
    boris = telegram_bot.customer("Boris")
    boris.writes("Hello")

    photo = telegram.fetch_photo(str(telegram_anna.id), telegram_account)

    assert photo is not None
    assert photo.mime == "image/jpeg"
    assert telegram.fetch_photo(str(boris.id), telegram_account) is None


def test_a_pressed_button_is_answered_once_and_late_answers_do_no_harm(
    telegram, telegram_account, telegram_bot, telegram_anna
):
    telegram_anna.writes("Hello")
    keyboard = {"inline_keyboard": [[{"text": "On Monday", "callback_data": "monday"}]]}
    question = send_raw(telegram_bot, telegram_account.base_url, telegram_anna.id, keyboard)
    (press,) = telegram.parse(telegram_anna.presses(question, "On Monday"), account=telegram_account)

    telegram.acknowledge(press, telegram_account)
    telegram.acknowledge(press, telegram_account, words="Thank you!")

    assert press.text == "On Monday"
    assert telegram_bot.state()["answered_queries"] == [press.context["callback_query_id"]]


def test_the_token_shows_neither_in_logs_nor_in_names(telegram, telegram_account, telegram_bot, chat, caplog):
    caplog.set_level(logging.DEBUG)

    telegram.check(telegram_account)
    telegram_bot.revoke_token()
    with pytest.raises(ConnectorError) as caught:
        telegram.check(telegram_account)

    assert "getMe" in caplog.text
    assert telegram_bot.token not in caplog.text
    assert telegram_bot.token not in repr(telegram_account) + repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def send_raw(bot, base_url, chat_id, keyboard) -> int:
    body = {"chat_id": chat_id, "text": "When?", "reply_markup": keyboard}
    answer = httpx.post(f"{base_url}/bot{bot.token}/sendMessage", json=body, trust_env=False)
    return int(answer.json()["result"]["message_id"])
