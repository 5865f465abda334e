"""The community's callback servers, and the methods that set them up: in order, again and again until they say ok."""

import queue
import threading
from collections.abc import Mapping
from typing import Any

import requests

from tests.providers.vk.model import CallbackServer, Fields, Refused, World

MOST_SERVERS, LONGEST_TITLE, LONGEST_SECRET = 10, 14, 50
MOST_FAILURES = 40
LOCAL = "http://127.0.0.1"
SETTINGS = {"group_id", "server_id", "api_version", "access_token", "v", "enabled"}


class Deliveries:
    """One thread for each server. ``retry_seconds`` between tries grow up to ten times of it."""

    def __init__(self, world: World, *, retry_seconds: float = 0.05) -> None:
        self._world = world
        self._retry_seconds = retry_seconds
        self._queues: dict[int, queue.Queue[Fields | None]] = {}
        self._stopped = threading.Event()
        self.attempts: list[tuple[str, int]] = []

    def stop(self) -> None:
        self._stopped.set()
        for waiting in self._queues.values():
            waiting.put(None)

    def send(self, event: Fields) -> None:
        for server in self._world.servers:
            if event["type"] in server.types:
                self._queue(server).put(event)

    def confirm(self, server: CallbackServer) -> None:
        self._queue(server).put({"type": "confirmation", "group_id": self._world.group_id})

    def wait_until_all_delivered(self, seconds: float = 20.0) -> None:
        finished = threading.Thread(target=self._join_all, daemon=True)
        finished.start()
        finished.join(seconds)
        assert not finished.is_alive(), "not everything was delivered"

    def _join_all(self) -> None:
        for waiting in list(self._queues.values()):
            waiting.join()

    def _queue(self, server: CallbackServer) -> queue.Queue[Fields | None]:
        if server.id not in self._queues:
            self._queues[server.id] = queue.Queue()
            threading.Thread(target=self._run, args=(server,), daemon=True).start()
        return self._queues[server.id]

    def _run(self, server: CallbackServer) -> None:
        waiting = self._queues[server.id]
        while (event := waiting.get()) is not None:
            # Nothing outside this machine is called.
            if server.url.startswith(LOCAL):
                self._deliver(server, event)
            waiting.task_done()

    def _deliver(self, server: CallbackServer, event: Fields) -> None:
        is_confirmation = event["type"] == "confirmation"
        expected = self._world.code if is_confirmation else "ok"
        for attempt in range(MOST_FAILURES):
            body = event | {"secret": server.secret_key} if server.secret_key else event
            said, pause = self._post(server, body, attempt)
            if said == expected:
                server.status = "ok"
                return
            if is_confirmation or server not in self._world.servers:
                break
            if self._stopped.wait(pause or self._retry_seconds * min(attempt + 1, 10)):
                return
        server.status = "failed"

    def _post(self, server: CallbackServer, body: Fields, attempt: int) -> tuple[str, float]:
        headers = {"X-Retry-Counter": str(attempt)} if attempt else {}
        self.attempts.append((str(body.get("event_id", "")), attempt))
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(server.url, json=body, headers=headers, timeout=10, allow_redirects=False)
        except requests.RequestException:
            return "", 0.0
        pause = float(answer.headers.get("Retry-After", 0)) if answer.status_code in (410, 429, 503) else 0.0
        return (answer.text.strip() if answer.status_code == 200 else ""), pause


class CallbackMethods:
    """``groups.…`` of callback servers and long polls."""

    def __init__(self, world: World, deliveries: Deliveries, base_url: Any) -> None:
        self._world = world
        self._deliveries = deliveries
        self._base_url = base_url

    def groups_get_callback_confirmation_code(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        return {"code": self._world.code}

    def groups_get_callback_servers(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        items = [
            {
                "id": s.id, "title": s.title, "creator_id": 9, "url": s.url, "secret_key": s.secret_key,
                "status": s.status,
            }
            for s in self._world.servers
        ]  # fmt: skip
        return {"count": len(items), "items": items}

    def groups_add_callback_server(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        self._check(asked)
        if len(self._world.servers) >= MOST_SERVERS:
            raise Refused(2000, "Servers number limit is reached")
        server = CallbackServer(self._world.number(), asked["url"], asked["title"], asked.get("secret_key", ""), "wait")
        self._world.servers.append(server)
        self._deliveries.confirm(server)
        return {"server_id": server.id}

    def groups_edit_callback_server(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        self._check(asked)
        server = self._server(asked)
        server.url, server.title, server.secret_key = asked["url"], asked["title"], asked.get("secret_key", "")
        server.status = "wait"
        self._deliveries.confirm(server)
        return 1

    def groups_delete_callback_server(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        self._world.servers.remove(self._server(asked))
        return 1

    def groups_set_callback_settings(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        self._switch(self._server(asked).types, asked)
        return 1

    def groups_set_long_poll_settings(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        self._switch(self._world.long_poll_types, asked)
        return 1

    def groups_get_long_poll_server(self, asked: Mapping[str, str]) -> Any:
        self._require(asked)
        ts = str(self._world.forgotten + len(self._world.history))
        return {"key": self._world.long_poll_key, "server": f"{self._base_url()}/lp/{self._world.group_id}", "ts": ts}

    def _switch(self, types: set[str], asked: Mapping[str, str]) -> None:
        for name in asked.keys() - SETTINGS:
            if asked[name] == "1":
                types.add(name)
            else:
                types.discard(name)

    def _check(self, asked: Mapping[str, str]) -> None:
        is_good = asked["url"].startswith(("http://", "https://"))
        is_short = 0 < len(asked["title"]) <= LONGEST_TITLE and len(asked.get("secret_key", "")) <= LONGEST_SECRET
        if not (is_good and is_short):
            raise Refused(100)

    def _server(self, asked: Mapping[str, str]) -> CallbackServer:
        for server in self._world.servers:
            if server.id == int(asked["server_id"]):
                return server
        raise Refused(2000, "Invalid server")

    def _require(self, asked: Mapping[str, str]) -> None:
        if asked.get("access_token") != self._world.group_token:
            raise Refused(5)
        if int(asked["group_id"]) != self._world.group_id or "manage" not in self._world.rights:
            raise Refused(15)
