"""A simulated Bot Framework: Microsoft's keys and tokens, and the conversations of one bot in any messenger.

Follows microsoft/botframework-sdk's specifications: what a messenger can't do is refused as Azure refuses it, ids may
hold every character that an address gives a meaning, and each call is asked for a token that it gave.
"""

import base64
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.providers.simulator import Answer, Fault, Simulator, running

APP_ID, APP_SECRET = "11111111-2222-3333-4444-555555555555", "the-secret-of-the-bot"
ISSUER = "https://api.botframework.com"
LARGEST_ACTIVITY = 256 * 1024
BOT = {"id": "28:bot", "name": "Loft"}
ANNA = {"id": "29:1anna|x/y", "name": "Anna Petrova", "aadObjectId": "aad-anna"}
CONVERSATION = {"id": "a:1_q;messageid=3|B1/T1", "conversationType": "personal", "tenantId": "tenant", "isGroup": False}
EDITABLE = frozenset({"msteams"})
Fields = dict[str, Any]


@dataclass
class Said:
    """An activity of the bot's that a messenger shows."""

    id: str
    activity: Fields
    reply_to: str = ""


@dataclass
class SigningKey:
    id: str
    endorsements: list[str] | None
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def published(self) -> Fields:
        key = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        described = {"kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id, "n": key["n"], "e": key["e"]}
        return described if self.endorsements is None else described | {"endorsements": self.endorsements}


# Making keys takes long, and all that tests want of them is that they differ.
KEYS = [
    SigningKey("key-1", ["msteams", "directline", "webchat", "slack", "sms", "email", "skype", "kik", "groupme"]),
    SigningKey("key-2", ["directline"]),
    SigningKey("key-3", None),
]
STRANGERS_KEY = SigningKey("key-1", ["msteams"])


class BotFrameworkSimulator(Simulator):
    weather_paths = ("/v3/conversations",)

    def __init__(self, channel_id: str = "msteams") -> None:
        super().__init__()
        self.channel_id = channel_id
        self.keys = list(KEYS)
        self.said: list[Said] = []
        self.typing_seen = 0
        self.files: dict[str, tuple[bytes, str]] = {}
        self.secret = APP_SECRET
        self.lifetime = 3600
        self._tokens: set[str] = set()
        self._number = 0

    # For tests: what clients do, and how Microsoft vouches for it.

    @property
    def settings(self) -> Fields:
        """Where an account finds this Microsoft instead of the real one."""
        return {
            "metadata_url": f"{self.base_url}/v1/.well-known/openidconfiguration",
            "token_url": f"{self.base_url}/botframework.com/oauth2/v2.0/token",
        }

    @property
    def service_url(self) -> str:
        return f"{self.base_url}/"

    def activity(self, kind: str = "message", **fields: Any) -> Fields:
        self._number += 1
        activity = {
            "type": kind, "id": f"{self._number}:act|{self._number}", "timestamp": "2026-09-20T10:00:00.0000000Z",
            "channelId": self.channel_id, "serviceUrl": self.service_url, "from": dict(ANNA), "recipient": dict(BOT),
            "conversation": dict(CONVERSATION), "locale": "en-US", "channelData": {"tenant": {"id": "tenant"}},
        }  # fmt: skip
        if kind == "message":
            activity["textFormat"] = "plain"
        return activity | fields

    def authorization(
        self, activity: Mapping[str, Any], *, key: SigningKey | None = None, algorithm: str = "RS256",
        headers: Mapping[str, Any] | None = None, **claims: Any,
    ) -> str:  # fmt: skip
        """The header that Microsoft sends along; ``claims`` over the right ones, ``None`` leaves one out."""
        now, key = time.time(), key or self.keys[0]
        said = {
            "iss": ISSUER, "aud": APP_ID, "serviceurl": activity.get("serviceUrl"), "nbf": int(now) - 5,
            "exp": int(now) + 3600,
        } | claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        signed_with: Any = key.private if algorithm == "RS256" else "a secret of at least thirty-two bytes!"
        token = jwt.encode(said, signed_with, algorithm=algorithm, headers={"kid": key.id} | dict(headers or {}))
        return f"Bearer {token}"

    def file(self, content: bytes, mime: str) -> str:
        """A file that a client sent, only for who shows the bot's token."""
        name = uuid.uuid4().hex
        self.files[name] = (content, mime)
        return f"{self.base_url}/v3/attachments/{name}/views/original"

    def revoke(self) -> None:
        with self.lock:
            self.secret = "another one"
            self._tokens.clear()

    def forget_tokens(self) -> None:
        """They end sooner than was said."""
        with self.lock:
            self._tokens.clear()

    # The provider.

    def routes(self) -> list[web.RouteDef]:
        conversation = "/v3/conversations/{conversation}"
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._published_keys),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
            web.post(f"{conversation}/activities", self._say),
            web.post(f"{conversation}/activities/{{activity}}", self._say),
            web.put(f"{conversation}/activities/{{activity}}", self._change),
            web.delete(f"{conversation}/activities/{{activity}}", self._take_back),
            web.get(f"{conversation}/members", self._members),
            web.get("/v3/attachments/{name}/views/original", self._file),
        ]

    async def _metadata(self, request: web.Request) -> Answer:
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.example.com",
                "jwks_uri": f"{self.base_url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _published_keys(self, request: web.Request) -> Answer:
        return web.json_response({"keys": [key.published() for key in self.keys]})

    async def _token(self, request: web.Request) -> Answer:
        form = await request.post()
        wanted = {
            "grant_type": "client_credentials", "client_id": APP_ID, "client_secret": self.secret,
            "scope": "https://api.botframework.com/.default",
        }  # fmt: skip
        if dict(form) != wanted:
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        token = f"token-{uuid.uuid4().hex}"
        with self.lock:
            self._tokens.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token})

    async def _say(self, request: web.Request) -> Answer:
        if (refused := self._refused(request)) is not None:
            return refused
        body = await request.read()
        if len(body) > LARGEST_ACTIVITY:
            return _error(413, "MessageSizeTooBig", "Message size too large")
        activity = json.loads(body)
        if activity.get("type") == "typing":
            self.typing_seen += 1
            return web.json_response({"id": ""}, status=202)
        if activity.get("type") != "message" or not _says_something(activity):
            return _error(400, "BadSyntax", "Activity has neither text nor attachments")
        reply_to = request.match_info.get("activity", "")
        with self.lock:
            said = Said(f"1:{uuid.uuid4().hex}|b/{len(self.said)}", activity, reply_to)
            self.said.append(said)
        return web.json_response({"id": said.id}, status=201)

    async def _change(self, request: web.Request) -> Answer:
        if (refused := self._refused(request) or self._uneditable()) is not None:
            return refused
        for said in self.said:
            if said.id == request.match_info["activity"]:
                said.activity = json.loads(await request.read())
                return web.json_response({"id": said.id})
        return _error(404, "ActivityNotFoundInConversation", "No such activity")

    async def _take_back(self, request: web.Request) -> Answer:
        if (refused := self._refused(request) or self._uneditable()) is not None:
            return refused
        found = [said for said in self.said if said.id == request.match_info["activity"]]
        if not found:
            return _error(404, "ActivityNotFoundInConversation", "No such activity")
        self.said.remove(found[0])
        return web.json_response({})

    async def _members(self, request: web.Request) -> Answer:
        refused = self._refused(request)
        return refused if refused is not None else web.json_response([ANNA])

    async def _file(self, request: web.Request) -> Answer:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _error(401, "Unauthorized", "Authorization has been denied for this request.")
        content, mime = self.files[request.match_info["name"]]
        return web.Response(body=content, content_type=mime)

    def _refused(self, request: web.Request) -> Answer | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return web.json_response({"message": "Authorization has been denied for this request."}, status=401)
        if request.match_info["conversation"] != CONVERSATION["id"]:
            return _error(404, "ConversationNotFound", "Conversation not found.")
        return None

    def _uneditable(self) -> Answer | None:
        return None if self.channel_id in EDITABLE else _error(405, "MethodNotAllowed", "Not supported by the channel")

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        if fault.kind == "blocked":
            return _error(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
        if fault.kind == "permanent":
            return _error(400, "BadArgument", "Unknown attachment type")
        return None


def _says_something(activity: Fields) -> bool:
    return bool(activity.get("text") or activity.get("attachments") or activity.get("suggestedActions"))


def _error(status: int, code: str, message: str) -> Answer:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def inline_content(url: str) -> bytes:
    return base64.b64decode(url.partition("base64,")[2]) if url.startswith("data:") else b""


@contextmanager
def simulated_botframework(channel_id: str = "msteams") -> Iterator[BotFrameworkSimulator]:
    with running(BotFrameworkSimulator(channel_id)) as simulator:
        yield simulator
