"""A shop on Avito, played by its simulator."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.avito import CLIENT_ID, CLIENT_SECRET, SHOP, AvitoSimulator, simulated_avito
from tests.providers.conftest import a_picture


class AvitoDriver(Driver):
    kind = "avito"
    cannot: ClassVar[Mapping[str, str]] = {
        "file": "Avito carries no files",
        "audio": "Avito carries no audio but recordings",
        "video": "Avito gives its API no videos",
        "sticker": "Avito has no stickers",
        "contact": "Avito has no contact cards",
        "album": "each picture is a message of its own",
        "edit_in": "messages can't be changed on Avito",
        "press": "Avito has no buttons for the API",
        "blocked_in": "Avito does not tell of blocks: the next send does",
        "unblocked_in": "Avito does not tell of blocks",
        "typing_in": "Avito does not tell who is typing",
        "reaction": "Avito has no reactions",
        "batch": "a webhook brings one message at a time",
        "send_file": "Avito takes pictures only",
        "send_voice": "Avito takes pictures only",
        "send_video": "Avito takes pictures only",
        "send_album": "each picture is a message of its own",
        "send_reply": "the API has no quotes for what we send",
        "send_buttons": "written out as a numbered list",
        "edit": "messages can't be changed on Avito",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no window, so no templates",
        "typing_out": "Avito shows no typing of the API's",
        "window": "no window: whoever began a chat can be written to",
        "refresh": "the keys don't end; tokens are asked for as needed",
    }

    def __init__(self, avito: AvitoSimulator) -> None:
        self.avito = avito
        self._written: dict[int, Payload] = {}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["AvitoDriver"]:
        with simulated_avito() as avito, own_host_allowed(avito.base_url):
            yield cls(avito)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
            base_url=self.avito.base_url, scope=f"avito:{SHOP}", settings={"read_seconds": 0.5},
        )  # fmt: skip

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, text=text)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        if kind == "IMAGE":
            url = self.avito.file(self.content_of(kind), "image/png")
            small = self.avito.file(a_picture(20, 20), "image/png")
            return self._once(number, "image", image={"sizes": {"140x105": small, "1280x960": url}})
        voice_id = self.avito.file(self.content_of(kind), "audio/mp4").rpartition("/")[2]
        return self._once(number, "voice", voice={"voice_id": voice_id})

    def content_of(self, kind: str) -> bytes:
        return a_picture(300) if kind == "IMAGE" else f"content of a {kind}".encode()

    def location(self) -> Payload:
        place = {"kind": "street", "lat": 55.75, "lon": 37.61, "title": "Red Square", "text": "Moscow"}
        return self.avito.writes("location", location=place)

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._once(number, quote=to, text=text)

    def delete_in(self, *, number: int = 1) -> Payload:
        return self.avito.takes_back(self._written[number]["payload"]["value"]["id"])

    def echo(self, text: str) -> Payload:
        return self.avito.writes(author=SHOP, text=text)

    def receipt(self, state: str, *, of: str) -> Payload:
        """Avito tells no webhook of it: this is what a look at the chats gives."""
        event = self.avito.notification(self.avito.reads(of), self.avito.chat)
        return event | {"payload": event["payload"] | {"type": "read"}}

    def unknown(self) -> Payload:
        return self.avito.writes("hologram", hologram={"id": 1})

    def of_no_interest(self) -> list[Payload]:
        return [{"id": "1", "version": "v3.0.0", "timestamp": 1, "payload": {"type": "something", "value": {}}}]

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events[-1:]
        return WebhookRequest(body=json.dumps(event).encode(), headers={"x-avito-messenger-signature": "4f2a"})

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        event = json.loads(json.dumps(events[-1]))
        event["payload"]["value"]["user_id"] = SHOP + 1
        return [self.request(event)]

    @property
    def chat(self) -> str:
        return self.avito.chat.id

    def arrived(self) -> list[Arrived]:
        kinds = {"text": "TEXT", "image": "IMAGE"}
        return [
            Arrived(external_id=said["id"], text=said["content"].get("text", ""), kind=kinds[said["type"]])
            for said in self.avito.said()
        ]

    def fail(self, how: str) -> None:
        faults = {"flood": "429", "outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after"}
        if how == "token":
            self.avito.revoke()
        else:
            self.avito.fault(faults.get(how, how), seconds=3)

    def read_seen(self) -> str:
        return self.avito.read_up_to

    def webhook(self) -> str:
        return next(iter(self.avito.subscriptions), "")

    def lose_webhook(self) -> None:
        self.avito.subscriptions.clear()

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"client_id": CLIENT_ID, "client_secret": "a-wrong-secret"})

    def write_for_poll(self, text: str) -> None:
        self.avito.writes(text=text)

    def is_photo(self, content: bytes) -> bool:
        return content == a_picture(256, 256)

    def _once(self, number: int, kind: str = "text", **content: Any) -> Payload:
        if number not in self._written:
            self._written[number] = self.avito.writes(kind, at=number, **content)
        return self._written[number]


DRIVER = AvitoDriver
