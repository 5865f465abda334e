"""The server side: the REST API for the bot, callbacks to it, and what clients do."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import requests
from aiohttp import web

from tests.providers.simulator import Fault, Simulator
from tests.providers.viber.messages import (
    NOT_REGISTERED,
    NOT_SUBSCRIBED,
    Fields,
    Refused,
    SeenMessage,
    check_message,
    labels_of,
)

TOKEN = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f"
SIGNATURE = "X-Viber-Content-Signature"
ANNA: Fields = {
    "id": "01234567890A+/==", "name": "Anna Petrova", "avatar": "", "country": "RU", "language": "ru",
    "api_version": 10,
}  # fmt: skip
BORIS: Fields = {"id": "98765432109B+/==", "name": "Boris", "country": "DE", "language": "de", "api_version": 10}
# Viber repeats a callback about so often at once; then every minute, which no test waits for.
TRIES = 3
INVALID_URL, INVALID_TOKEN, BAD_DATA, TOO_MANY = 1, 2, 3, 12
EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
FAULTS = {
    "blocked": (NOT_SUBSCRIBED, "notSubscribed"),
    "token": (INVALID_TOKEN, "invalidAuthToken"),
    "flood": (TOO_MANY, "tooManyRequests"),
    "permanent": (BAD_DATA, "badData"),
}


class ViberSimulator(Simulator):
    """``calls_back`` is off for tests whose webhook is an address without anybody behind it."""

    weather_paths = ("/pa/",)

    def __init__(self, *, token: str = TOKEN, calls_back: bool = True) -> None:
        super().__init__()
        self.url_path = "/pa"
        self.token, self.calls_back = token, calls_back
        self.webhook, self.event_types, self.settings = "", list(EVENTS), {"send_name": False, "send_photo": False}
        self.users: dict[str, Fields] = {user["id"]: user for user in (ANNA, BORIS)}
        self.subscribers: set[str] = {ANNA["id"]}
        self.seen: list[SeenMessage] = []
        self.tracking: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self._tokens = itertools.count(5_700_000_000_000_000_001)

    # What the bot asks.

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/pa/{method}", self._called), web.get("/files/{name}", self._served)]

    def refusal(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        return _status(*FAULTS[fault.kind]) if fault.kind in FAULTS else None

    async def _served(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _called(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            fields = json.loads(body)
        except ValueError:
            return _status(BAD_DATA, "badData")
        if self.token not in (request.headers.get("X-Viber-Auth-Token"), fields.get("auth_token")):
            return _status(INVALID_TOKEN, "invalidAuthToken")
        answer = getattr(self, f"_on_{request.match_info['method']}", None)
        if answer is None:
            return web.Response(status=404)
        try:
            return web.json_response({"status": 0, "status_message": "ok", **await answer(fields, len(body))})
        except Refused as refused:
            return _status(refused.status, str(refused))

    async def _on_get_account_info(self, _fields: Fields, _size: int) -> Fields:
        return {
            "id": "pa:75346594275468546724", "name": "Loft", "uri": "loft", "icon": "https://example.com/loft.png",
            "webhook": self.webhook, "event_types": self.event_types, "subscribers_count": len(self.subscribers),
        }  # fmt: skip

    async def _on_set_webhook(self, fields: Fields, _size: int) -> Fields:
        url = fields.get("url", "")
        if url and self.calls_back and not await self._answers(url):
            raise Refused(INVALID_URL, "invalidUrl")
        with self.lock:
            self.webhook = url
            self.event_types = ["message", *fields.get("event_types", EVENTS)]
            self.settings = {name: bool(fields.get(name)) for name in ("send_name", "send_photo")}
        return {"event_types": self.event_types}

    async def _answers(self, url: str) -> bool:
        """Viber calls the address before it believes in it."""
        body = json.dumps({"event": "webhook", "timestamp": _now(), "message_token": next(self._tokens)}).encode()
        try:
            async with aiohttp.ClientSession() as session:
                answer = await session.post(url, data=body, headers={SIGNATURE: self.signature(body)})
        except aiohttp.ClientError:
            return False
        return answer.status == 200

    async def _on_get_user_details(self, fields: Fields, _size: int) -> Fields:
        user = self.users.get(fields.get("id", ""))
        if user is None:
            raise Refused(NOT_REGISTERED, "receiverNotRegistered")
        return {"user": {**user, "primary_device_os": "iOS 19", "viber_version": "24.1"}}

    async def _on_get_online(self, fields: Fields, _size: int) -> Fields:
        users = [{"id": user, "online_status": 0, "online_status_message": "online"} for user in fields["ids"]]
        return {"users": users}

    async def _on_send_message(self, fields: Fields, size: int) -> Fields:
        check_message(fields, size)
        receiver = fields["receiver"]
        if receiver not in self.users:
            raise Refused(NOT_REGISTERED, "receiverNotRegistered")
        if receiver not in self.subscribers:
            raise Refused(NOT_SUBSCRIBED, "receiverNotSubscribed")
        token = next(self._tokens)
        self._show(SeenMessage(token, receiver, fields, await _fetched(fields.get("media", "")), labels_of(fields)))
        return {"message_token": token, "chat_hostname": "SN-CHAT-01", "billing_status": 1}

    def _show(self, message: SeenMessage) -> None:
        with self.lock:
            self.seen.append(message)
            self.tracking[message.receiver] = message.fields.get("tracking_data", "")

    # What clients do: each gives the callback, ``deliver`` brings it to the bot.

    def event(self, name: str, **fields: Any) -> dict[str, Any]:
        return {
            "event": name,
            "timestamp": _now(),
            "chat_hostname": "SN-376_",
            "message_token": next(self._tokens),
        } | fields

    def sends(self, message: Fields, *, user: Fields = ANNA) -> dict[str, Any]:
        """A client writes to the bot, and is a subscriber from then on."""
        with self.lock:
            self.subscribers.add(user["id"])
            tracked = self.tracking.get(user["id"], "")
        message = {**message, "tracking_data": tracked} if tracked else message
        return self.event("message", sender=self._shown(user), message=message, silent=False)

    def writes(self, text: str, *, user: Fields = ANNA) -> dict[str, Any]:
        return self.sends({"type": "text", "text": text}, user=user)

    def opens(self, *, context: str = "", user: Fields = ANNA) -> dict[str, Any]:
        fields = {"context": context} if context else {}
        is_known = user["id"] in self.subscribers
        return self.event("conversation_started", type="open", user=self._shown(user), subscribed=is_known, **fields)

    def subscribes(self, *, user: Fields = ANNA) -> dict[str, Any]:
        self.subscribers.add(user["id"])
        return self.event("subscribed", user=self._shown(user))

    def unsubscribes(self, *, user: Fields = ANNA) -> dict[str, Any]:
        self.subscribers.discard(user["id"])
        return self.event("unsubscribed", user_id=user["id"])

    def reports(self, name: str, message_token: int, *, user: Fields = ANNA, **fields: Any) -> dict[str, Any]:
        """``delivered``, ``seen`` or ``failed`` about a message of ours."""
        return self.event(name, user_id=user["id"], **fields) | {"message_token": message_token}

    def hosts(self, name: str, content: bytes) -> str:
        """Where a file that a client sends is for a while."""
        self.files[name] = content
        return f"{self.host}/files/{name}"

    @property
    def host(self) -> str:
        return self.base_url.removesuffix(self.url_path)

    def signature(self, body: bytes) -> str:
        return hmac.new(self.token.encode(), body, hashlib.sha256).hexdigest()

    def signed(self, payload: Fields) -> tuple[bytes, dict[str, str], str]:
        """Body, headers, query of a callback."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        return (
            body,
            {SIGNATURE: self.signature(body), "Content-Type": "application/json"},
            f"sig={self.signature(body)}",
        )

    def deliver(self, payload: Fields) -> list[requests.Response]:
        """As Viber does: once more, and once more, until it is answered with 200. A greeting in the answer is shown."""
        body, headers, query = self.signed(payload)
        answers: list[requests.Response] = []
        while len(answers) < TRIES and not (answers and answers[-1].status_code == 200):
            answers.append(requests.post(f"{self.webhook}?{query}", data=body, headers=headers, timeout=5))
        if payload["event"] == "conversation_started" and answers[-1].content not in (b"", b"ok"):
            self.greet(payload["user"]["id"], answers[-1].content)
        return answers

    def greet(self, user_id: str, body: bytes) -> None:
        """Raises ``Refused`` for a greeting that Viber would not show."""
        fields = json.loads(body)
        check_message(fields, len(body), is_welcome=True)
        self._show(SeenMessage(next(self._tokens), user_id, fields, keyboard=labels_of(fields)))

    def _shown(self, user: Fields) -> Fields:
        """Without ``send_name`` and ``send_photo`` the profile is empty."""
        asked = {"name": self.settings["send_name"], "avatar": self.settings["send_photo"]}
        hidden = {name for name, is_asked in asked.items() if self.webhook and not is_asked}
        return {name: value for name, value in self.users[user["id"]].items() if name not in hidden}


async def _fetched(url: str) -> bytes:
    """Viber fetches what a bot sends, and follows no redirects. Addresses beyond this machine are believed."""
    if urlsplit(url).hostname != "127.0.0.1":
        return b""
    async with aiohttp.ClientSession() as session, session.get(url, allow_redirects=False) as answer:
        if answer.status != 200:
            raise Refused(BAD_DATA, "media can't be fetched")
        return await answer.read()


def _status(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "status_message": message})


def _now() -> int:
    return int(time.time() * 1000)
