"""One thread, one loop, one bot per account, whoever calls."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.telegram import bot as bots
from channels_connectors.telegram.bot import BotPool
from channels_connectors.telegram.connector import Telegram
from openlines.types import OutgoingMessage
from tests.channels_connectors.sending import send_all


@pytest.fixture
def pool():
    pool = BotPool()
    yield pool
    pool.close()


def who(pool, account):
    return pool.call(account, lambda bot: bot.get_me(), read_timeout=5)


def identity_of_the_bot(pool, account):
    async def identity(bot):
        return id(bot)

    return pool.call(account, identity, read_timeout=5)


def test_an_account_keeps_its_bot_and_another_token_gets_another(pool, telegram_account, simulator):
    other = replace(telegram_account, credentials={"token": simulator.add_bot().token})

    first = identity_of_the_bot(pool, telegram_account)

    assert identity_of_the_bot(pool, telegram_account) == first
    assert identity_of_the_bot(pool, other) != first


def test_bots_that_were_not_used_for_long_are_let_go(pool, telegram_account, simulator, monkeypatch):
    monkeypatch.setattr(bots, "MOST_BOTS", 2)
    accounts = [replace(telegram_account, credentials={"token": simulator.add_bot().token}) for _ in range(4)]

    assert [who(pool, account).is_bot for account in accounts * 2] == [True] * 8


def test_many_threads_write_at_once(pool, telegram_account, telegram_bot):
    telegram = Telegram(pool)
    customers = [telegram_bot.customer(f"Anna {number}") for number in range(8)]
    for customer in customers:
        customer.writes("Hello")

    def answer(customer):
        for number in range(5):
            message = OutgoingMessage(message_id=number, chat_external_id=str(customer.id), text=str(number))
            send_all(telegram, message, telegram_account)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(answer, customers))

    for customer in customers:
        assert [seen["text"] for seen in customer.received()] == ["0", "1", "2", "3", "4"]


def test_after_closing_it_starts_again(pool, telegram_account):
    who(pool, telegram_account)
    pool.close()
    pool.close()

    assert who(pool, telegram_account).is_bot


def test_a_call_that_hangs_is_given_up(pool, telegram_account, telegram_bot):
    telegram_bot.fault("hang_after", method="getMe")

    with pytest.raises(ConnectorError) as caught:
        pool.call(telegram_account, lambda bot: bot.get_me(), read_timeout=30, patience=0.2)
    assert caught.value.kind == "UNKNOWN"


def test_names_of_bots_do_not_tell_tokens(pool, telegram_account, telegram_bot):
    async def name(bot):
        return f"{bot!r} {bot}"

    assert telegram_bot.token not in pool.call(telegram_account, name, read_timeout=5)


def test_a_mistake_of_ours_stays_what_it_is(pool, telegram_account):
    async def mistake(bot):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.call(telegram_account, mistake, read_timeout=5)


# Python warns of forks beside threads; a Celery worker does just that, and this is about surviving it.
@pytest.mark.filterwarnings("ignore:This process")
def test_a_child_process_starts_a_thread_of_its_own(telegram_account):
    bots.pool.call(telegram_account, lambda bot: bot.get_me(), read_timeout=5)
    reader, writer = os.pipe()

    child = os.fork()
    if child == 0:
        name = bots.pool.call(telegram_account, lambda bot: bot.get_me(), read_timeout=5).username
        os.write(writer, str(name).encode())
        os._exit(0)

    os.waitpid(child, 0)
    assert os.read(reader, 100).decode().endswith("_bot")
    os.close(reader)
    os.close(writer)
