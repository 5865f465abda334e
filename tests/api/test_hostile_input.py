"""What the document says may be sent, sent wrong: every field of every body, every parameter of every question."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from tests.api.client import API, Caller, document
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.world import World

pytestmark = pytest.mark.row("P1")

DEEP = json.loads("[" * 400 + "]" * 400)
JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 2**70, 1.5, 1e308, "", "\0", "x" * 5_000, "\u202egpj.exe", "<script>", "²",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31", [], {}, DEEP,
    [None], [True], [-1], [2**31], [2**63], [2**70], ["x"], [[1]], [{}], [1, 1],
)  # fmt: skip
QUESTIONS = (
    "\0", "x" * 5_000, "-1", "0", str(2**31), "9" * 18, "9" * 40, "1e400", "²", "true", "null", "[]", "%", "\u202e",
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "a.b.c", "cD0x", "cD0lMDA=",
    "0.0.00000000-0000-0000-0000-000000000000", "999999999999999999.999999999.00000000-0000-0000-0000-000000000000",
)  # fmt: skip
RAW = (
    b"", b"null", b"[]", b'"x"', b"1e400", b"NaN", b'{"a": Infinity}', b'{"a": "\\ud800"}', b"\xff\xfe", b"{", b"\0",
    b"[" * 50_000, b'{"a":' * 50_000, b'{"text": "\xed\xa0\x80"}', b"9" * 10_000,
)  # fmt: skip


THROTTLED = 429


def writes(endpoint: Endpoint) -> bool:
    return endpoint.method in {"POST", "PUT", "PATCH"} and not endpoint.how


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """Of the document, by the endpoint's path whatever it calls the ids in it."""
    wanted = re.sub(r"{\w+}", "{}", f"{API}{endpoint.path}")
    for path, operations in document()["paths"].items():
        if re.sub(r"{\w+}", "{}", path) == wanted:
            found: dict[str, Any] = operations[endpoint.method.lower()]
            return found
    return {}


def fields_of(endpoint: Endpoint) -> dict[str, Any]:
    content = operation(endpoint).get("requestBody", {}).get("content", {})
    return properties(content.get("application/json", {}).get("schema", {}))


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= properties(part)
    return found


def bodies(endpoint: Endpoint, world: World) -> Iterator[Any]:
    """The right body with one field wrong, and where a field has fields of its own, with one of those wrong."""
    right = endpoint.body(world)
    for name, schema in fields_of(endpoint).items():
        for junk in JUNK:
            yield right | {name: junk}
        for inner in properties(schema):
            for junk in JUNK:
                yield right | {name: {inner: junk}}


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if writes(one)], ids=lambda endpoint: endpoint.name)
def test_no_field_of_any_body_breaks_the_server(endpoint: Endpoint, world: World, olga: Caller, alla: Caller):
    """By whoever gets furthest."""
    path = world.path(endpoint.path)
    caller = olga if endpoint.statuses[2] < 300 else alla

    for body in bodies(endpoint, world):
        with transaction.atomic():
            response = caller.call(endpoint.method, path, body)
            transaction.set_rollback(True)
        assert response.status_code < 500, str(body)[:300]
        assert response.status_code != THROTTLED


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if writes(one)], ids=lambda endpoint: endpoint.name)
def test_what_is_no_json_is_refused(endpoint: Endpoint, world: World, alla: Caller):
    path = API + world.path(endpoint.path)

    for body in RAW:
        with transaction.atomic():
            response = getattr(alla.http, endpoint.method.lower())(path, body, content_type="application/json")
            transaction.set_rollback(True)
        takes_nothing = not fields_of(endpoint) or response.status_code < 300
        assert response.status_code < 500, body[:40]
        assert takes_nothing or response.status_code >= 400, body[:40]


@pytest.mark.parametrize("place", ["x", "%00", "-1", "9" * 40, "2026-99-99", "%F0%9F%98%80", "[]"])
@pytest.mark.parametrize("path", ["/dialogs/", "/clients/", "/leads/", "/call-backs/", "/call-backs/?state=open"])
def test_a_cursor_that_somebody_made_up_names_no_page(path: str, place: str, world: World, olga: Caller):
    for forged in (f"p={place}", f"r=1&p={place}", f"o=-1&p={place}", f"o={place}"):
        cursor = b64encode(forged.encode()).decode()
        mark = "&" if "?" in path else "?"
        assert olga.get(f"{path}{mark}cursor={quote(cursor)}").status_code in {200, 404}, forged


def questions() -> Iterator[tuple[Endpoint, str]]:
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET":
            for parameter in operation(endpoint).get("parameters", []):
                if parameter["in"] == "query":
                    yield endpoint, parameter["name"]


def test_no_parameter_of_any_question_breaks_the_server(world: World, olga: Caller, alla: Caller):
    asked = list(questions())
    assert len(asked) > 30

    for endpoint, name in asked:
        caller = olga if endpoint.statuses[2] < 300 else alla
        for value in QUESTIONS:
            with transaction.atomic():
                status = caller.get(world.path(endpoint.path), **{name: value}).status_code
                transaction.set_rollback(True)
            assert status < 500, (endpoint.path, name, value[:50])
