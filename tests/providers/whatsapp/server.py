"""The Graph API as far as WhatsApp goes, and webhooks with their challenge and their repetitions."""

import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import requests
from aiohttp import web

from tests.providers.simulator import Fault, Simulator
from tests.providers.whatsapp.messages import (
    MEDIA,
    PAIR_RATE,
    UNDELIVERABLE,
    WINDOW,
    Fields,
    Refused,
    check_message,
    labels_of,
    shown_text,
)
from tests.providers.whatsapp.people import NUMBER_ID, SHOWN_NUMBER, WABA_ID, People

APP_ID, APP_SECRET = "670843887433847", "0123456789abcdef0123456789abcdef"
TOKEN = "EAAJB" + "x" * 60
SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"]
TRIES = 3
FAULTS = {
    "blocked": (UNDELIVERABLE, "Message Undeliverable."),
    "window": (WINDOW, "More than 24 hours have passed since the recipient last replied."),
    "token": (190, "Error validating access token"),
    "flood": (PAIR_RATE, "Too many messages sent from the sender phone number to the same recipient."),
    "permanent": (131009, "Parameter value is not valid"),
}
TEMPLATES = (
    ("order_ready", "en", "APPROVED", "UTILITY", "Hello {{1}}, your order {{2}} is ready."),
    ("order_ready", "ru", "APPROVED", "UTILITY", "Здравствуйте, {{1}}! Заказ {{2}} готов."),
    ("hello_world", "en_US", "APPROVED", "UTILITY", "Welcome!"),
    ("spring_sale", "en", "REJECTED", "MARKETING", "Buy, {{1}}!"),
)


@dataclass(frozen=True)
class SeenMessage:
    """A message of ours on the client's phone."""

    id: str
    to: str
    fields: Fields
    text: str = ""
    content: bytes = b""
    mime: str = ""
    buttons: tuple[str, ...] = field(default=())


class WhatsAppSimulator(Simulator):
    """``calls_back`` is off for tests whose webhook is an address without anybody behind it."""

    def __init__(self, *, calls_back: bool = True) -> None:
        super().__init__()
        self.calls_back, self.people, self.token = calls_back, People(), TOKEN
        self.app: dict[str, Any] = {}
        self.is_joined, self.override = False, ""
        self.files: dict[str, tuple[bytes, str]] = {}
        self.seen: list[SeenMessage] = []
        self.read: list[Fields] = []
        self.scopes = list(SCOPES)
        self.page_size = 2
        self.templates = [
            {
                "id": str(number), "name": name, "language": language, "status": status, "category": category,
                "parameter_format": "POSITIONAL", "components": [{"type": "BODY", "text": body}],
            }
            for number, (name, language, status, category, body) in enumerate(TEMPLATES)
        ]  # fmt: skip
        self._ids = itertools.count(1)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/files/{id}", self._served),
            web.route("*", "/{version}/{node}", self._called),
            web.route("*", "/{version}/{node}/{edge}", self._called),
        ]

    def refusal(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        if fault.kind not in FAULTS:
            return None
        return _refused(Refused(*FAULTS[fault.kind]))

    async def _served(self, request: web.Request) -> web.Response:
        """What the address of a medium gives, to whoever has the token."""
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        content, mime = self.files.get(request.match_info["id"], (None, ""))
        return web.Response(status=404) if content is None else web.Response(body=content, content_type=mime)

    async def _called(self, request: web.Request) -> web.Response:
        node, edge = request.match_info["node"], request.match_info.get("edge", "")
        try:
            self._admit(request, is_app=node in (APP_ID, "debug_token"))
            answer = await self._answer(request, node, edge)
        except Refused as refused:
            return _refused(refused)
        return web.json_response(answer)

    def _admit(self, request: web.Request, *, is_app: bool) -> None:
        """Raises ``Refused``. Calls may prove that they come from the app."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != (f"{APP_ID}|{APP_SECRET}" if is_app else self.token):
            raise Refused(190, "Invalid OAuth access token.", status=401)
        proof = request.query.get("appsecret_proof")
        expected = hmac.new(APP_SECRET.encode(), given.encode(), hashlib.sha256).hexdigest()
        if proof is not None and proof != expected:
            raise Refused(100, "Invalid appsecret_proof provided in the API argument")

    async def _answer(self, request: web.Request, node: str, edge: str) -> Any:
        if node == "debug_token":
            is_valid = request.query.get("input_token") == self.token
            return {"data": {"app_id": APP_ID, "is_valid": is_valid, "scopes": self.scopes if is_valid else []}}
        name = f"_{request.method.lower()}_{edge or 'node'}"
        handle = getattr(self, name, None)
        if handle is None:
            raise Refused(100, f"Unsupported {request.method.lower()} request")
        return await handle(request, node)

    # The number.

    async def _get_node(self, request: web.Request, node: str) -> Any:
        if node == NUMBER_ID:
            return {
                "id": node, "display_phone_number": f"+{SHOWN_NUMBER}", "verified_name": "Loft",
                "quality_rating": "GREEN", "throughput": {"level": "STANDARD"},
            }  # fmt: skip
        if node in self.files:
            content, mime = self.files[node]
            return {
                "messaging_product": "whatsapp", "id": node, "url": f"{self.base_url}/files/{node}", "mime_type": mime,
                "sha256": hashlib.sha256(content).hexdigest(), "file_size": len(content),
            }  # fmt: skip
        raise Refused(100, "Object does not exist", subcode=33)

    async def _get_phone_numbers(self, request: web.Request, node: str) -> Any:
        self._require_node(node, WABA_ID)
        return {"data": [{"id": NUMBER_ID, "display_phone_number": f"+{SHOWN_NUMBER}", "verified_name": "Loft"}]}

    async def _post_media(self, request: web.Request, node: str) -> Any:
        self._require_node(node, NUMBER_ID)
        form = await request.post()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            raise Refused(100, "messaging_product and file are required")
        with file.file as stream:
            return {"id": self.hosts(stream.read(), str(file.content_type))}

    async def _post_messages(self, request: web.Request, node: str) -> Any:
        self._require_node(node, NUMBER_ID)
        fields = await request.json()
        if fields.get("status") == "read":
            with self.lock:
                self.read.append(fields)
            return {"success": True}
        check_message(fields, files=self.files, templates=self.templates)
        kind, to = fields.get("type", "text"), str(fields.get("to") or fields["recipient"])
        content, mime = self.files[fields[kind]["id"]] if kind in MEDIA else (b"", "")
        text = "" if kind in ("location", "contacts", "reaction") else shown_text(fields, self.templates)
        message = SeenMessage(f"wamid.OUT{next(self._ids)}", to, fields, text, content, mime, labels_of(fields))
        with self.lock:
            self.seen.append(message)
        contact = {"input": to, "wa_id": str(fields.get("to", "")), "user_id": fields.get("recipient", "")}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message.id}]}

    async def _get_message_templates(self, request: web.Request, node: str) -> Any:
        """Page by page, however many are asked for."""
        self._require_node(node, WABA_ID)
        start = int(request.query.get("after") or 0)
        end = start + self.page_size
        cursors = {"before": str(start), "after": str(end)}
        more = {"next": f"{self.base_url}/next?after={end}"} if end < len(self.templates) else {}
        return {"data": self.templates[start:end], "paging": {"cursors": cursors, **more}}

    # Webhooks.

    async def _get_subscribed_apps(self, request: web.Request, node: str) -> Any:
        self._require_node(node, WABA_ID)
        app = {"whatsapp_business_api_data": {"id": APP_ID, "name": "Loft"}}
        return {"data": [app | ({"override_callback_uri": self.override} if self.override else {})] * self.is_joined}

    async def _post_subscribed_apps(self, request: web.Request, node: str) -> Any:
        self._require_node(node, WABA_ID)
        said = await _given(request)
        url = said.get("override_callback_uri", "")
        if url:
            await self._challenge(url, said.get("verify_token", ""))
        self.is_joined, self.override = True, url
        return {"success": True}

    async def _delete_subscribed_apps(self, request: web.Request, node: str) -> Any:
        self.is_joined, self.override = False, ""
        return {"success": True}

    async def _get_subscriptions(self, request: web.Request, node: str) -> Any:
        return {"data": [self.app] if self.app else []}

    async def _post_subscriptions(self, request: web.Request, node: str) -> Any:
        said = {**request.query, **(await _given(request))}
        await self._challenge(said["callback_url"], said.get("verify_token", ""))
        names = said["fields"].split(",") if isinstance(said["fields"], str) else said["fields"]
        fields = [{"name": name, "version": "v23.0"} for name in names]
        self.app = {"object": said["object"], "callback_url": said["callback_url"], "active": True, "fields": fields}
        return {"success": True}

    async def _delete_subscriptions(self, request: web.Request, node: str) -> Any:
        self.app = {}
        return {"success": True}

    async def _challenge(self, url: str, verify_token: str) -> None:
        if not self.calls_back:
            return
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "1158201444"}
        try:
            async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
                if answer.status == 200 and await answer.text() == "1158201444":
                    return
        except aiohttp.ClientError:
            pass
        raise Refused(2200, "Callback verification failed")

    def _require_node(self, node: str, expected: str) -> None:
        if node != expected:
            raise Refused(100, "Object does not exist", subcode=33)

    # For tests.

    def hosts(self, content: bytes, mime: str) -> str:
        with self.lock:
            media_id = str(1_000_000_000_000_000 + next(self._ids))
            self.files[media_id] = (content, mime)
        return media_id

    def signed(self, payload: Fields) -> tuple[bytes, dict[str, str]]:
        """As Meta writes it: what is not ASCII is escaped."""
        body = json.dumps(payload, separators=(",", ":")).encode()
        digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        return body, {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}

    def deliver(self, payload: Fields) -> list[int]:
        """Once more, and once more, until it is answered with 200."""
        body, headers = self.signed(payload)
        statuses: list[int] = []
        while len(statuses) < TRIES and 200 not in statuses:
            url = self.override or self.app["callback_url"]
            statuses.append(requests.post(url, data=body, headers=headers, timeout=5).status_code)
        return statuses


async def _given(request: web.Request) -> dict[str, Any]:
    """As JSON or as a form."""
    body = await request.read()
    if request.content_type == "application/json" and body:
        return dict(json.loads(body))
    return {name: str(value) for name, value in (await request.post()).items()}


def _refused(refused: Refused) -> web.Response:
    return web.json_response(refused.said(), status=refused.status)
