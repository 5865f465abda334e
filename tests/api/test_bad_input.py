"""Whatever is sent, the answer is clear and never a failure of the server."""

import re
from typing import Any

import pytest
from django.db import transaction

from tests.api.client import API, Caller
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.world import World

pytestmark = pytest.mark.row("P1")

IDS = ("0", str(2**31), str(2**63), str(2**80), "9" * 300)
JUNK: tuple[Any, ...] = (
    None, -1, 1.5, 2**63, "", "x" * 20_000, "a\0b", "\ud800", "nonsense", [2**70], {"²": 1},
    {"9" * 5000: 1}, {"-1": "x"},
)  # fmt: skip
BODIES: tuple[Any, ...] = (None, [], [1], "text", 7, {"unknown": 1})


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if "{" in one.path and one.outside[1] != one.statuses[0]],
    ids=lambda endpoint: endpoint.name,
)
def test_ids_that_no_row_can_have_are_not_found(endpoint: Endpoint, world: World, alla: Caller):
    for number in IDS:
        path = re.sub(r"{\w+}", number, endpoint.path)
        with transaction.atomic():
            body = None if endpoint.method == "GET" else endpoint.body(world)
            response = alla.call(endpoint.method, path, body, **endpoint.how)
            transaction.set_rollback(True)
        assert response.status_code == 404, path


FIELDS = {
    "/dialogs/{active}/messages/": ("text", "visibility", "command_id", "reply_to", "attachments"),
    "/channels/": ("name", "values", "take_over", "kind", "line"),
    "/lines/{line}/": (
        "name", "is_active", "access", "priority", "lead_rule", "lead_source", "is_welcome_sent", "welcome_text",
        "closing_action", "closing_text", "client_closing_action", "client_closing_text", "is_closed_by_silence",
        "silence_seconds", "silence_action", "silence_text", "grace_seconds", "continue_seconds", "reply_goal_seconds",
        "is_rating_asked", "rating_scale", "rating_text", "is_rating_comment_asked", "rating_thanks_text",
        "form_url", "translations", "supervisors", "id", "public_key",
    ),
    "/leads/{lead}/": ("title", "stage", "source", "responsible", "amount", "currency", "comment"),
    "/clients/{client}/": ("name", "notes", "is_vip"),
    "/channels/{channel}/": ("name", "priority", "state", "line"),
    "/lines/{line}/queue/": (
        "distribution", "offer_seconds", "checks_presence", "checks_working_day", "checks_absence",
        "prefers_responsible", "responsible_seconds", "prefers_last_operator", "last_operator_seconds", "place_rule",
        "nobody_rule", "priority_seconds", "return_seconds", "transfers_as_offer", "moves_responsible",
        "colleagues_take_over", "no_answer_action", "no_answer_seconds", "no_answer_text", "off_hours_action",
        "off_hours_text",
    ),
    "/lines/{line}/queue-members/": ("operators", "members"),
    "/dialogs/{active}/supervisor-rating/": ("score", "comment"),
    "/dialogs/{active}/transfer/": ("operator_id", "line_id", "group_id", "note"),
}  # fmt: skip


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if one.method in {"POST", "PUT", "PATCH"} and not one.how],
    ids=lambda endpoint: endpoint.name,
)
def test_any_junk_in_a_body_is_refused_or_ignored(endpoint: Endpoint, world: World, alla: Caller):
    wanted = {} if endpoint.path in FIELDS else endpoint.body(world)
    bodies = [*BODIES, *({**wanted, name: junk} for name in wanted for junk in JUNK)]

    for body in bodies:
        with transaction.atomic():
            response = alla.call(endpoint.method, world.path(endpoint.path), body)
            transaction.set_rollback(True)
        assert response.status_code < 500, body


@pytest.mark.parametrize("path", FIELDS)
def test_any_junk_in_any_field_is_refused_or_ignored(path: str, world: World, olga: Caller, alla: Caller):
    methods = dict.fromkeys(("/dialogs/{active}/messages/", "/dialogs/{active}/transfer/", "/channels/"), "POST")
    methods |= dict.fromkeys(("/lines/{line}/queue-members/", "/dialogs/{active}/supervisor-rating/"), "PUT")
    method = methods.get(path, "PATCH")
    wanted: dict[str, dict[str, object]] = {
        "/channels/": {"line": world.scene.line.pk, "kind": "sandbox"},
        "/dialogs/{active}/supervisor-rating/": {"score": 3},
    }
    needed = wanted.get(path, {})

    for name in FIELDS[path]:
        for junk in JUNK:
            with transaction.atomic():
                response = alla.call(method, world.path(path), {**needed, name: junk})
                transaction.set_rollback(True)
            assert response.status_code < 500, (name, junk)


@pytest.mark.parametrize(
    "query",
    [
        {"search": "\0"}, {"search": "%_\\"}, {"search": "x" * 5000}, {"line": "abc"}, {"line": "-1"},
        {"line": "9" * 30},
        {"cursor": "zzz"}, {"cursor": "\0"}, {"limit": "-1"}, {"limit": "x"}, {"limit": "9" * 30}, {"state": "X"},
        {"tab": "nothing"}, {"owner": "²"}, {"client": " 1"},
    ],
    ids=str,
)  # fmt: skip
def test_any_query_of_a_list_is_answered(query: dict[str, str], olga: Caller):
    for path in ("/dialogs/", "/clients/", "/leads/"):
        assert olga.get(path, **query).status_code in {200, 400, 404}


@pytest.mark.parametrize("name", ["before", "after", "changed_after", "limit"])
def test_any_place_in_a_conversation_is_answered(name: str, world: World, olga: Caller):
    for value in ("0", "7", "x", "-1", "9" * 18, "9" * 40, "²", "\0"):
        response = olga.get(world.path("/dialogs/{active}/messages/"), **{name: value})
        assert response.status_code in {200, 400}, value


def test_a_body_that_is_no_json_is_told_so(world: World, olga: Caller):
    for body in (b"{", b"\xff", b"[" * 100_000):
        path = API + world.path("/dialogs/{active}/messages/")
        response = olga.http.post(path, body, content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (400, "parse_error")


def test_another_content_type_is_told_so(world: World, olga: Caller):
    path = API + world.path("/dialogs/{active}/messages/")

    response = olga.http.post(path, "text=Hi", content_type="application/x-www-form-urlencoded")

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_what_is_wrong_is_said_field_by_field_in_the_reader_s_language(world: World, olga: Caller):
    answer = olga.put("/presence/", {"state": "ASLEEP"}).json()

    assert answer["code"] == "invalid"
    assert answer["message"] == "Проверьте введённые данные."
    assert list(answer["fields"]) == ["state"]


def test_a_refusal_says_why_in_the_reader_s_language(world: World, olga: Caller, alla: Caller):
    type(world.scene.cast.alla).objects.update(language="en")

    assert alla.post(world.path("/dialogs/{active}/answer/")).json() == {
        "code": "already_taken",
        "message": "Olga has already answered this dialog.",
        "fields": {},
    }


def test_an_unknown_address_of_the_api_is_not_found(olga: Caller):
    assert olga.http.get(f"{API}/nothing/").status_code == 404


def test_a_method_that_is_not_there_is_told_so(olga: Caller):
    response = olga.http.delete(f"{API}/me/")

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
