"""A simulated MAX, written after its documentation: one bot, the dialog with Anna, uploads, subscriptions, polling."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.providers.simulator import Answer, Fault, Simulator

Fields = dict[str, Any]

ANNA: Fields = {
    "user_id": 700, "first_name": "Anna", "last_name": "Petrova", "username": "anna_p", "is_bot": False,
    "last_activity_time": 1790000000000,
}  # fmt: skip
BOT: Fields = {
    "user_id": 1, "first_name": "Loft", "username": "loft_bot", "is_bot": True, "last_activity_time": 1790000000000,
}  # fmt: skip
CHAT = 900
BORN = 1790000000000
LONGEST_TEXT, MOST_BUTTONS, MOST_ROWS, MOST_IN_ROW = 4000, 210, 30, 7


@dataclass
class Said:
    mid: str
    text: str
    attachments: list[Fields] = field(default_factory=list)
    link: Fields | None = None


class MaxSimulator(Simulator):
    weather_paths = ("/messages", "/answers", "/updates", "/uploads", "/me")

    def __init__(self, token: str = "max-token-of-the-loft-bot") -> None:
        super().__init__()
        self.token = token
        self.is_blocked = False
        self.said: dict[str, Said] = {}
        self.updates: list[Fields] = []
        self.subscriptions: list[Fields] = []
        self.actions: list[str] = []
        self.answered: list[str] = []
        self.uploads: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    # What Anna does.

    def message(self, text: str | None = None, **fields: Any) -> Fields:
        """An update with a message of hers; ``attachments`` and ``link`` as MAX words them."""
        number = next(self._numbers)
        link = fields.pop("link", None)
        body = {
            "mid": f"mid.{number:024x}",
            "seq": 112233445566778000 + number,
            "text": text,
            "attachments": [],
        } | fields
        message: Fields = {
            "sender": ANNA,
            "recipient": {"chat_id": CHAT, "chat_type": "dialog", "user_id": BOT["user_id"]},
            "timestamp": BORN + number,
            "body": body,
        }
        if link:
            message["link"] = link
        return {"update_type": "message_created", "timestamp": BORN + number, "user_locale": "ru", "message": message}

    def happens(self, update_type: str, **fields: Any) -> Fields:
        return {"update_type": update_type, "timestamp": BORN + next(self._numbers)} | fields

    def file(self, content: bytes) -> str:
        """An address at MAX where the content can be fetched."""
        name = f"f{next(self._numbers)}"
        self.files[name] = content
        return f"{self.base_url}/files/{name}"

    def queue(self, update: Fields) -> None:
        with self.lock:
            self.updates.append(update)

    # What a bot asks.

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/me", self._guarded(self._me)),
            web.get("/updates", self._guarded(self._get_updates)),
            web.get("/subscriptions", self._guarded(self._get_subscriptions)),
            web.post("/subscriptions", self._guarded(self._subscribe)),
            web.delete("/subscriptions", self._guarded(self._unsubscribe)),
            web.post("/messages", self._guarded(self._send)),
            web.put("/messages", self._guarded(self._edit)),
            web.delete("/messages", self._guarded(self._delete)),
            web.post("/answers", self._guarded(self._answer)),
            web.post("/uploads", self._guarded(self._upload_url)),
            web.post("/chats/{chat}/actions", self._guarded(self._action)),
            web.post("/upload/{token}", self._upload),
            web.get("/files/{name}", self._file),
        ]

    def _guarded(self, handler: Any) -> Any:
        async def guarded(request: web.Request) -> Answer:
            if request.headers.get("Authorization") != self.token:
                return _refused(401, "verify.token", "Invalid access_token")
            answer: Answer = await handler(request)
            return answer

        return guarded

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        if fault.kind == "permanent":
            return _refused(400, "proto.payload", "The message is not to our liking")
        if fault.kind == "not_ready":
            return _refused(400, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed")
        return None

    async def _me(self, request: web.Request) -> Answer:
        return web.json_response(BOT)

    async def _get_updates(self, request: web.Request) -> Answer:
        if self.subscriptions:
            return _refused(400, "proto.payload", "Webhook is active")
        marker = int(request.query.get("marker", "0"))
        wanted = self.updates[marker : marker + int(request.query.get("limit", "100"))]
        return web.json_response({"updates": wanted, "marker": marker + len(wanted)})

    async def _get_subscriptions(self, request: web.Request) -> Answer:
        shown = [{k: v for k, v in one.items() if k != "secret"} | {"time": BORN} for one in self.subscriptions]
        return web.json_response({"subscriptions": shown})

    async def _subscribe(self, request: web.Request) -> Answer:
        wish = await request.json()
        if not wish["url"].startswith("https://") or not 5 <= len(wish.get("secret", "")) <= 256:
            return _refused(400, "proto.payload", "Bad subscription")
        self.subscriptions = [one for one in self.subscriptions if one["url"] != wish["url"]] + [wish]
        return web.json_response({"success": True})

    async def _unsubscribe(self, request: web.Request) -> Answer:
        self.subscriptions = [one for one in self.subscriptions if one["url"] != request.query["url"]]
        return web.json_response({"success": True})

    async def _send(self, request: web.Request) -> Answer:
        if self.is_blocked:
            return _refused(403, "chat.denied", "Dialog is suspended by the user")
        if request.query.get("chat_id") != str(CHAT) and request.query.get("user_id") != str(ANNA["user_id"]):
            return _refused(404, "chat.not.found", "Chat not found")
        body = await request.json()
        if problem := self._problem(body):
            return _refused(400, "proto.payload", problem)
        number = next(self._numbers)
        said = Said(f"mid.{number:024x}", body.get("text") or "", body.get("attachments") or [], body.get("link"))
        with self.lock:
            self.said[said.mid] = said
        return web.json_response({"message": self._as_message(said, number)})

    def _problem(self, body: Fields) -> str:
        attachments = body.get("attachments") or []
        rows = [row for one in attachments if one["type"] == "inline_keyboard" for row in one["payload"]["buttons"]]
        media = [one for one in attachments if one["type"] != "inline_keyboard"]
        if len(body.get("text") or "") > LONGEST_TEXT:
            return "Text is too long"
        if not body.get("text") and not attachments:
            return "Message is empty"
        if len(rows) > MOST_ROWS or any(len(row) > MOST_IN_ROW for row in rows) or sum(map(len, rows)) > MOST_BUTTONS:
            return "Too many buttons"
        alone = [one for one in media if one["type"] in ("audio", "file")]
        if alone and (len(media) > 1 or body.get("text")):
            return "Audio and files stand alone"
        tokens = [token for one in media for token in _tokens(one)]
        return "" if len(media) <= 12 and all(token in self.uploads for token in tokens) else "Unknown attachment"

    def _as_message(self, said: Said, number: int) -> Fields:
        return {
            "sender": BOT,
            "recipient": {"chat_id": CHAT, "chat_type": "dialog", "user_id": ANNA["user_id"]},
            "timestamp": BORN + number,
            "body": {"mid": said.mid, "seq": 1 + number, "text": said.text, "attachments": []},
        }

    async def _edit(self, request: web.Request) -> Answer:
        said = self.said.get(request.query["message_id"])
        if said is None:
            return _refused(404, "message.not.found", "Message not found")
        body = await request.json()
        said.text = body.get("text") or ""
        if body.get("attachments") is not None:
            said.attachments = body["attachments"]
        return web.json_response({"success": True})

    async def _delete(self, request: web.Request) -> Answer:
        with self.lock:
            known = self.said.pop(request.query["message_id"], None)
        return web.json_response({"success": True}) if known else _refused(404, "message.not.found", "Not found")

    async def _answer(self, request: web.Request) -> Answer:
        self.answered.append(request.query["callback_id"])
        return web.json_response({"success": True})

    async def _action(self, request: web.Request) -> Answer:
        self.actions.append((await request.json())["action"])
        return web.json_response({"success": True})

    async def _upload_url(self, request: web.Request) -> Answer:
        token = f"token-{next(self._numbers)}"
        answer = {"url": f"{self.base_url}/upload/{token}?type={request.query['type']}"}
        if request.query["type"] in ("video", "audio"):
            answer["token"] = token
        return web.json_response(answer)

    async def _upload(self, request: web.Request) -> Answer:
        upload = (await request.post())["data"]
        assert isinstance(upload, web.FileField)
        token = request.match_info["token"]
        self.uploads[token] = upload.file.read()
        if request.query["type"] == "image":
            return web.json_response({"photos": {"0": {"token": token}}})
        if request.query["type"] == "file":
            return web.json_response({"fileId": 1, "token": token})
        return web.Response(text="<retval>1</retval>")

    async def _file(self, request: web.Request) -> Answer:
        content = self.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)


def _tokens(attachment: Fields) -> list[str]:
    payload = attachment["payload"]
    return [one["token"] for one in payload["photos"].values()] if "photos" in payload else [payload["token"]]


def _refused(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status)
