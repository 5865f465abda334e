"""Odnoklassniki, played by its simulator."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Payload
from tests.channels_connectors.contract.on_tamtam import TamTamDriver
from tests.providers.conftest import a_picture
from tests.providers.ok import BORN, CHAT, GROUP, OkSimulator, Said

TYPES = {
    "IMAGE": "IMAGE", "FILE": "FILE", "VOICE": "AUDIO", "AUDIO": "MUSIC", "VIDEO": "VIDEO", "STICKER": "STICKER",
}  # fmt: skip
KINDS = {"IMAGE": "IMAGE", "FILE": "FILE", "AUDIO": "VOICE", "VIDEO": "VIDEO"}


class OkDriver(TamTamDriver[OkSimulator]):
    kind = "ok"
    simulator_class = OkSimulator
    cannot: ClassVar[Mapping[str, str]] = {
        "edit_in": "Odnoklassniki does not tell of edits",
        "delete_in": "Odnoklassniki does not tell of deletions",
        "blocked_in": "Odnoklassniki does not tell who blocks a group; a refused message does",
        "unblocked_in": "Odnoklassniki does not tell who unblocks a group",
        "typing_in": "Odnoklassniki does not tell who is typing",
        "reaction": "Odnoklassniki does not tell of reactions",
        "echo": "what the group itself writes is not delivered",
        "receipts": "Odnoklassniki gives bots none",
        "batch": "a webhook brings one event at a time",
        "delete": "the Bot API can't take back",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no window, so no templates",
        "window": "no window: who wrote can be written to",
        "refresh": "a token that is used lives on",
        "photo": "the Bot API gives no pictures of people",
    }

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"token": self._token}, base_url=self.simulator.base_url,
            settings={"read_seconds": 0.5}, scope=f"ok:{GROUP}",
        )  # fmt: skip

    @property
    def chat(self) -> str:
        return CHAT

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, text)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        part = {"type": TYPES[kind], "payload": {"url": self.simulator.file(self.content_of(kind))}}
        return self._once(number, caption, attachments=[part])

    def location(self) -> Payload:
        place = {"type": "LOCATION", "payload": {"latitude": 55.75, "longitude": 37.61}}
        return self.simulator.message(attachments=[place])

    def contact(self) -> Payload:
        card = {"type": "CONTACT", "payload": {"name": "Anna", "phone": "+79161234567"}}
        return self.simulator.message(attachments=[card])

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._once(number, text, reply_to=to)

    def album(self) -> list[Payload]:
        picture = {"type": "IMAGE", "payload": {"url": self.simulator.file(a_picture())}}
        return [self.simulator.message(attachments=[picture, picture])]

    def press(self, payload: str, text: str) -> Payload:
        return self.simulator.press(payload)

    def unknown(self) -> Payload:
        return self.simulator.message(attachments=[{"type": "HOLOGRAM", "payload": {}}])

    def of_no_interest(self) -> list[Payload]:
        return [{"webhookType": "CHAT_SYSTEM", "message": {"mid": "m"}, "recipient": {"chat_id": CHAT}}]

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events
        return WebhookRequest(body=json.dumps(event).encode(), remote="217.20.145.193")

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        genuine = self.request(*events)
        return [replace(genuine, remote=remote) for remote in ("", "203.0.113.5", "217.20.145.191", "nonsense", "::1")]

    def arrived(self) -> list[Arrived]:
        return [seen for said in self.simulator.said.values() for seen in _as_seen(said)]

    def _mid_of(self, payload: Payload) -> str:
        return str(payload["message"]["mid"])

    def webhook(self) -> str:
        return ", ".join(self.simulator.subscriptions)

    def write_for_poll(self, text: str) -> None:
        self.simulator.updates.append(self.simulator.message(text))

    def _once(self, number: int, text: str, **fields: Any) -> Payload:
        if number not in self._written:
            self._written[number] = self.simulator.message(text, at=BORN + number * 1000, **fields)
        return self._written[number]


def _as_seen(said: Said) -> list[Arrived]:
    """Once for every file of an album."""
    keyboards = [one["payload"]["keyboard"] for one in said.attachments if one["type"] == "INLINE_KEYBOARD"]
    media = [KINDS[one["type"]] for one in said.attachments if one["type"] in KINDS]
    buttons = tuple(button["text"] for one in keyboards for row in one["buttons"] for button in row)
    return [
        Arrived(external_id=said.mid, text=said.text, kind=kind, reply_to=said.reply_to, buttons=buttons)
        for kind in media or ["TEXT"]
    ]


DRIVER = OkDriver
