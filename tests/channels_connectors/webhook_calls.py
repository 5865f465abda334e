"""Webhooks called in the process of a test, through the whole ASGI application."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from channels_connectors import webhooks as module
from channels_connectors.webhooks import Webhooks
from config import asgi


@pytest.fixture
def endpoint(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A fresh endpoint that writes where the test reads."""
    settings.DATABASE_URL = make_conninfo(settings.DATABASE_URL, dbname=connection.settings_dict["NAME"])
    find = module._find_account

    def find_and_leave(kind: str, token: str) -> Any:
        try:
            return find(kind, token)
        finally:
            connections.close_all()

    monkeypatch.setattr(module, "_find_account", find_and_leave)
    monkeypatch.setattr(asgi, "webhooks", Webhooks())


def called(work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]) -> Any:
    """What ``work`` gives; whatever the endpoint still had to write down is written when this returns."""

    async def run() -> Any:
        transport = httpx.ASGITransport(asgi.application, client=("203.0.113.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            try:
                return await work(client)
            finally:
                await asgi.webhooks.stop()

    return asyncio.run(run())
