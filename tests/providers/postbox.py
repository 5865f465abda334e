"""A provider of no brand, for what all providers have in common: it takes texts, counts them, fails on order.

``Postbox`` is its connector; tests put it in the place of the sandbox. It may know doubles by their keys, or not.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from channels_connectors.connector import Account, Capabilities, Receipt
from channels_connectors.http import call
from channels_connectors.own_channel import OwnChannel
from openlines.types import OutgoingPart
from tests.providers.simulator import Simulator


@dataclass(frozen=True)
class Letter:
    chat: str
    text: str
    at: float


class PostOffice(Simulator):
    """``letters`` are those that arrived, each once for the client however often it was sent under the same key."""

    def __init__(self, *, knows_keys: bool = True) -> None:
        super().__init__()
        self.knows_keys = knows_keys
        self.letters: list[Letter] = []
        self.accepted_at: list[float] = []
        self._ids: dict[str, str] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/send", self.send)]

    async def send(self, request: web.Request) -> web.Response:
        said = await request.json()
        with self.lock:
            known = self._ids.get(said["key"]) if self.knows_keys else None
            if known is None:
                known = f"l{len(self.letters) + 1}"
                self._ids[said["key"]] = known
                self.letters.append(Letter(said["chat"], said["text"], time.monotonic()))
            self.accepted_at.append(time.monotonic())
        return web.json_response({"id": known})

    def texts_by_chat(self) -> dict[str, list[str]]:
        texts = defaultdict(list)
        with self.lock:
            for letter in self.letters:
                texts[letter.chat].append(letter.text)
        return dict(texts)


@dataclass
class Postbox(OwnChannel):
    """Speaks with a ``PostOffice`` at the account's base URL."""

    kind = "sandbox"
    can: dict[str, Any] = field(default_factory=dict)

    @property
    def capabilities(self) -> Capabilities:  # type: ignore[override]
        return Capabilities(**{"is_split": True, "idempotency": "key", **self.can})

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        letter = {"chat": part.chat_external_id, "text": part.text, "key": part.client_key}
        seconds = float(account.settings.get("read_seconds", 30))
        answer = call("POST", f"{account.base_url}/send", provider="Post", body=letter, read_seconds=seconds)
        return Receipt(parts=(answer.json()["id"],))
