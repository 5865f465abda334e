from collections.abc import Iterator

import pytest

from channels_connectors.connector import Account
from channels_connectors.registry import connector_for
from channels_connectors.vk.connector import Vk
from tests.channels_connectors.contract.vk import VkDriver
from tests.providers.vk import PersonHandle, VkSimulator


@pytest.fixture
def driver() -> Iterator[VkDriver]:
    with VkDriver.begin() as begun:
        assert isinstance(begun, VkDriver)
        yield begun


@pytest.fixture
def simulator(driver: VkDriver) -> VkSimulator:
    return driver.simulator


@pytest.fixture
def anna(driver: VkDriver) -> PersonHandle:
    return driver.anna


@pytest.fixture
def account(driver: VkDriver) -> Account:
    return driver.account


@pytest.fixture
def vk() -> Vk:
    connector = connector_for("vk")
    assert isinstance(connector, Vk)
    return connector
