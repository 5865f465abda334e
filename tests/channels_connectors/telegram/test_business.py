"""Business accounts that a bot answers for; against the simulated Telegram."""

import pytest

from channels_connectors.connector import ChatRef
from openlines.types import IncomingDeletion, IncomingEcho, IncomingEdit, IncomingMessage, OutgoingMessage, SentMessage
from tests.channels_connectors.sending import send_all
from tests.channels_connectors.telegram.updates import message

pytestmark = pytest.mark.row("C1")


@pytest.fixture
def connection(telegram_bot):
    return telegram_bot.customer("Olga").lets_the_bot_answer()["business_connection"]["id"]


@pytest.fixture
def read(telegram, telegram_account):
    return lambda update: telegram.parse(update, account=telegram_account)


def test_a_client_of_the_account_is_answered_in_its_name(telegram, telegram_account, telegram_anna, connection, read):
    (said,) = read(telegram_anna.writes_to_business(connection, "Is it still there?"))
    assert isinstance(said, IncomingMessage)
    assert (said.text, said.sender.external_id) == ("Is it still there?", str(telegram_anna.id))
    assert said.chat_external_id == f"business:{connection}:{telegram_anna.id}"

    reply = OutgoingMessage(message_id=1, chat_external_id=said.chat_external_id, text="It is")
    sent = send_all(telegram, reply, telegram_account)
    telegram.show_typing(ChatRef(external_id=said.chat_external_id), telegram_account)
    assert [seen["text"] for seen in telegram_anna.sees_of_business(connection)] == ["Is it still there?", "It is"]

    telegram.delete(SentMessage(chat_external_id=said.chat_external_id, external_ids=sent.parts), telegram_account)
    assert [seen["text"] for seen in telegram_anna.sees_of_business(connection)] == ["Is it still there?"]


def test_what_the_owner_writes_in_the_app_is_an_echo(telegram_anna, connection, read):
    (echo,) = read(telegram_anna.writes_to_business(connection, "I am on my way", is_owner=True))

    assert isinstance(echo, IncomingEcho)
    assert (echo.text, echo.author_name, echo.recipient.name) == ("I am on my way", "Olga", "Anna Petrova")


def test_the_client_s_deletions_and_edits_are_told(telegram_anna, connection, read):
    update = telegram_anna.writes_to_business(connection, "A mistake")
    number = update["business_message"]["message_id"]

    (deletion,) = read(telegram_anna.deletes_in_business(connection, number))
    (edit,) = read({"update_id": 1, "edited_business_message": update["business_message"] | {"text": "Mended"}})

    chat = f"business:{connection}:{telegram_anna.id}"
    assert deletion == IncomingDeletion(chat_external_id=chat, external_id=str(number))
    assert edit == IncomingEdit(chat_external_id=chat, external_id=str(number), text="Mended")


def test_what_the_owner_mends_stays_as_it_was_seen(telegram_anna, connection, read):
    update = telegram_anna.writes_to_business(connection, "Hello", is_owner=True)

    assert read({"update_id": 1, "edited_business_message": update["business_message"]}) == []


def test_reactions_are_told_and_taken_back(telegram_anna, read):
    number = telegram_anna.writes("Hello")["message"]["message_id"]

    (given,), (taken,) = (read(telegram_anna.reacts(number, emoji)) for emoji in ("👍", ""))

    assert (given.emoji, taken.emoji, given.message_external_id) == ("👍", "", str(number))


def test_what_a_start_link_carried_is_shown(read):
    (started,) = read(message(text="/start summer_sale"))

    assert (started.text, started.details) == ("/start", {"start_payload": "summer_sale"})
