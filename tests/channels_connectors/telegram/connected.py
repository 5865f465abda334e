"""A bot that is connected to the line of a running product, and what its staff see of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.providers.telegram import BotHandle, CustomerHandle, TelegramSimulator

Fields = dict[str, Any]
PATIENCE = 30.0


@dataclass(frozen=True)
class Connected:
    """A bot that is connected to the line."""

    channel: Fields
    alla: httpx.Client
    olga: httpx.Client

    def state(self) -> Fields:
        return dict(self.alla.get(f"/channels/{self.channel['id']}/").json())

    def dialog(self) -> Fields:
        """The dialog with the bot's first customer, answered by Olga."""
        dialog: Fields = eventually(lambda: next(iter(self._dialogs()), None))
        if dialog["state"] != "ACTIVE":
            assert self.olga.post(f"/dialogs/{dialog['id']}/answer/").status_code == 200
        return dialog

    def messages(self, author: str = "CLIENT") -> list[Fields]:
        dialog = next(iter(self._dialogs()), None)
        if dialog is None:
            return []
        messages = self.olga.get(f"/dialogs/{dialog['id']}/messages/").json()["messages"]
        return [message for message in messages if message["author"]["kind"] == author]

    def replies(self, text: str = "", **fields: Any) -> Fields:
        reply = {"command_id": str(uuid4()), "text": text, "visibility": "PUBLIC"} | fields
        answer = self.olga.post(f"/dialogs/{self.dialog()['id']}/messages/", json=reply)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def delivery_of(self, message: Fields) -> Fields:
        found = next(known for known in self.messages("OPERATOR") if known["id"] == message["id"])
        return dict(found["delivery"])

    def _dialogs(self) -> list[Fields]:
        dialogs = self.olga.get("/console/").json()["dialogs"]
        return [dialog for dialog in dialogs if dialog["channel"]["id"] == self.channel["id"]]


def eventually(look: Callable[[], Any]) -> Any:
    """What ``look`` sees as soon as it sees something."""
    until = time.monotonic() + PATIENCE
    while not (seen := look()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
    return seen


def connect(alla: httpx.Client, olga: httpx.Client, bot: BotHandle, simulator: TelegramSimulator) -> Connected:
    line = alla.get("/lines/").json()[0]["id"]
    channel = {"line": line, "kind": "telegram", "values": {"token": bot.token, "base_url": simulator.base_url}}
    answer = alla.post("/channels/", json=channel)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["name"]) == ("CONNECTED", f"@{bot.username}")
    return Connected(channel=answer.json(), alla=alla, olga=olga)


def written_by_us(customer: CustomerHandle) -> list[Fields]:
    """What the bot wrote, without the line's automatic texts."""
    return [message for message in customer.received() if not message["text"].startswith("Здравствуйте")]
