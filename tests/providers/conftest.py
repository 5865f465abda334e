"""Simulated providers for any test: import the fixtures into the ``conftest.py`` of the folder that wants them."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from channels_connectors.connector import Account
from channels_connectors.telegram.bot import BotPool
from channels_connectors.telegram.connector import Telegram
from tests.providers.receiver import Receiver, running_receiver
from tests.providers.telegram import BotHandle, CustomerHandle, TelegramSimulator, simulated_telegram

WEBHOOK_SECRET = "a-secret_of-the-webhook"


@pytest.fixture(scope="session")
def simulator() -> Iterator[TelegramSimulator]:
    """A Telegram that repeats refused updates quickly. Tests share it; each has a bot of its own."""
    with simulated_telegram(retry_start=0.02, retry_limit=0.1) as running:
        yield running


@pytest.fixture
def telegram_bot(simulator: TelegramSimulator) -> BotHandle:
    return simulator.add_bot(first_name="Loft")


@pytest.fixture
def telegram_anna(telegram_bot: BotHandle) -> CustomerHandle:
    """Anna, who has pressed Start."""
    names = {"last_name": "Petrova", "username": "anna_p", "language_code": "ru"}
    return telegram_bot.customer("Anna", photo=a_picture(320), **names)


@pytest.fixture
def telegram_account(simulator: TelegramSimulator, telegram_bot: BotHandle) -> Account:
    return Account(
        channel_id=1,
        credentials={"token": telegram_bot.token},
        base_url=simulator.base_url,
        webhook_secret=WEBHOOK_SECRET,
        # A test of silence should not last long.
        settings={"read_timeout": 0.5},
    )


@pytest.fixture(scope="session")
def telegram() -> Iterator[Telegram]:
    bots = BotPool()
    yield Telegram(bots)
    bots.close()


def a_picture(width: int = 64, height: int = 48, *, format_name: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(stream, format_name)
    return stream.getvalue()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver
