"""Our own channels: clients read from our database, so there is no provider to play."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Self

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import ACCOUNT, CELLS, Driver, Payload

OWN = "our own channel: shown by the tests of its own pages and socket"
TRIED = ("text", "press", "duplicate", "disorder")


class OwnDriver(Driver):
    cannot: ClassVar[Mapping[str, str]] = {cell: OWN for cell in (*CELLS, *ACCOUNT) if cell not in TRIED}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator[Self]:
        yield cls()

    @property
    def account(self) -> Account:
        return Account(channel_id=1, credentials={}, scope=f"{self.kind}:1")

    @property
    def chat(self) -> str:
        return "anna"

    def text(self, text: str, *, number: int = 1) -> Payload:
        return {"chat": "anna", "id": str(number), "sender": {"name": "Anna"}, "text": text}

    def press(self, payload: str, text: str) -> Payload:
        return {**self.text(text), "press": payload}

    def request(self, *events: Payload) -> WebhookRequest:
        return WebhookRequest(body=json.dumps(events[0]).encode())
