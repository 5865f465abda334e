from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels_connectors.connector import WebhookRequest
from channels_connectors.services.channels import connect_channel
from openlines.models import Channel
from tests.channels_connectors.contract.custom import CustomDriver

Bring = Callable[[WebhookRequest], Any]


@pytest.fixture
def driver():
    with CustomDriver.begin() as driver:
        yield driver


@pytest.fixture
def partner(driver):
    return driver.partner


@pytest.fixture
def shop(bells, cast, line, partner, monkeypatch) -> Channel:
    """Connected; the partner knows the secret that was made for it."""
    monkeypatch.setattr("channels_connectors.custom.connector.secrets.token_urlsafe", lambda _size: partner.secret)
    values = {"name": "Shop", "base_url": partner.address}
    return connect_channel(administrator=cast.alla, line=line, kind="custom", values=values, now=timezone.now())


@pytest.fixture
def bring(shop, empty_cache) -> Bring:
    """What the partner's program sends, as it arrives."""

    def send(request: WebhookRequest, *, channel_id: int = 0) -> Any:
        headers = {name: value for name, value in request.headers.items() if name != "content-type"}
        return Client().post(
            f"/api/v1/channels/{channel_id or shop.pk}/events/", request.body, content_type="application/json",
            headers=headers,
        )  # fmt: skip

    return send
