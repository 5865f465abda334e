"""MAX, played by its simulator."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Payload
from tests.channels_connectors.contract.on_tamtam import TamTamDriver
from tests.providers.conftest import WEBHOOK_SECRET, a_picture
from tests.providers.max import ANNA, BORN, CHAT, MaxSimulator, Said

SECRET_HEADER = "x-max-bot-api-secret"
TYPES = {"IMAGE": "image", "FILE": "file", "VOICE": "audio", "VIDEO": "video", "STICKER": "sticker"}
KINDS = {"image": "IMAGE", "file": "FILE", "audio": "VOICE", "video": "VIDEO"}
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:79161234567\r\nFN:Anna\r\nEND:VCARD\r\n"


class MaxDriver(TamTamDriver[MaxSimulator]):
    kind = "max"
    simulator_class = MaxSimulator
    cannot: ClassVar[Mapping[str, str]] = {
        "audio": "music and voice are one kind at MAX: voice",
        "typing_in": "MAX does not tell bots who is typing",
        "reaction": "MAX does not tell bots of reactions in dialogs",
        "echo": "a bot has no other app that staff could write in",
        "receipts": "MAX gives bots none",
        "batch": "a webhook brings one update at a time",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no window, so no templates",
        "window": "no window: whoever pressed Start can be written to",
        "refresh": "tokens don't end",
        "unblocked_in": "who comes back presses Start again, which is a message",
    }

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"token": self._token}, base_url=self.simulator.base_url,
            webhook_secret=WEBHOOK_SECRET, settings={"read_seconds": 0.5}, scope="max:1",
        )  # fmt: skip

    @property
    def chat(self) -> str:
        return str(CHAT)

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, text)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        payload = {"token": "t", "url": self.simulator.file(self.content_of(kind))}
        return self._once(number, caption or None, attachments=[{"type": TYPES[kind], "payload": payload}])

    def location(self) -> Payload:
        place = {"type": "location", "latitude": 55.75, "longitude": 37.61}
        return self.simulator.message(None, attachments=[place])

    def contact(self) -> Payload:
        card = {"type": "contact", "payload": {"vcf_info": CARD, "max_info": ANNA}}
        return self.simulator.message(None, attachments=[card])

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._once(number, text, link={"type": "reply", "message": {"mid": to, "seq": 1, "text": "One"}})

    def album(self) -> list[Payload]:
        pictures = [{"type": "image", "payload": {"url": self.simulator.file(a_picture())}} for _ in range(2)]
        return [self.simulator.message(None, attachments=pictures)]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        message = self._written[number]["message"]
        return self.simulator.happens("message_edited", message=message | {"body": message["body"] | {"text": text}})

    def delete_in(self, *, number: int = 1) -> Payload:
        mid = self._written[number]["message"]["body"]["mid"]
        return self.simulator.happens("message_removed", message_id=mid, chat_id=CHAT, user_id=ANNA["user_id"])

    def press(self, payload: str, text: str) -> Payload:
        keyboard = {"type": "inline_keyboard", "payload": {"buttons": [[{"text": text, "payload": payload}]]}}
        message = self.simulator.message("Choose", attachments=[keyboard])["message"]
        callback = {"timestamp": 1790000000500, "callback_id": "cb-1", "payload": payload, "user": ANNA}
        return self.simulator.happens("message_callback", callback=callback, message=message, user_locale="ru")

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        return self.simulator.happens("bot_stopped", chat_id=CHAT, user=ANNA, user_locale="ru")

    def unknown(self) -> Payload:
        return self.simulator.message(None, attachments=[{"type": "hologram", "payload": {}}])

    def of_no_interest(self) -> list[Payload]:
        happens = self.simulator.happens
        return [
            happens("dialog_muted", chat_id=CHAT, user=ANNA), happens("chat_title_changed", chat_id=5, title="x"),
            happens("something_new"),
        ]  # fmt: skip

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events
        return WebhookRequest(body=json.dumps(event).encode(), headers={SECRET_HEADER: WEBHOOK_SECRET})

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        genuine = self.request(*events)
        wrong: list[dict[str, str]] = [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: f"{WEBHOOK_SECRET}x"}]
        return [replace(genuine, headers=headers) for headers in wrong]

    def arrived(self) -> list[Arrived]:
        return [seen for said in self.simulator.said.values() for seen in _as_seen(said)]

    def _mid_of(self, payload: Payload) -> str:
        return str(payload["message"]["body"]["mid"])

    def webhook(self) -> str:
        return ", ".join(one["url"] for one in self.simulator.subscriptions)

    def write_for_poll(self, text: str) -> None:
        self.simulator.queue(self.simulator.message(text))

    def is_photo(self, content: bytes) -> bool:
        return content == a_picture()

    def _once(self, number: int, text: str | None, **fields: Any) -> Payload:
        if number not in self._written:
            sender = ANNA | {"avatar_url": self.simulator.file(a_picture())}
            update = self.simulator.message(text, **fields)
            message = update["message"] | {"sender": sender, "timestamp": BORN + number * 1000}
            self._written[number] = update | {"message": message}
        return self._written[number]


def _as_seen(said: Said) -> list[Arrived]:
    """Once for every file of an album."""
    keyboards = [one for one in said.attachments if one["type"] == "inline_keyboard"]
    media = [KINDS[one["type"]] for one in said.attachments if one["type"] in KINDS]
    return [
        Arrived(
            external_id=said.mid,
            text=said.text,
            kind=kind,
            reply_to=(said.link or {}).get("mid", ""),
            buttons=tuple(b["text"] for one in keyboards for row in one["payload"]["buttons"] for b in row),
        )
        for kind in media or ["TEXT"]
    ]


DRIVER = MaxDriver
