from collections.abc import Iterator

import pytest

from channels_connectors.connector import Account
from channels_connectors.whatsapp.connector import WhatsApp
from tests.channels_connectors.contract.whatsapp import WhatsAppDriver
from tests.providers.whatsapp import WhatsAppSimulator


@pytest.fixture
def driver() -> Iterator[WhatsAppDriver]:
    with WhatsAppDriver.begin() as begun:
        yield begun


@pytest.fixture
def whatsapp(driver: WhatsAppDriver) -> WhatsAppSimulator:
    return driver.whatsapp


@pytest.fixture
def account(driver: WhatsAppDriver) -> Account:
    return driver.account


@pytest.fixture
def connector() -> WhatsApp:
    return WhatsApp()
