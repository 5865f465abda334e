"""VKontakte's community messages, played by their simulator."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.conftest import WEBHOOK_SECRET, a_picture
from tests.providers.vk import VkSimulator, simulated_vk
from tests.providers.vk.model import FIRST_DATE, Message

PICTURE = a_picture(320)
NAMES = {
    "IMAGE": "photo", "FILE": "doc", "VOICE": "audio_message", "AUDIO": "audio", "STICKER": "sticker",
}  # fmt: skip
KINDS = {"photo": "IMAGE", "doc": "FILE", "audio_message": "VOICE"}
FAULTS = {
    "flood": "429", "outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after",
    "window": "window", "permanent": "permanent",
}  # fmt: skip
LIKE = 4


class CommunityDriver(Driver):
    """What both kinds of a community share."""

    def __init__(self, simulator: VkSimulator) -> None:
        self.simulator = simulator
        self.world = simulator.world
        self.anna = simulator.person("Anna", "Petrova", photo=PICTURE)
        self.token = self.world.group_token
        self._done: dict[int, Payload] = {}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["CommunityDriver"]:
        with simulated_vk() as simulator, own_host_allowed(simulator.base_url):
            yield cls(simulator)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"token": self.token}, base_url=self.simulator.base_url,
            webhook_secret=WEBHOOK_SECRET, settings={"read_seconds": 0.5, "confirmation_code": self.world.code},
            scope=f"{self.kind}:{self.world.group_id}",
        )  # fmt: skip

    def once(self, number: int, does: Callable[[], Payload]) -> Payload:
        if number not in self._done:
            self._done[number] = does()
        return self._done[number]

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events[-1:]
        return WebhookRequest(body=json.dumps({**event, "secret": WEBHOOK_SECRET}).encode())

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        (event,) = events[-1:]
        right = {**event, "secret": WEBHOOK_SECRET}
        wrong = [
            dict(event),
            right | {"secret": f"{WEBHOOK_SECRET}x"},
            right | {"secret": ""},
            right | {"group_id": 556},
        ]
        return [WebhookRequest(body=json.dumps(body).encode()) for body in wrong]

    def of_no_interest(self) -> list[Payload]:
        common = {"group_id": self.world.group_id, "v": "5.199"}
        return [
            {"type": "group_join", "object": {"user_id": 1}, "event_id": "1", **common},
            {"type": "like_add", "object": {}, "event_id": "2", **common},
            {"type": "thought_of_next_year", "object": {"id": 1}, "event_id": "3", **common},
        ]

    def webhook(self) -> str:
        return next((server.url for server in self.world.servers), "")

    def lose_webhook(self) -> None:
        self.world.servers.clear()

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"token": "vk1.a.SomebodyElsesToken"})

    def is_photo(self, content: bytes) -> bool:
        return content == PICTURE

    def content_of(self, kind: str) -> bytes:
        return PICTURE if kind == "IMAGE" else f"content of a {kind}".encode()


class VkDriver(CommunityDriver):
    kind = "vk"
    cannot: ClassVar[Mapping[str, str]] = {
        "video": "VKontakte gives no file of a video: it arrives as a link",
        "contact": "VKontakte has no cards of people",
        "delete_in": "VKontakte does not tell of deletions",
        "batch": "a webhook brings one event at a time",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "VKontakte has none",
        "refresh": "keys of communities don't end",
    }

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self.once(number, lambda: self.anna.writes(text, date=FIRST_DATE + number))

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        return self.once(number, lambda: self.anna.sends(NAMES[kind], self.content_of(kind), text=caption))

    def location(self) -> Payload:
        return self.anna.shares_location(55.75, 37.61)

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self.once(number, lambda: self.anna.writes(text, reply_to=int(to)))

    def album(self) -> list[Payload]:
        pictures = [self.anna.attachment("photo", picture) for picture in (PICTURE, a_picture(80))]
        return [self.anna.writes(attachments=pictures)]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return self.anna.edits(self._done[number]["object"]["message"]["conversation_message_id"], text)

    def press(self, payload: str, text: str) -> Payload:
        button = {
            "action": {"type": "callback", "label": text, "payload": json.dumps({"button": payload, "label": text})}
        }
        question = self.anna.staff_write("Choose")["object"]["conversation_message_id"]
        asked = self.world.message(self.anna.id, question)
        assert asked is not None
        asked.keyboard = {"inline": True, "buttons": [[button]]}
        return self.anna.presses(question, text)

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        return self.anna.allows() if is_reachable else self.anna.denies()

    def typing_in(self) -> Payload:
        return self.anna.types()

    def reaction(self, emoji: str, *, to: str) -> Payload:
        return self.anna.reacts(int(to), {"👍": LIKE}[emoji])

    def echo(self, text: str) -> Payload:
        return self.anna.staff_write(text)

    def receipt(self, state: str, *, of: str) -> Payload:
        return self.anna.reads(int(of))

    def unknown(self) -> Payload:
        return self.anna.writes(attachments=[{"type": "hologram", "hologram": {"id": 1}}])

    @property
    def chat(self) -> str:
        return str(self.anna.id)

    @property
    def thread(self) -> Payload:
        return {"inline": True, "callback": True}

    def arrived(self) -> list[Arrived]:
        return [seen for message in self.anna.received() for seen in _seen(message)]

    def fail(self, how: str) -> None:
        if how == "blocked":
            self.anna.denies()
        elif how == "token":
            self.world.group_token = "vk1.a.AnotherTokenThanBefore"
        else:
            self.simulator.fault(FAULTS[how], path="messages.send", seconds=3)

    def typing_seen(self) -> bool:
        return self.anna.person.typing_seen > 0

    def read_seen(self) -> str:
        return str(self.anna.person.read_up_to)

    def write_for_poll(self, text: str) -> None:
        self.anna.writes(text)


def _seen(message: Message) -> list[Arrived]:
    labels = [b["action"]["label"] for row in (message.keyboard or {"buttons": []})["buttons"] for b in row]
    common = {"external_id": str(message.cmid), "reply_to": str(message.reply_to or ""), "buttons": tuple(labels)}
    kinds = [KINDS[attachment["type"]] for attachment in message.attachments] or ["TEXT"]
    return [
        Arrived(text="" if place else message.text, kind=kind, **common)  # type: ignore[arg-type]
        for place, kind in enumerate(kinds)
    ]


DRIVER = VkDriver
