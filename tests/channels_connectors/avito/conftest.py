"""A simulated Avito, and a shop of it."""

from collections.abc import Iterator

import pytest

from channels_connectors.avito.connector import AvitoMessenger
from channels_connectors.connector import Account
from tests.channels_connectors.contract.avito import AvitoDriver
from tests.providers.avito import AvitoSimulator


@pytest.fixture
def driver() -> Iterator[AvitoDriver]:
    with AvitoDriver.begin() as driver:
        yield driver


@pytest.fixture
def avito(driver: AvitoDriver) -> AvitoSimulator:
    return driver.avito


@pytest.fixture
def account(driver: AvitoDriver) -> Account:
    return driver.account


@pytest.fixture
def shop() -> AvitoMessenger:
    """Without anything that another test has learnt."""
    return AvitoMessenger()
