"""A bot in Teams, played by the simulated Bot Framework: of all its messengers the one that can most."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.botframework.payloads import short
from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload
from tests.providers.botframework import (
    ANNA,
    APP_ID,
    APP_SECRET,
    BOT,
    CONVERSATION,
    STRANGERS_KEY,
    BotFrameworkSimulator,
    inline_content,
    simulated_botframework,
)
from tests.providers.conftest import a_picture

MIMES = {
    "IMAGE": "image/png", "FILE": "application/pdf", "VOICE": "audio/ogg", "AUDIO": "audio/mpeg", "VIDEO": "video/mp4",
}  # fmt: skip
KINDS = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}


class BotFrameworkDriver(Driver):
    kind = "botframework"
    cannot: ClassVar[Mapping[str, str]] = {
        "voice": "a recording comes as any audio",
        "sticker": "messengers send stickers as pictures",
        "contact": "activities have no contact cards",
        "echo": "a bot has no other app that staff could write in",
        "receipts": "the protocol has none that all messengers give",
        "batch": "a webhook brings one activity at a time",
        "send_album": "each file is a message of its own",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "template": "no window, so no templates",
        "read_out": "bots can't mark as read",
        "window": "no window: a conversation that was begun can be written to",
        "webhook": "the address is entered in Azure by hand",
        "webhook_lost": "Azure can't be asked with a bot's own keys",
        "refresh": "the secret is renewed in Azure by hand; tokens are asked for as needed",
        "poll": "activities come by webhook only",
        "photo": "the protocol gives no pictures of people",
    }

    def __init__(self, simulator: BotFrameworkSimulator) -> None:
        self.simulator = simulator
        self._written: dict[int, Payload] = {}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["BotFrameworkDriver"]:
        with simulated_botframework() as simulator:
            yield cls(simulator)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1, credentials={"app_id": APP_ID, "app_secret": APP_SECRET}, scope=f"botframework:{APP_ID}",
            settings=self.simulator.settings | {"read_seconds": 0.5, "only": "msteams", "bot_name": "Loft"},
        )  # fmt: skip

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, text=text)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        url = self.simulator.file(self.content_of(kind), MIMES[kind])
        item = {"contentType": MIMES[kind], "contentUrl": url, "name": f"{kind.lower()}.bin"}
        return self._once(number, text=caption, attachments=[item])

    def content_of(self, kind: str) -> bytes:
        return a_picture() if kind == "IMAGE" else f"content of a {kind}".encode()

    def location(self) -> Payload:
        geo = {"type": "GeoCoordinates", "latitude": 55.75, "longitude": 37.61}
        return self.simulator.activity(entities=[{"type": "Place", "name": "Red Square", "geo": geo}])

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._once(number, text=text, replyToId=to)

    def album(self) -> list[Payload]:
        urls = [self.simulator.file(self.content_of("IMAGE"), "image/png") for _ in range(2)]
        items = [{"contentType": "image/png", "contentUrl": url} for url in urls]
        return [self.simulator.activity(attachments=items)]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return self.simulator.activity("messageUpdate", id=self._written[number]["id"], text=text)

    def delete_in(self, *, number: int = 1) -> Payload:
        return self.simulator.activity("messageDelete", id=self._written[number]["id"])

    def press(self, payload: str, text: str) -> Payload:
        return self.simulator.activity(text=text, value={"payload": payload, "title": text})

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        return self.simulator.activity("installationUpdate", action="add" if is_reachable else "remove")

    def typing_in(self) -> Payload:
        return self.simulator.activity("typing")

    def reaction(self, emoji: str, *, to: str) -> Payload:
        kinds = {"👍": "like"}
        return self.simulator.activity("messageReaction", replyToId=to, reactionsAdded=[{"type": kinds[emoji]}])

    def unknown(self) -> Payload:
        return self.simulator.activity(attachments=[{"contentType": "application/vnd.hologram", "content": {"id": 1}}])

    def of_no_interest(self) -> list[Payload]:
        return [
            self.simulator.activity("event", name="webchat/join"),
            self.simulator.activity("trace", name="trace"),
            self.simulator.activity("invoke", name="signin/verifyState", value={"state": "1"}),
            self.simulator.activity("conversationUpdate", membersAdded=[ANNA]),
            self.simulator.activity("something_new"),
        ]

    def request(self, *events: Payload) -> WebhookRequest:
        (activity,) = events[-1:]
        headers = {"authorization": self.simulator.authorization(activity)}
        return WebhookRequest(body=json.dumps(activity).encode(), headers=headers)

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        (activity,) = events[-1:]
        body = json.dumps(activity).encode()
        mint = self.simulator.authorization
        wrong = [
            "", "Bearer", "Bearer x", mint(activity)[:-4], mint(activity).removeprefix("Bearer "),
            mint(activity, key=STRANGERS_KEY), mint(activity, aud="another-bot"), mint(activity, aud=None),
            mint(activity, iss="https://sts.windows.net/x/"), mint(activity, exp=1_700_000_000),
            mint(activity, serviceurl="https://evil.example.org/"), mint(activity, serviceurl=None),
            mint(activity, key=self.simulator.keys[1]), mint(activity, algorithm="HS256"),
        ]  # fmt: skip
        return [WebhookRequest(body=body, headers={"authorization": header} if header else {}) for header in wrong]

    @property
    def chat(self) -> str:
        return short(f"msteams:{CONVERSATION['id']}")

    @property
    def thread(self) -> Mapping[str, Any]:
        return {
            "channel_id": "msteams", "service_url": self.simulator.service_url, "conversation": CONVERSATION,
            "bot": BOT, "user": ANNA, "locale": "en-US",
        }  # fmt: skip

    def arrived(self) -> list[Arrived]:
        return [_arrived(said.id, said.activity, said.reply_to) for said in self.simulator.said]

    def fail(self, how: str) -> None:
        faults = {"flood": "429", "outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after"}
        if how == "token":
            self.simulator.revoke()
        else:
            self.simulator.fault(faults.get(how, how), seconds=3)

    def typing_seen(self) -> bool:
        return self.simulator.typing_seen > 0

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"app_id": APP_ID, "app_secret": "a-wrong-secret"})

    def _once(self, number: int, **fields: Any) -> Payload:
        if number not in self._written:
            moment = f"2026-09-20T10:00:{number:02}.0000000Z"
            self._written[number] = self.simulator.activity(id=f"{number}:act|1", timestamp=moment, **fields)
        return self._written[number]


def _arrived(identity: str, activity: Mapping[str, Any], reply_to: str) -> Arrived:
    kind, content, name, buttons = "TEXT", b"", "", ()
    for item in activity.get("attachments", ()):
        if "content" in item:
            buttons = tuple(button["title"] for button in item["content"]["buttons"])
            continue
        kind = KINDS.get(item["contentType"].partition("/")[0], "FILE")
        content, name = inline_content(item["contentUrl"]), item["name"]
    kind = "VOICE" if name.endswith(".ogg") else kind
    return Arrived(
        external_id=identity, text=activity.get("text", ""), kind=kind, reply_to=reply_to, buttons=buttons,
        file_name=name, content=content,
    )  # fmt: skip


DRIVER = BotFrameworkDriver
