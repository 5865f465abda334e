import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from common import threaded
from common.threaded import ThreadedWsgi

SCOPE = {
    "type": "http", "method": "POST", "path": "/a b/ю", "raw_path": b"/a%20b/", "root_path": "", "query_string": b"q=1",
    "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.2", 5000),
    "headers": [(b"content-type", b"text/plain"), (b"x-token", b"1"), (b"x-token", b"2")],
}  # fmt: skip


def called(application: Any, *parts: bytes, hangs_up: bool = False) -> list[dict[str, Any]]:
    """What the server was given to send."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if hangs_up:
        messages.append({"type": "http.disconnect"})
    else:
        messages.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(ThreadedWsgi(application, threads=1)(SCOPE, receive, send))
    return sent


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("X-Who", environ["HTTP_X_TOKEN"])])
    return [environ["PATH_INFO"].encode("latin-1"), environ["wsgi.input"].read(), b"!"]


def test_a_short_answer_goes_out_in_one_step():
    head, body = called(echo, b"Hel", b"lo")

    assert (head["status"], head["headers"]) == (200, [(b"content-type", b"text/plain"), (b"x-who", b"1,2")])
    assert (body["body"], body["more_body"]) == ("/a b/юHello!".encode(), False)


def test_a_long_request_is_read_to_its_end(monkeypatch):
    monkeypatch.setattr(threaded, "PIECE", 10)

    _head, *pieces = called(echo, b"0123456789" * 3, b"abc", b"defghijklmno")

    assert b"".join(piece["body"] for piece in pieces).endswith(b"0123456789" * 3 + b"abcdefghijklmno!")


def test_a_long_answer_goes_out_in_pieces_and_is_closed(monkeypatch):
    monkeypatch.setattr(threaded, "PIECE", 10)
    closed = threading.Event()

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"1234"] * 5)

        def close(self) -> None:
            closed.set()

    def long(environ: dict[str, Any], start: Callable[..., Any]) -> Parts:
        start("206 Partial Content", [])
        return Parts()

    head, *pieces = called(long)

    assert head["status"] == 206
    assert [(piece["body"], piece["more_body"]) for piece in pieces] == [(b"1234" * 3, True), (b"1234" * 2, False)]
    assert closed.is_set()


def test_an_empty_answer_is_an_answer():
    def nothing(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("204 No Content", [])
        return []

    head, body = called(nothing)

    assert (head["status"], body["body"], body["more_body"]) == (204, b"", False)


def test_who_hangs_up_before_all_was_said_takes_no_thread():
    def unwanted(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        raise AssertionError("nobody should be asked")

    assert called(unwanted, b"Hel", hangs_up=True) == []


def test_a_failure_reaches_the_server():
    def fail(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        called(fail)
