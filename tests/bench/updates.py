"""What Telegram would send: updates as whole HTTP requests, ready to be written to a socket."""

import json
from collections.abc import Iterator
from itertools import count, islice

from tests.bench.http_calls import clock

WORDS = "hello world " * 10
STAMP = "sent:"
FIRST_CLIENT = 1_000_001
"""The chat of the first client at the provider; the others follow."""


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    fields = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def update(number: int, client: int) -> bytes:
    """A text message; its words begin with the moment at which it was made."""
    person = {"id": client, "first_name": f"Client {client}", "username": f"client_{client}"}
    message = {
        "message_id": number,
        "from": {**person, "is_bot": False, "language_code": "en"},
        "chat": {**person, "type": "private"},
        "date": 1_790_000_000,
        "text": f"{STAMP}{clock():.6f} {WORDS}",
    }
    return json.dumps({"update_id": number, "message": message}, separators=(",", ":")).encode()


def webhook_calls(hook: str, secret: str, *, clients: int, first: int, newcomer_every: int = 0) -> Iterator[bytes]:
    """Endless messages of ``clients`` in turn; each ``newcomer_every``-th is the first of somebody new."""
    for number in count(first):
        client = client_of(number, clients=clients, newcomer_every=newcomer_every)
        yield request("POST", hook, update(number, client), X_Telegram_Bot_Api_Secret_Token=secret)


def client_of(number: int, *, clients: int, newcomer_every: int) -> int:
    is_new = newcomer_every and number % newcomer_every == 0
    return FIRST_CLIENT + (clients + number if is_new else number % clients)


def some(calls: Iterator[bytes], number: int) -> Iterator[bytes]:
    return islice(calls, number)
