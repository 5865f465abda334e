"""A simulated Avito messenger: a shop, its offers, and buyers who write about them.

After Avito's API as its clients know it: what the shop writes comes to its webhook, too; a message can be taken back
for an hour; a chat is listed by when it last changed; pictures are sent in two steps.
"""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.providers.conftest import a_picture
from tests.providers.simulator import Answer, Fault, Simulator, running

CLIENT_ID, CLIENT_SECRET = "avito-client", "the-secret-of-the-shop"
SHOP, ANNA, BORIS = 94235311, 700, 701
NAMES = {SHOP: "Loft", ANNA: "Anna", BORIS: "Boris"}
LONGEST_TEXT, HOUR = 1000, 3600
LARGEST_PICTURE = 24 * 1024 * 1024
AVATAR_SIZES = ("128x128", "192x192", "24x24", "256x256", "36x36", "48x48", "64x64", "72x72", "96x96")
Fields = dict[str, Any]


@dataclass
class Chat:
    id: str
    buyer: int
    item: Fields
    created: int
    messages: list[Fields] = field(default_factory=list)

    @property
    def updated(self) -> int:
        return max((int(message["created"]) for message in self.messages), default=self.created)


class AvitoSimulator(Simulator):
    weather_paths = ("/messages", "/uploadImages", "/chats")

    def __init__(self) -> None:
        super().__init__()
        self.began = self.now = int(time.time())
        self.chats: dict[str, Chat] = {}
        self.subscriptions: list[str] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.uploaded: dict[str, str] = {}
        self.read_up_to = ""
        self.secret = CLIENT_SECRET
        self._tokens: set[str] = set()
        self.chat = self.open_chat("u2i-aBc~1", ANNA)

    # For tests: what buyers and the shop's own people do.

    def open_chat(self, identity: str, buyer: int, item_id: int = 555) -> Chat:
        item = {
            "id": item_id, "title": "Sofa", "price_string": "45 000 ₽", "status_id": 10, "user_id": SHOP,
            "url": f"https://avito.example.org/{item_id}",
            "images": {"count": 1, "main": {"140x105": "https://img.avito.example.org/sofa.jpg"}},
        }  # fmt: skip
        self.chats[identity] = Chat(identity, buyer, item, self.now)
        return self.chats[identity]

    def writes(
        self,
        kind: str = "text",
        *,
        author: int = ANNA,
        chat: Chat | None = None,
        quote: str = "",
        at: int = 0,
        **content: Any,
    ) -> Fields:
        """A message, and the notification of it; ``at`` so many seconds after the simulator began."""
        with self.lock:
            chat = chat or self.chat
            self.now = self.began + at if at else self.now + 1
            message: Fields = {
                "id": uuid.uuid4().hex, "author_id": author, "created": self.now, "type": kind, "content": content,
                "direction": "out" if author == SHOP else "in", "is_read": False, "read": None,
            }  # fmt: skip
            if quote:
                quoted = next(one for one in chat.messages if one["id"] == quote)
                message["quote"] = {name: quoted[name] for name in ("author_id", "content", "created", "id", "type")}
            chat.messages.append(message)
            return self.notification(message, chat)

    def notification(self, message: Fields, chat: Chat) -> Fields:
        names = ("id", "author_id", "created", "type", "content")
        value = {name: message[name] for name in names} | {
            "chat_id": chat.id, "user_id": SHOP, "chat_type": "u2i", "item_id": chat.item["id"],
            "published_at": "2026-09-20T10:00:00Z",
        }  # fmt: skip
        payload = {"type": "message", "value": value}
        return {"id": uuid.uuid4().hex, "version": "v3.0.0", "timestamp": self.now, "payload": payload}

    def takes_back(self, message_id: str) -> Fields:
        with self.lock:
            message = next(one for one in self.chat.messages if one["id"] == message_id)
            message |= {"type": "deleted", "content": {}}
            return self.notification(message, self.chat)

    def reads(self, message_id: str) -> Fields:
        with self.lock:
            message = next(one for one in self.chat.messages if one["id"] == message_id)
            message |= {"is_read": True, "read": self.now + 1}
            return message

    def file(self, content: bytes, mime: str) -> str:
        name = uuid.uuid4().hex
        self.files[name] = (content, mime)
        return f"{self.base_url}/files/{name}"

    def said(self) -> list[Fields]:
        """What the shop has said and not taken back, oldest first."""
        return [one for one in self.chat.messages if one["author_id"] == SHOP and one["type"] != "deleted"]

    def revoke(self) -> None:
        self.secret = "another one"
        self._tokens.clear()

    def forget_tokens(self) -> None:
        self._tokens.clear()

    # The provider.

    def routes(self) -> list[web.RouteDef]:
        chats, chat = "accounts/{user}/chats", "accounts/{user}/chats/{chat}"
        return [
            web.post("/token", self._token),
            web.get("/core/v1/accounts/self", self._self),
            web.get(f"/messenger/v2/{chats}", self._chats),
            web.get(f"/messenger/v2/{chat}", self._chat),
            web.get(f"/messenger/v3/{chat}/messages/", self._messages),
            web.post(f"/messenger/v1/{chat}/messages", self._say),
            web.post(f"/messenger/v1/{chat}/messages/image", self._show),
            web.post(f"/messenger/v1/{chat}/messages/{{message}}", self._delete),
            web.post(f"/messenger/v1/{chat}/read", self._read),
            web.post("/messenger/v1/accounts/{user}/uploadImages", self._upload),
            web.get("/messenger/v1/accounts/{user}/getVoiceFiles", self._voices),
            web.post("/messenger/v3/webhook", self._subscribe),
            web.post("/messenger/v1/webhook/unsubscribe", self._unsubscribe),
            web.post("/messenger/v1/subscriptions", self._subscriptions),
            web.get("/files/{name}", self._file),
        ]

    async def _token(self, request: web.Request) -> Answer:
        form = dict(await request.post())
        wanted = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": self.secret}
        if form != wanted:
            return web.json_response({"error": "invalid_client", "error_description": "unknown client"}, status=401)
        token = uuid.uuid4().hex
        self._tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": 86400, "token_type": "Bearer"})

    async def _self(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        me = {"id": SHOP, "name": "Loft", "email": "loft@example.org", "phone": "79160000000", "phones": []}
        return web.json_response(me | {"profile_url": "https://avito.example.org/user/loft"})

    async def _chats(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        limit, offset = int(request.query.get("limit", 100)), int(request.query.get("offset", 0))
        listed = sorted(self.chats.values(), key=lambda chat: -chat.updated)[offset : offset + limit]
        return web.json_response({"chats": [self._described(chat) for chat in listed]})

    async def _chat(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        return web.json_response(self._described(self.chats[request.match_info["chat"]]))

    def _described(self, chat: Chat) -> Fields:
        described = {
            "id": chat.id, "created": chat.created, "updated": chat.updated,
            "context": {"type": "item", "value": chat.item},
            "users": [self._user(SHOP, chat), self._user(chat.buyer, chat)],
        }  # fmt: skip
        if chat.messages:
            names = ("author_id", "content", "created", "direction", "id", "type")
            described["last_message"] = {name: chat.messages[-1][name] for name in names}
        return described

    def _user(self, identity: int, chat: Chat) -> Fields:
        avatar = f"{self.base_url}/files/avatar-{identity}"
        self.files.setdefault(f"avatar-{identity}", (a_picture(256, 256), "image/png"))
        return {
            "id": identity, "name": NAMES[identity],
            "public_user_profile": {
                "user_id": identity, "item_id": chat.item["id"], "url": f"https://avito.example.org/user/{identity}",
                "avatar": {"default": avatar, "images": dict.fromkeys(AVATAR_SIZES, avatar)},
            },
        }  # fmt: skip

    async def _messages(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        limit, offset = int(request.query.get("limit", 100)), int(request.query.get("offset", 0))
        if not 0 < limit <= 100:
            return _error(400, "limit is out of range")
        newest_first = self.chats[request.match_info["chat"]].messages[::-1]
        return web.json_response(newest_first[offset : offset + limit])

    async def _say(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        said = json.loads(await request.read())
        text = said["message"]["text"]
        if said.get("type") != "text" or not text or len(text) > LONGEST_TEXT:
            return _error(400, "message is too long")
        message = self._shop_says(request, "text", {"text": text})
        return web.json_response({name: message[name] for name in ("content", "created", "direction", "id", "type")})

    async def _show(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        url = self.uploaded.get(json.loads(await request.read())["image_id"])
        if url is None:
            return _error(400, "unknown image")
        message = self._shop_says(request, "image", {"image": {"sizes": {"1280x960": url, "140x105": url}}})
        names = ("author_id", "content", "created", "direction", "id", "type")
        return web.json_response({name: message[name] for name in names})

    def _shop_says(self, request: web.Request, kind: str, content: Fields) -> Fields:
        chat = self.chats[request.match_info["chat"]]
        self.writes(kind, author=SHOP, chat=chat, **content)
        return chat.messages[-1]

    async def _delete(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        for message in self.chats[request.match_info["chat"]].messages:
            if message["id"] == request.match_info["message"] and message["type"] != "deleted":
                if message["author_id"] != SHOP or self.now - message["created"] > HOUR:
                    return _error(400, "message can't be deleted")
                message |= {"type": "deleted", "content": {}}
                return web.json_response({})
        return _error(404, "message is not found")

    async def _read(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        theirs = [one for one in self.chats[request.match_info["chat"]].messages if one["author_id"] != SHOP]
        for message in theirs:
            message |= {"is_read": True, "read": self.now}
        self.read_up_to = theirs[-1]["id"] if theirs else ""
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        form = await request.post()
        files = form.getall("uploadfile[]")
        if len(files) != 1 or not isinstance(files[0], web.FileField):
            return _error(400, "exactly one image")
        content = files[0].file.read()
        if len(content) > LARGEST_PICTURE or not files[0].content_type.startswith("image/"):
            return _error(400, "not an image")
        image_id = uuid.uuid4().hex
        self.uploaded[image_id] = self.file(content, files[0].content_type)
        return web.json_response({image_id: {"1280x960": self.uploaded[image_id]}})

    async def _voices(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        links = {one: f"{self.base_url}/files/{one}" for one in request.query.getall("voice_ids")}
        return web.json_response({"voices_urls": links})

    async def _subscribe(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        url = json.loads(await request.read())["url"]
        self.subscriptions = [*(one for one in self.subscriptions if one != url), url]
        return web.json_response({"ok": True})

    async def _unsubscribe(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        url = json.loads(await request.read())["url"]
        self.subscriptions = [one for one in self.subscriptions if one != url]
        return web.json_response({"ok": True})

    async def _subscriptions(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        return web.json_response({"subscriptions": [{"url": url, "version": "3"} for url in self.subscriptions]})

    async def _file(self, request: web.Request) -> Answer:
        content, mime = self.files[request.match_info["name"]]
        return web.Response(body=content, content_type=mime)

    def _refused(self, request: web.Request) -> Answer | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return web.json_response({"result": {"message": "access token expired", "status": False}}, status=401)
        place = request.match_info
        if place.get("user", str(SHOP)) != str(SHOP):
            return _error(403, "no access to this account")
        if "chat" in place and place["chat"] not in self.chats:
            return _error(404, "chat is not found")
        return None

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        words = {"blocked": (403, "user is in the blacklist"), "plan": (402, "tariff does not include the API"),
                 "permanent": (400, "bad text")}  # fmt: skip
        return _error(*words[fault.kind]) if fault.kind in words else None


def _error(status: int, message: str) -> Answer:
    return web.json_response({"error": {"code": status, "message": message}}, status=status)


@contextmanager
def simulated_avito() -> Iterator[AvitoSimulator]:
    with running(AvitoSimulator()) as simulator:
        yield simulator
