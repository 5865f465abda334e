"""A partner's program, played: it answers our webhook as its documentation asks, and signs what it brings."""

import json
import time
from typing import Any

from aiohttp import web

from channels_connectors.connector import WebhookRequest
from channels_connectors.custom.signing import signature
from tests.providers.simulator import Answer, Fault, Simulator

Fields = dict[str, Any]
SECRET = "secret-of-the-custom-channel"
TOLERANCE = 300


class PartnerSimulator(Simulator):
    def __init__(self) -> None:
        super().__init__()
        self.secret = SECRET
        self.said: dict[str, Fields] = {}
        self.others: list[Fields] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/openlines", self._hear), web.get("/files/{name}", self._file)]

    @property
    def address(self) -> str:
        return f"{self.base_url}/openlines"

    def signed(self, *events: Fields, secret: str = "", at: float | None = None) -> WebhookRequest:
        body = json.dumps({"events": events}).encode()
        timestamp = str(int(time.time() if at is None else at))
        headers = {
            "x-cc-timestamp": timestamp,
            "x-cc-signature": signature(secret or self.secret, timestamp, body),
            "content-type": "application/json",
        }
        return WebhookRequest(body=body, headers=headers)

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        refusals = {"blocked": (400, "blocked"), "window": (400, "window"), "permanent": (422, "no"), "gone": (410, "")}
        if fault.kind not in refusals:
            return None
        status, code = refusals[fault.kind]
        return web.json_response({"code": code, "message": "The partner refused"}, status=status)

    async def _hear(self, request: web.Request) -> Answer:
        body = await request.read()
        timestamp = request.headers["X-CC-Timestamp"]
        is_recent = abs(int(timestamp) - time.time()) <= TOLERANCE
        if not is_recent or request.headers["X-CC-Signature"] != signature(self.secret, timestamp, body):
            return web.Response(status=401)
        said = json.loads(body)
        with self.lock:
            return web.json_response(self._take(said))

    def _take(self, said: Fields) -> Fields:
        kind, message = said["type"], said.get("message", {})
        if kind == "message.created":
            # What comes again is known by its id.
            self.said.setdefault(message["id"], message)
            return {"message_id": f"p-{message['id']}"}
        if kind == "message.edited":
            self.said[said["message_id"].removeprefix("p-")] |= {"text": message["text"]}
        elif kind == "message.deleted":
            for external_id in said["message_ids"]:
                self.said.pop(external_id.removeprefix("p-"), None)
        else:
            self.others.append(said)
        return {}

    async def _file(self, request: web.Request) -> Answer:
        return web.Response(body=f"content of a {request.match_info['name']}".encode())
