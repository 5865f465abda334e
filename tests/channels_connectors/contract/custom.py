"""A partner's program, played by its simulator."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from openlines.types import OutgoingAttachment
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.partner import SECRET, PartnerSimulator
from tests.providers.simulator import running

ANNA = {"id": "u-5", "first_name": "Anna", "last_name": "Petrova"}
BORN = "2026-09-20T10:00:{:02d}+00:00"


class CustomDriver(Driver):
    kind = "custom"
    cannot: ClassVar[Mapping[str, str]] = {
        "send_album": "a partner gets all files of a message one by one",
        "unknown": "the API takes known types only, and says so at once",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no templates",
        "webhook": "a partner enters the address itself",
        "webhook_lost": "a partner enters the address itself",
        "refresh": "secrets don't end",
        "poll": "a partner brings its events",
    }

    def __init__(self, partner: PartnerSimulator) -> None:
        self.partner = partner

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["CustomDriver"]:
        with running(PartnerSimulator()) as partner, own_host_allowed(partner.base_url):
            yield cls(partner)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"secret": SECRET}, base_url=self.partner.address, scope="custom:p1",
            settings={"partner_id": "p1", "name": "Shop", "read_seconds": 0.5},
        )  # fmt: skip

    @property
    def chat(self) -> str:
        return "order-77"

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._created(number, text=text)

    def _created(self, number: int, **content: Any) -> dict[str, Any]:
        photo = f"{self.partner.base_url}/files/PHOTO"
        return {
            "type": "message.created", "chat_id": self.chat, "message_id": f"m-{number}",
            "sender": ANNA | {"photo_url": photo}, "sent_at": BORN.format(number), **content,
        }  # fmt: skip

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        file = {"kind": kind.lower(), "url": f"{self.partner.base_url}/files/{kind}", "name": "a.bin"}
        return self._created(number, text=caption, attachments=[file])

    def content_of(self, kind: str) -> bytes:
        return f"content of a {kind}".encode()

    def location(self) -> Payload:
        return self._created(1, location={"latitude": 55.75, "longitude": 37.61})

    def contact(self) -> Payload:
        return self._created(1, contact={"name": "Anna", "phone": "+79161234567"})

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._created(number, text=text, reply_to=to)

    def album(self) -> list[Payload]:
        file = {"kind": "image", "url": f"{self.partner.base_url}/files/IMAGE"}
        return [self._created(1, attachments=[file, file])]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return {"type": "message.edited", "chat_id": self.chat, "message_id": f"m-{number}", "text": text}

    def delete_in(self, *, number: int = 1) -> Payload:
        return {"type": "message.deleted", "chat_id": self.chat, "message_id": f"m-{number}"}

    def press(self, payload: str, text: str) -> Payload:
        pressed = {"press_id": "b-1", "sender": ANNA, "payload": payload, "text": text}
        return {"type": "button.pressed", "chat_id": self.chat, **pressed}

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        kind = "client.unblocked" if is_reachable else "client.blocked"
        return {"type": kind, "chat_id": self.chat, "sender_id": ANNA["id"]}

    def typing_in(self) -> Payload:
        return {"type": "client.typing", "chat_id": self.chat}

    def reaction(self, emoji: str, *, to: str) -> Payload:
        said = {"message_id": to, "sender_id": ANNA["id"], "emoji": emoji}
        return {"type": "client.reacted", "chat_id": self.chat, **said}

    def echo(self, text: str) -> Payload:
        said = {"message_id": "e-1", "recipient": ANNA, "author_name": "The shop", "text": text}
        return {"type": "message.echoed", "chat_id": self.chat, **said}

    def receipt(self, state: str, *, of: str) -> Payload:
        return {"type": "message.status", "chat_id": self.chat, "message_id": of, "state": state.lower()}

    def of_no_interest(self) -> list[Payload]:
        return [{"type": "something.new", "chat_id": self.chat}]

    def request(self, *events: Payload) -> WebhookRequest:
        return self.partner.signed(*(dict(event) for event in events))

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        said = [dict(event) for event in events]
        genuine = self.partner.signed(*said)
        return [
            WebhookRequest(body=genuine.body),
            self.partner.signed(*said, secret="another"),
            self.partner.signed(*said, at=time.time() - 301),
            self.partner.signed(*said, at=time.time() + 360),
            replace(genuine, body=genuine.body.replace(b"order-77", b"order-78")),
            replace(genuine, headers=dict(genuine.headers) | {"x-cc-timestamp": str(int(time.time()) - 1)}),
            replace(genuine, headers={"x-cc-timestamp": genuine.headers["x-cc-timestamp"]}),
        ]

    def publish(self, attachment: OutgoingAttachment) -> str:
        return f"{self.partner.base_url}/files/{attachment.name}"

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                external_id=f"p-{said['id']}",
                text=said["text"],
                kind=said["attachments"][0]["kind"].upper() if said["attachments"] else "TEXT",
                reply_to=said["reply_to"] or "",
                buttons=tuple(button["text"] for row in said["buttons"] for button in row),
            )
            for said in self.partner.said.values()
        ]

    def fail(self, how: str) -> None:
        if how == "token":
            self.partner.secret = "another"
            return
        faults = {"flood": "429", "outage": "503", "timeout_before": "hang_before", "timeout_after": "hang_after"}
        self.partner.fault(faults.get(how, how), seconds=3)

    def typing_seen(self) -> bool:
        return [said["type"] for said in self.partner.others] == ["operator.typing"]

    def read_seen(self) -> str:
        (read,) = self.partner.others
        return str(read["message_id"])

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"secret": "another"})

    def is_photo(self, content: bytes) -> bool:
        return content == b"content of a PHOTO"


DRIVER = CustomDriver
