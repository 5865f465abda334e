"""Every endpoint × every role, Mallory and the stranger included."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from openlines.services.indexing import Indexer
from tests.api.client import Caller
from tests.api.endpoints import ENDPOINTS, ROLES, Endpoint
from tests.api.world import World

pytestmark = pytest.mark.row("P1")

PREFIX = "api/v1/"
SAFE = {"OPTIONS", "HEAD", "TRACE"}


@pytest.fixture
def callers(world: World) -> dict[str, Caller]:
    cast = world.scene.cast
    names = ("alla", "sergey", "olga", "oleg", "mallory", "stranger")
    callers = {name: Caller.by(getattr(cast, name)) for name in names}
    leaver = type(cast.olga).objects.create(username="leaver", role=cast.olga.role)
    return callers | {"nobody": Caller(), "revoked": Caller.with_revoked_token(leaver)}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_everyone_gets_what_is_theirs_and_nothing_else(endpoint: Endpoint, world: World, callers: dict[str, Caller]):
    expected = {role: endpoint.status_for(role) for role in ROLES}

    statuses = {role: status_of(endpoint, world, callers[role]) for role in ROLES}

    assert statuses == expected


def status_of(endpoint: Endpoint, world: World, caller: Caller) -> int:
    """Called and undone, so that the next caller finds the same."""
    with transaction.atomic():
        body = None if endpoint.method == "GET" else endpoint.body(world)
        response = caller.call(endpoint.method, world.path(endpoint.path), body, **endpoint.how)
        transaction.set_rollback(True)
    if response.status_code >= 400 and response["Content-Type"] == "application/json":
        assert set(json.loads(response.content)) == {"code", "message", "fields"}
    status: int = response.status_code
    return status


def test_the_table_has_every_endpoint():
    tested = {(endpoint.method, re.sub(r"{\w+}", "{}", endpoint.path)) for endpoint in ENDPOINTS}

    assert sorted(set(endpoints_of_the_api()) - tested) == []


def endpoints_of_the_api() -> Iterator[tuple[str, str]]:
    for path, view in views(get_resolver().url_patterns):
        if path.startswith(PREFIX):
            pattern = "/" + re.sub(r"<[^>]+>", "{}", path.removeprefix(PREFIX))
            methods = {name.upper() for name in dir(view) if name in view.http_method_names}
            yield from ((method, pattern) for method in sorted(methods - SAFE))


def views(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)


MALLORYS_VIEW = {
    "/console/": ("dialogs",),
    "/dialogs/": ("results",),
    "/clients/": ("results",),
    "/leads/": ("results",),
    "/call-backs/": ("results",),
}


@pytest.mark.parametrize("path", MALLORYS_VIEW)
def test_mallory_s_lists_are_empty(path: str, callers: dict[str, Caller]):
    answer = callers["mallory"].get(path).json()

    assert all(answer[name] == [] for name in MALLORYS_VIEW[path])


@pytest.mark.parametrize("path", ["/lines/", "/channels/"])
def test_mallory_knows_of_no_line(path: str, callers: dict[str, Caller]):
    assert callers["mallory"].get(path).json() == []


def test_a_search_finds_nothing_that_may_not_be_seen(callers: dict[str, Caller]):
    Indexer().index_next()
    nothing = callers["mallory"].get("/search/", q="nobody wrote this").json()
    for text in ("parcel", "Boris", "boris", "par", "oris", "Anna"):
        assert callers["mallory"].get("/dialogs/", search=text).json()["results"] == []
        assert callers["mallory"].get("/clients/", search=text).json()["results"] == []
        assert callers["mallory"].get("/search/", q=text).json() == nothing
    assert len(callers["olga"].get("/dialogs/", search="parcel").json()["results"]) == 1


def test_sync_tells_nobody_of_dialogs_they_may_not_see(world: World, callers: dict[str, Caller]):
    known = {str(world.active.pk): 1, "999999": 1}

    answer = callers["mallory"].post("/console/sync/", {"known": known}).json()

    assert (answer["dialogs"], sorted(answer["gone"])) == ([], [world.active.pk, 999999])


def test_a_supervisor_steers_only_their_own_lines(world: World, callers: dict[str, Caller]):
    world.scene.line.supervisors.clear()

    assert callers["sergey"].get(f"/dialogs/{world.active.pk}/").status_code == 404
    assert callers["sergey"].get("/dialogs/").json()["results"] == []
