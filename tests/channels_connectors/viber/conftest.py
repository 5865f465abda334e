from collections.abc import Iterator

import pytest

from channels_connectors.connector import Account
from channels_connectors.viber.connector import Viber
from tests.channels_connectors.contract.viber import ViberDriver
from tests.providers.viber import ViberSimulator


@pytest.fixture
def driver() -> Iterator[ViberDriver]:
    with ViberDriver.begin() as begun:
        yield begun


@pytest.fixture
def viber(driver: ViberDriver) -> ViberSimulator:
    return driver.viber


@pytest.fixture
def account(driver: ViberDriver) -> Account:
    return driver.account


@pytest.fixture
def connector() -> Viber:
    return Viber()
