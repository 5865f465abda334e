"""A simulated Odnoklassniki, written after apiok.ru: one group, its chat with Anna, uploads, subscriptions, polling."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.providers.simulator import Answer, Fault, Simulator

Fields = dict[str, Any]

CHAT, GROUP = "chat:C500", "group:55"
ANNA: Fields = {"user_id": "user:700", "name": "Anna Petrova"}
BORN = 1790000000000
LONGEST_TEXT, MOST_ATTACHMENTS = 4000, 5
EXACT_JSON = "application/json;charset=utf-8"


@dataclass
class Said:
    mid: str
    text: str
    attachments: list[Fields] = field(default_factory=list)
    reply_to: str = ""


class OkSimulator(Simulator):
    weather_paths = ("/me",)

    def __init__(self, token: str = "token-of-the-loft-group") -> None:
        super().__init__()
        self.url_path = "/graph"
        self.token = token
        self.is_blocked = False
        self.said: dict[str, Said] = {}
        self.updates: list[Fields] = []
        self.subscriptions: list[str] = []
        self.actions: list[str] = []
        self.answered: list[str] = []
        self.uploads: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    # What Anna does.

    def message(self, text: str = "", *, at: int = 0, **fields: Any) -> Fields:
        number = next(self._numbers)
        body = {"text": text, "seq": 112233445566778000 + number, "mid": f"mid:C500.{number:x}"} | fields
        return {
            "webhookType": "MESSAGE_CREATED", "sender": ANNA, "recipient": {"chat_id": CHAT}, "message": body,
            "timestamp": at or BORN + number,
        }  # fmt: skip

    def press(self, payload: str) -> Fields:
        number = next(self._numbers)
        return {
            "webhookType": "MESSAGE_CALLBACK", "sender": ANNA, "recipient": {"chat_id": CHAT}, "payload": payload,
            "callbackId": f"cb-{number}", "mid": "mid:C500.ff", "timestamp": BORN + number,
        }  # fmt: skip

    def file(self, content: bytes) -> str:
        """An address at the provider where the content can be fetched."""
        name = f"f{next(self._numbers)}"
        self.files[name] = content
        return f"{self.base_url.removesuffix(self.url_path)}/files/{name}"

    # What a group's bot asks.

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/graph/me/info", self._guarded(self._info)),
            web.get("/graph/me/updates", self._guarded(self._get_updates)),
            web.get("/graph/me/subscriptions", self._guarded(self._get_subscriptions)),
            web.post("/graph/me/subscribe", self._guarded(self._subscribe)),
            web.post("/graph/me/unsubscribe", self._guarded(self._unsubscribe)),
            web.get("/graph/me/fileUploadUrl", self._guarded(self._upload_url)),
            web.post("/graph/me/answer", self._guarded(self._answer)),
            web.post("/graph/me/messages/{chat}", self._guarded(self._send)),
            web.post("/graph/me/messages/{chat}/edit", self._guarded(self._edit)),
            web.post("/upload/{token}", self._upload),
            web.get("/files/{name}", self._file),
        ]

    def _guarded(self, handler: Any) -> Any:
        async def guarded(request: web.Request) -> Answer:
            if request.query.get("access_token") != self.token:
                return _refused(102, "PARAM_SESSION_EXPIRED : Session expired")
            if request.method == "POST" and request.headers.get("Content-Type") != EXACT_JSON:
                return _refused(100, "PARAM : Content-Type")
            answer: Answer = await handler(request)
            return answer

        return guarded

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        if fault.kind == "permanent":
            return _refused(100, "PARAM : the message is not to our liking")
        return None

    def too_many(self, fault: Fault, request: web.Request) -> Answer:
        return _refused(9, "EXECUTION_TIMEOUT : too many requests")

    async def _info(self, request: web.Request) -> Answer:
        return web.json_response({"user_id": GROUP, "name": "Loft"})

    async def _get_updates(self, request: web.Request) -> Answer:
        marker = int(request.query.get("marker", "0"))
        wanted = self.updates[marker : marker + int(request.query["count"])]
        return web.json_response({"updates": wanted, "marker": marker + len(wanted)})

    async def _get_subscriptions(self, request: web.Request) -> Answer:
        return web.json_response({"subscriptions": [{"url": url, "time": BORN} for url in self.subscriptions]})

    async def _subscribe(self, request: web.Request) -> Answer:
        url = (await request.json())["url"]
        self.subscriptions = [*(one for one in self.subscriptions if one != url), url]
        return web.json_response({"success": True})

    async def _unsubscribe(self, request: web.Request) -> Answer:
        url = (await request.json())["url"]
        self.subscriptions = [one for one in self.subscriptions if one != url]
        return web.json_response({"success": True})

    async def _send(self, request: web.Request) -> Answer:
        body = await request.json()
        if "sender_action" in body:
            self.actions.append(body["sender_action"])
            return web.json_response({"success": True})
        if self.is_blocked:
            return _refused(455, "BLOCKED : the user does not receive messages")
        if request.match_info["chat"] != CHAT:
            return _refused(300, "NOT_FOUND : no such chat")
        message = body["message"]
        if problem := self._problem(message):
            return _refused(100, f"PARAM : {problem}")
        mid = f"mid:C500.{next(self._numbers):x}"
        with self.lock:
            self.said[mid] = Said(
                mid, message.get("text", ""), message.get("attachments", []), message.get("reply_to", "")
            )
        return web.json_response({"success": True, "message_id": mid})

    def _problem(self, message: Fields) -> str:
        media = [one for one in message.get("attachments", ()) if one["type"] != "INLINE_KEYBOARD"]
        if len(message.get("text", "")) > LONGEST_TEXT:
            return "text is too long"
        if not message.get("text") and not media:
            return "message is empty"
        known = all(one["payload"]["token"] in self.uploads for one in media)
        return "" if known and len(media) <= MOST_ATTACHMENTS else "attachments"

    async def _edit(self, request: web.Request) -> Answer:
        body = await request.json()
        said = self.said.get(body["mid"])
        if said is None:
            return _refused(300, "NOT_FOUND : no such message")
        said.text = body["message"]["text"]
        said.attachments = body["message"].get("attachments", said.attachments)
        return web.json_response({"success": True})

    async def _answer(self, request: web.Request) -> Answer:
        self.answered.append((await request.json())["callbackId"])
        return web.json_response({"success": True})

    async def _upload_url(self, request: web.Request) -> Answer:
        base = self.base_url.removesuffix(self.url_path)
        return web.json_response({"url": f"{base}/upload/t{next(self._numbers)}"})

    async def _upload(self, request: web.Request) -> Answer:
        upload = (await request.post())["data"]
        assert isinstance(upload, web.FileField)
        token = request.match_info["token"]
        self.uploads[token] = upload.file.read()
        return web.json_response({"token": token})

    async def _file(self, request: web.Request) -> Answer:
        content = self.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)


def _refused(code: int, words: str) -> web.Response:
    """Refusals come with status 200, as the general API has them."""
    return web.json_response({"error_code": code, "error_msg": words})
