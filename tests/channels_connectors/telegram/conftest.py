"""A simulated Telegram for every test; for those that want it, a running product beside it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.channels_connectors.telegram.connected import Connected, connect
from tests.live import LiveProduct, live_product
from tests.providers.conftest import simulator, telegram, telegram_account, telegram_anna, telegram_bot

__all__ = ["simulator", "telegram", "telegram_account", "telegram_anna", "telegram_bot"]


@pytest.fixture(scope="package")
def product() -> Iterator[LiveProduct]:
    with live_product(API_RATE="100000/min") as running:
        yield running


@pytest.fixture(scope="package")
def alla(product) -> Iterator[httpx.Client]:
    with product.api("alla") as client:
        yield client


@pytest.fixture(scope="package")
def olga(product, alla) -> Iterator[httpx.Client]:
    """The only operator of the line, whether or not her console is open."""
    with product.api("olga") as client:
        line = alla.get("/lines/").json()[0]["id"]
        alla.put(f"/lines/{line}/queue-members/", json={"operators": [client.get("/me/").json()["id"]]})
        alla.patch(f"/lines/{line}/queue/", json={"checks_presence": False, "offer_seconds": 3600})
        yield client


@pytest.fixture
def connected(product, alla, olga, telegram_bot, simulator) -> Connected:
    return connect(alla, olga, telegram_bot, simulator)
