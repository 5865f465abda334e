"""A webhook that takes what it is given, answers as told, and remembers both."""

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        # (status, headers, seconds before answering); when none is left: 200 at once.
        self.answers: deque[tuple[int, dict[str, str], float]] = deque()
        self.seconds_to_answer = 0.0
        self.most_at_once: Counter[int] = Counter()
        self._at_once: Counter[int] = Counter()
        self._lock = threading.Lock()

    def answer(self, status: int, *, headers: dict[str, str] | None = None, seconds: float = 0.0) -> None:
        self.answers.append((status, headers or {}, seconds))

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        chat_id = body.get("message", {}).get("chat", {}).get("id", 0)
        with self._lock:
            self.received.append(body)
            self.headers.append(headers)
            self._count(1, chat_id)
            if not self.answers:
                self.answer(200, seconds=self.seconds_to_answer)
            status, answer_headers, seconds = self.answers.popleft()
        time.sleep(seconds)
        with self._lock:
            self._count(-1, chat_id)
        return status, answer_headers

    def _count(self, change: int, chat_id: int) -> None:
        """How many requests are in hand, for each chat and (under 0) for all."""
        for key in {chat_id, 0}:
            self._at_once[key] += change
            self.most_at_once[key] = max(self.most_at_once[key], self._at_once[key])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer_headers = self.receiver.take(body, headers)
        self.send_response(status)
        for name, value in {"Content-Length": "0", **answer_headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Handler.receiver
    server.shutdown()
    server.server_close()
