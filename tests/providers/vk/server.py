"""The simulated VKontakte over HTTP: methods, upload servers, files, long polls."""

import asyncio
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from tests.providers.simulator import Answer, Fault, Simulator, running
from tests.providers.vk.delivery import CallbackMethods, Deliveries
from tests.providers.vk.methods import Methods
from tests.providers.vk.model import VERSION, Fields, Person, Refused, World
from tests.providers.vk.people import PersonHandle
from tests.providers.vk.uploads import Uploads

# Faults by name, as VKontakte's codes.
CODES = {
    "blocked": 901, "token": 5, "window": 950, "permanent": 100, "flood": 9, "captcha": 14, "limit": 29, "server": 10,
    "rights": 15,
}  # fmt: skip
FIRST_OF_ONE_RECIPIENT = 900
LOOK_SECONDS = 0.02
CAPITAL = re.compile("[A-Z]")


class VkSimulator(Simulator):
    weather_paths = ("/method/", "/upload/", "/lp/")

    def __init__(self, *, retry_seconds: float = 0.05) -> None:
        super().__init__()
        self.world = World()
        self.deliveries = Deliveries(self.world, retry_seconds=retry_seconds)
        self.uploads = Uploads(self.world, lambda: self.base_url)
        callbacks = CallbackMethods(self.world, self.deliveries, lambda: self.base_url)
        self._methods = [Methods(self.world, self.emit, lambda: self.base_url), callbacks, self.uploads]

    # For tests.

    def person(self, first_name: str = "Anna", last_name: str = "Petrova", **fields: Any) -> PersonHandle:
        with self.lock:
            person = Person(7000 + self.world.number(), first_name, last_name, **fields)
            self.world.people[person.id] = person
        return PersonHandle(self, person)

    def emit(self, kind: str, value: Fields) -> Fields:
        """Something happened: whoever asked for such events is told."""
        event = {
            "type": kind, "object": value, "group_id": self.world.group_id, "event_id": secrets.token_hex(20),
            "v": VERSION,
        }  # fmt: skip
        with self.lock:
            self.world.history.append(event)
        self.deliveries.send(event)
        return event

    def emit_again(self, event: Fields) -> None:
        """VKontakte was not sure that it was heard."""
        self.deliveries.send(event)

    def forget_history(self, *, key: bool = False) -> None:
        """Long polls that come later than this have missed something; or their key is over."""
        with self.lock:
            if key:
                self.world.long_poll_key = f"key-{self.world.number()}"
            else:
                self.world.forgotten += len(self.world.history)
                self.world.history.clear()

    # For connectors.

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/method/{name}", self._method),
            web.get("/method/{name}", self._method),
            web.post("/upload/{kind}", self.uploads.take),
            web.get("/files/{name}", self._file),
            web.get("/lp/{group}", self._long_poll),
        ]

    async def _method(self, request: web.Request) -> Answer:
        asked = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
        try:
            with self.lock:
                return web.json_response({"response": self._called(request.match_info["name"], asked)})
        except Refused as refusal:
            return self._refused(refusal.code, refusal.words, asked)
        except (LookupError, TypeError, ValueError):
            return self._refused(100, Refused(100).words, asked)

    def _called(self, name: str, asked: dict[str, str]) -> Any:
        """Raises ``Refused``."""
        spelled = CAPITAL.sub(lambda found: f"_{found[0].lower()}", name.replace(".", "_"))
        method = next((getattr(part, spelled) for part in self._methods if hasattr(part, spelled)), None)
        if method is None or spelled.startswith("_"):
            raise Refused(3, "Unknown method passed")
        if "v" not in asked:
            raise Refused(8, "Invalid request: v (version) is required")
        if asked.get("access_token") not in (self.world.group_token, self.world.user_token):
            raise Refused(5)
        return method(asked)

    @staticmethod
    def _refused(code: int, words: str, asked: dict[str, str]) -> Answer:
        told = [{"key": key, "value": value} for key, value in asked.items() if key != "access_token"]
        return web.json_response({"error": {"error_code": code, "error_msg": words, "request_params": told}})

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        code = CODES.get(fault.kind)
        if code is None:
            return None
        if code >= FIRST_OF_ONE_RECIPIENT and request.path.endswith("messages.send"):
            said = {"peer_id": 1, "error": {"code": code, "description": Refused(code).words}}
            return web.json_response({"response": [said]})
        return self._refused(code, Refused(code).words, {})

    def too_many(self, fault: Fault, request: web.Request) -> Answer:
        return self._refused(6, Refused(6).words, {})

    async def _file(self, request: web.Request) -> Answer:
        name = request.match_info["name"]
        if name.startswith("photo-"):
            person = self.world.people.get(int(name.removeprefix("photo-").partition(".")[0]))
            return web.Response(body=person.photo if person else b"", content_type="image/jpeg")
        if name not in self.world.files:
            return web.Response(status=404)
        content, mime = self.world.files[name]
        return web.Response(body=content, content_type=mime)

    async def _long_poll(self, request: web.Request) -> Answer:
        world, asked = self.world, request.query
        if asked.get("act") != "a_check" or asked.get("key") != world.long_poll_key:
            return web.json_response({"failed": 2})
        waited, ts = 0.0, int(asked["ts"])
        if ts < world.forgotten:
            return web.json_response({"failed": 1, "ts": str(world.forgotten)})
        if ts > world.forgotten + len(world.history):
            return web.json_response({"failed": 3})
        while ts == world.forgotten + len(world.history) and waited < min(int(asked.get("wait", 25)), 90):
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        new = world.history[max(ts - world.forgotten, 0) :]
        updates = [event for event in new if event["type"] in world.long_poll_types]
        return web.json_response({"ts": str(world.forgotten + len(world.history)), "updates": updates})


@contextmanager
def simulated_vk(*, retry_seconds: float = 0.05) -> Iterator[VkSimulator]:
    simulator = VkSimulator(retry_seconds=retry_seconds)
    with running(simulator):
        try:
            yield simulator
        finally:
            simulator.deliveries.stop()
