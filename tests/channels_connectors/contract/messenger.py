"""Messenger, played by its simulator."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.channels_connectors.contract.driver import Arrived, Payload
from tests.channels_connectors.contract.on_meta import MetaDriver
from tests.providers.meta.model import PSID, START
from tests.providers.meta.server import MetaSimulator
from tests.providers.meta.webhooks import attachment, between, echo, message

FILES = {
    "IMAGE": ("image", "sofa.png"), "FILE": ("file", "bill.pdf"), "VOICE": ("audio", "voice.mp4"),
    "VIDEO": ("video", "leg.mp4"), "STICKER": ("image", "thumb.png"),
}  # fmt: skip


class MessengerDriver(MetaDriver):
    kind = "messenger"
    client: ClassVar[str] = PSID
    prefix: ClassVar[str] = "m_"
    cannot: ClassVar[Mapping[str, str]] = {
        "audio": "clients send voice messages only",
        "contact": "Messenger has no cards of contacts",
        "delete_in": "Messenger does not tell pages of deletions",
        "blocked_in": "Messenger tells it only when we write",
        "unblocked_in": "Messenger does not tell",
        "typing_in": "Messenger does not tell pages who is typing",
        "send_album": "one file in a message",
        "send_reply": "pages can't quote",
        "edit": "pages can't edit messages",
        "delete": "pages can't delete messages",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no templates of texts",
        "refresh": "tokens of pages don't end",
        "poll": "webhooks only",
    }

    def __init__(self, simulator: MetaSimulator) -> None:
        super().__init__(simulator)
        self.world.wrote[self.client] = (START, f"{self.prefix}0")

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._message(number, text)

    def _message(self, number: int, text: str = "", **more: Any) -> Payload:
        mid, at = f"{self.prefix}{number}", START + number
        self.world.wrote[self.client] = (at, mid)
        return message(mid, text, client=self.client, own=self.own_id, at=at, **more)

    def _between(self, **fields: Any) -> Payload:
        return between(self.client, self.own_id, **fields)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        name, file = FILES[kind]
        more = {"sticker_id": 369239263222822} if kind == "STICKER" else {}
        url = self.file(file, self.content_of(kind))
        return self._message(number, caption, attachments=[attachment(name, url, **more)])

    def location(self) -> Payload:
        place = {"coordinates": {"lat": 55.75, "long": 37.61}}
        return self._message(1, attachments=[{"type": "location", "title": "Anna's place", "payload": place}])

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._message(number, text, reply_to={"mid": to})

    def album(self) -> list[Payload]:
        urls = [self.file(f"{number}.png", self.content_of("IMAGE")) for number in range(2)]
        return [self._message(1, attachments=[attachment("image", url) for url in urls])]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return self._between(message_edit={"mid": f"{self.prefix}{number}", "text": text, "num_edit": 1})

    def press(self, payload: str, text: str) -> Payload:
        return self._between(postback={"mid": f"{self.prefix}press", "payload": payload, "title": text})

    def reaction(self, emoji: str, *, to: str) -> Payload:
        return self._between(reaction={"mid": to, "action": "react", "emoji": emoji, "reaction": "other"})

    def echo(self, text: str) -> Payload:
        return echo(f"{self.prefix}echo", text, client=self.client, own=self.own_id)

    def receipt(self, state: str, *, of: str) -> Payload:
        watermark = (START + 60) * 1000
        if state == "DELIVERED":
            return self._between(delivery={"mids": [of], "watermark": watermark})
        return self._between(read={"watermark": watermark})

    def unknown(self) -> Payload:
        return self._message(1, attachments=[{"type": "hologram", "payload": {"depth": 3}}])

    def of_no_interest(self) -> list[Payload]:
        handover = self._between(pass_thread_control={"new_owner_app_id": "1", "metadata": ""})
        return [*super().of_no_interest(), handover, self._between(optin={"type": "notification_messages"})]

    @property
    def chat(self) -> str:
        return self.client

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                external_id=sent.id, text=sent.text, kind=sent.kind, buttons=sent.buttons, file_name=sent.name,
                content=sent.content,
            )
            for sent in self.world.sent
        ]  # fmt: skip

    def typing_seen(self) -> bool:
        return self.client in self.world.typing

    def read_seen(self) -> str:
        return self.world.seen.get(self.client, "")


DRIVER = MessengerDriver
