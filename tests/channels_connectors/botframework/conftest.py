"""A simulated Bot Framework, and an account of one bot of it in Teams."""

from collections.abc import Iterator

import pytest

from channels_connectors.botframework.connector import BotFramework
from channels_connectors.connector import Account
from tests.channels_connectors.contract.botframework import BotFrameworkDriver
from tests.providers.botframework import BotFrameworkSimulator


@pytest.fixture
def driver() -> Iterator[BotFrameworkDriver]:
    with BotFrameworkDriver.begin() as driver:
        yield driver


@pytest.fixture
def azure(driver: BotFrameworkDriver) -> BotFrameworkSimulator:
    return driver.simulator


@pytest.fixture
def account(driver: BotFrameworkDriver) -> Account:
    return driver.account


@pytest.fixture
def bot() -> BotFramework:
    """Without anything that another test has learnt."""
    return BotFramework()
