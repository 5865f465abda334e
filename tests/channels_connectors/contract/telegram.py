"""Telegram, played by its simulator."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

import httpx
from PIL import Image

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload
from tests.providers.conftest import WEBHOOK_SECRET, a_picture
from tests.providers.telegram import BotHandle, TelegramSimulator, simulated_telegram

SECRET_HEADER = "x-telegram-bot-api-secret-token"
KINDS = {
    "": "TEXT", "photo": "IMAGE", "document": "FILE", "voice": "VOICE", "video": "VIDEO", "audio": "AUDIO",
    "sticker": "STICKER", "animation": "VIDEO",
}  # fmt: skip
CLIENTS_MEDIA = {
    "IMAGE": ("photo", "photo.png", "image/png"), "FILE": ("document", "bill.pdf", "application/pdf"),
    "VOICE": ("voice", "voice.oga", "audio/ogg"), "AUDIO": ("audio", "song.mp3", "audio/mpeg"),
    "VIDEO": ("video", "leg.mp4", "video/mp4"), "STICKER": ("sticker", "sticker.webp", "image/webp"),
}  # fmt: skip
PICTURE = a_picture(320)


class TelegramDriver(Driver):
    kind = "telegram"
    cannot: ClassVar[Mapping[str, str]] = {
        "delete_in": "Telegram does not tell bots of deletions",
        "typing_in": "Telegram does not tell bots who is typing",
        "receipts": "Telegram gives bots none",
        "batch": "a webhook brings one update at a time",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no window, so no templates",
        "read_out": "bots can't mark as read",
        "window": "no window: whoever pressed Start can be written to",
        "refresh": "tokens don't end",
    }

    def __init__(self, simulator: TelegramSimulator) -> None:
        self._simulator = simulator
        self._bot: BotHandle = simulator.add_bot(first_name="Loft")
        self._anna = self._bot.customer("Anna", photo=PICTURE, last_name="Petrova", username="anna_p")
        self._written: dict[int, Payload] = {}
        self._start = self._anna.writes("/start")

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["TelegramDriver"]:
        with simulated_telegram(retry_start=0.02, retry_limit=0.1) as simulator:
            yield cls(simulator)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"token": self._bot.token}, base_url=self._simulator.base_url,
            webhook_secret=WEBHOOK_SECRET, settings={"read_timeout": 0.5}, scope=f"telegram:{self._bot.id}",
        )  # fmt: skip

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, lambda: self._anna.writes(text))

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        named, name, mime = CLIENTS_MEDIA[kind]
        content = self.content_of(kind)
        return self._once(number, lambda: self._anna.sends_media(named, name, mime, content))

    def content_of(self, kind: str) -> bytes:
        return PICTURE if kind == "IMAGE" else f"content of a {kind}".encode()

    def location(self) -> Payload:
        return self._anna.shares_location(55.75, 37.61)

    def contact(self) -> Payload:
        return self._anna.shares_contact("+79161234567", "Anna", is_own=True)

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._once(number, lambda: self._anna.writes(text, reply_to=int(to)))

    def album(self) -> list[Payload]:
        return list(self._anna.sends_album(PICTURE, a_picture(80, 80)))

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return self._anna.edits(self._written[number]["message"]["message_id"], text)

    def press(self, payload: str, text: str) -> Payload:
        keyboard = {"inline_keyboard": [[{"text": text, "callback_data": payload}]]}
        url = f"{self._simulator.base_url}/bot{self._bot.token}/sendMessage"
        said = {"chat_id": self._anna.id, "text": "Choose", "reply_markup": keyboard}
        answer = httpx.post(url, json=said, trust_env=False)
        return self._anna.presses(answer.json()["result"]["message_id"], text)

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        return self._anna.unblocks() if is_reachable else self._anna.blocks()

    def reaction(self, emoji: str, *, to: str) -> Payload:
        return self._anna.reacts(int(to), emoji)

    def echo(self, text: str) -> Payload:
        """Of a business account, whose owner writes in the app."""
        connection = self._bot.customer("Olga", last_name="Orlova").lets_the_bot_answer()["business_connection"]
        return self._anna.writes_to_business(connection["id"], text, is_owner=True)

    def unknown(self) -> Payload:
        return self._anna.sends({"hologram": {"id": "1"}})

    def of_no_interest(self) -> list[Payload]:
        return [{"update_id": 5}, {"update_id": 6, "poll": {"id": "1"}}, {"update_id": 7, "something_new": {}}]

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events[-1:]
        return WebhookRequest(body=json.dumps(event).encode(), headers={SECRET_HEADER: WEBHOOK_SECRET})

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        genuine = self.request(*events)
        wrong: list[dict[str, str]] = [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: f"{WEBHOOK_SECRET}x"}]
        return [replace(genuine, headers=headers) for headers in wrong]

    @property
    def chat(self) -> str:
        return str(self._anna.id)

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                external_id=str(seen["message_id"]),
                text=seen["text"] or "",
                kind=KINDS[seen["kind"]],
                reply_to=str(seen["reply_to"] or ""),
                buttons=tuple(seen.get("buttons") or ()),
            )
            for seen in self._anna.received()
        ]

    def fail(self, how: str) -> None:
        faults = {"outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after", "permanent": "400"}
        if how == "blocked":
            self._anna.blocks()
        elif how == "token":
            self._bot.revoke_token()
        elif how == "flood":
            self._bot.flood(3)
        else:
            self._bot.fault(faults[how], method="sendMessage")

    def typing_seen(self) -> bool:
        return bool(self._bot.calls("sendChatAction"))

    def webhook(self) -> str:
        return str(self._bot.state()["webhook"])

    def lose_webhook(self) -> None:
        url = f"{self._simulator.base_url}/bot{self._bot.token}/deleteWebhook"
        assert httpx.post(url, trust_env=False).status_code == 200

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"token": "500:AAAAAAAAAAAAAAAAAAAAAAAA"})

    def write_for_poll(self, text: str) -> None:
        self._anna.writes(text)

    def is_photo(self, content: bytes) -> bool:
        return _is_jpeg(content)

    def is_content(self, kind: str, content: bytes) -> bool:
        return _is_jpeg(content) if kind == "IMAGE" else content == self.content_of(kind)

    def _once(self, number: int, does: Any) -> Payload:
        if number not in self._written:
            self._written[number] = does()
        return self._written[number]


def _is_jpeg(content: bytes) -> bool:
    """Telegram makes every picture anew."""
    return Image.open(io.BytesIO(content)).format == "JPEG"


DRIVER = TelegramDriver
