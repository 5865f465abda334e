"""Viber in the contract test."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from channels_connectors.connector import Account, WebhookRequest
from openlines.types import OutgoingAttachment
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.simulator import running
from tests.providers.viber import ANNA, TOKEN, ViberSimulator

KINDS = {"IMAGE": "picture", "VIDEO": "video", "FILE": "file", "STICKER": "sticker"}
NAMES = {"IMAGE": "sofa.jpg", "VIDEO": "sofa.mp4", "FILE": "bill.pdf"}
ANNAS_PHOTO = b"\xff\xd8\xff\xe0 Anna"
FIRST_TOKEN = 5_600_000_000_000_000_000
FAULTS = {"outage": "503", "timeout_before": "hang_before", "timeout_after": "hang_after"}
EVENTS = {"DELIVERED": "delivered", "READ": "seen", "FAILED": "failed"}


class ViberDriver(Driver):
    kind = "viber"
    cannot: ClassVar[Mapping[str, str]] = {
        "voice": "Viber gives bots no voice messages as such: they come as files",
        "audio": "Viber has no audio messages: they come as files",
        "reply": "Viber tells bots of no quotes",
        "album": "Viber has no albums",
        "edit_in": "Viber tells bots of no edits",
        "delete_in": "Viber tells bots of no deletions",
        "typing_in": "Viber tells bots of no typing",
        "reaction": "Viber tells bots of no reactions",
        "batch": "Viber calls for each event on its own",
        "echo": "nobody but the bot writes in its name",
        "send_voice": "goes out as a file",
        "send_album": "Viber has no albums",
        "send_reply": "bots can't quote",
        "edit": "bots can't edit",
        "delete": "bots can't delete",
        "hide": "no public comments",
        "private_reply": "no public comments",
        "template": "no templates",
        "typing_out": "bots can't show typing",
        "read_out": "bots can't show that they read",
        "window": "no window: messages beyond 24 hours are billed",
        "refresh": "tokens do not end",
        "poll": "Viber has webhooks only",
    }

    def __init__(self, simulator: ViberSimulator) -> None:
        self.viber = simulator

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1,
            credentials={"token": TOKEN},
            base_url=self.viber.base_url,
            webhook_secret="secret",
            settings={"read_seconds": 0.5, "name": "Loft"},
            scope="viber:pa:75346594275468546724",
        )

    @property
    def chat(self) -> str:
        return str(ANNA["id"])

    # What Anna does.

    def _numbered(self, event: Payload, number: int) -> Payload:
        return {**event, "message_token": FIRST_TOKEN + number, "timestamp": 1_790_000_000_000 + number}

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._numbered(self.viber.writes(text), number)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        if kind == "STICKER":
            url = self.viber.hosts("46105.png", self.content_of(kind))
            return self._numbered(self.viber.sends({"type": "sticker", "sticker_id": 46105, "media": url}), number)
        content = self.content_of(kind)
        fields = {"media": self.viber.hosts(NAMES[kind], content), "file_name": NAMES[kind], "size": len(content)}
        return self._numbered(self.viber.sends({"type": KINDS[kind], "text": caption, **fields}), number)

    def is_content(self, kind: str, content: bytes) -> bool:
        return content == self.content_of(kind)

    def content_of(self, kind: str) -> bytes:
        starts = {"IMAGE": b"\xff\xd8\xff\xe0", "STICKER": b"\x89PNG\r\n\x1a\n", "FILE": b"%PDF-1.4"}
        return starts.get(kind, b"\0\0\0\x18ftypmp42") + kind.encode() * 8

    def location(self) -> Payload:
        return self._numbered(self.viber.sends({"type": "location", "location": {"lat": 55.75, "lon": 37.61}}), 1)

    def contact(self) -> Payload:
        card = {"name": "Anna", "phone_number": "+79161234567"}
        return self._numbered(self.viber.sends({"type": "contact", "contact": card}), 1)

    def press(self, payload: str, text: str) -> Payload:
        """What is on the button comes as her text, with what our message with the button tracked."""
        tracked = {"buttons": {text: payload}}
        event = self.viber.writes(text)
        return {**event, "message": {**event["message"], "tracking_data": json.dumps(tracked)}}

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        return self.viber.subscribes() if is_reachable else self.viber.unsubscribes()

    def receipt(self, state: str, *, of: str) -> Payload:
        fields: dict[str, Any] = {"desc": "failure description"} if state == "FAILED" else {}
        return self.viber.reports(EVENTS[state], int(of), **fields)

    def unknown(self) -> Payload:
        return self.viber.sends({"type": "hologram", "hologram": {"depth": 3}})

    def of_no_interest(self) -> list[Payload]:
        return [
            self.viber.event("client_status", code=300, user_id=ANNA["id"]),
            self.viber.event("something_new"),
            self.viber.opens(),
        ]

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events
        body, headers, query = self.viber.signed(event)
        return WebhookRequest(body=body, headers={n.lower(): v for n, v in headers.items()}, query=query)

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        true = self.request(*events)
        return [
            WebhookRequest(body=true.body),
            WebhookRequest(body=true.body + b" ", headers=true.headers, query=true.query),
            WebhookRequest(body=true.body, headers={"x-viber-content-signature": "0" * 64}, query=true.query),
            WebhookRequest(body=true.body, query="sig=" + "0" * 64),
        ]

    # What we do.

    def arrived(self) -> list[Arrived]:
        kinds = {"text": "TEXT", "picture": "IMAGE", "video": "VIDEO", "file": "FILE"}
        return [
            Arrived(
                external_id=str(message.token),
                text=message.fields.get("text", ""),
                kind=kinds[message.fields["type"]],
                buttons=message.keyboard,
                file_name=message.fields.get("file_name") or urlsplit(message.fields.get("media", "")).path[1:],
                content=message.content,
            )
            for message in self.viber.seen
        ]

    def publish(self, attachment: OutgoingAttachment) -> str:
        return self.viber.hosts(attachment.name, Path(attachment.path).read_bytes())

    def fail(self, how: str) -> None:
        self.viber.fault(FAULTS.get(how, how), path="send_message", seconds=3)

    # The account.

    def webhook(self) -> str:
        return self.viber.webhook

    def lose_webhook(self) -> None:
        self.viber.webhook = ""

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"token": "0" + TOKEN[1:]})

    def is_photo(self, content: bytes) -> bool:
        return content == ANNAS_PHOTO

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["ViberDriver"]:
        with running(ViberSimulator(calls_back=False)) as simulator, own_host_allowed(simulator.base_url):
            avatar = simulator.hosts("anna.jpg", ANNAS_PHOTO)
            simulator.users[ANNA["id"]] = {**ANNA, "avatar": avatar}
            yield cls(simulator)


DRIVER = ViberDriver
