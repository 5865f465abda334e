"""Sessions, tokens, throttles, and what every page says about itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.throttling import UserRateThrottle

from crm.models import AccessToken
from crm.services import issue_token
from openlines.models import Timer
from openlines.tasks import note_worker_heartbeat
from tests.api.client import API, Caller
from tests.api.world import World
from tests.factories import Cast
from tests.pages import browser

pytestmark = pytest.mark.row("P1")


def session_of(user: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_session_can_not_be_used_from_another_site(world: World):
    client = session_of(world.scene.cast.olga)
    path = API + world.path("/dialogs/{offered}/answer/")

    refused = client.post(path, "{}", content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    client.get("/")
    token = client.cookies["csrftoken"].value
    assert client.post(path, "{}", content_type="application/json", headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_call_of_a_session_wants_the_csrf_token(method: str, world: World):
    client = session_of(world.scene.cast.alla)

    assert getattr(client, method)(f"{API}/me/", "{}", content_type="application/json").status_code == 403


def test_a_token_needs_no_csrf_token_and_makes_no_session(world: World):
    client = Client(enforce_csrf_checks=True)
    token = issue_token(user=world.scene.cast.olga, name="")

    headers = {"Authorization": f"Bearer {token}"}
    response = client.put(f"{API}/presence/", '{"state": "PAUSED"}', content_type="application/json", headers=headers)

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer ol_unknown", "bearer x y", "Bearer \xff", "Basic b2xnYTp4"]
)
def test_odd_tokens_open_nothing(header: str, world: World):
    response = Client().get(f"{API}/me/", headers={"Authorization": header})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_only_the_digest_of_a_token_is_kept(cast: Cast):
    token = issue_token(user=cast.olga, name="")

    stored = AccessToken.objects.get()
    assert token not in str(vars(stored))
    assert len(token) > 40


def test_the_token_of_somebody_who_left_opens_nothing(world: World, olga: Caller):
    type(world.scene.cast.olga).objects.filter(username="olga").update(is_active=False)

    assert olga.get("/me/").status_code == 401


@pytest.mark.usefixtures("empty_cache")
def test_one_caller_can_not_keep_the_others_waiting(world: World, olga: Caller, alla: Caller, monkeypatch: Any):
    monkeypatch.setattr(UserRateThrottle, "get_rate", lambda self: "5/min")

    statuses = [olga.get("/me/").status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]
    refused = olga.get("/me/")
    assert (refused.json()["code"], int(refused["Retry-After"]) > 0) == ("throttled", True)
    assert alla.get("/me/").status_code == 200


# Pages

WITHOUT_A_PAGE = {"logout/", "jsi18n/", "healthz", "readyz"}


def pages(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and "<" not in path and "(" not in path:
            yield path


def addresses() -> list[str]:
    return sorted({path for path in pages(get_resolver().url_patterns) if path not in WITHOUT_A_PAGE})


def test_every_page_forbids_what_it_does_not_need(cast: Cast):
    client = browser(cast.alla)

    careless = [path for path in addresses() if not is_careful(client.get(f"/{path}"))]

    assert careless == []


def is_careful(response: Any) -> bool:
    policy = response["Content-Security-Policy"]
    wanted = ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'none'")
    return (
        response.status_code < 500
        and "unsafe-" not in policy
        and "*" not in policy
        and all(directive in policy for directive in wanted)
        and response["X-Content-Type-Options"] == "nosniff"
        and response["Referrer-Policy"] == "same-origin"
        and response["X-Frame-Options"] == "DENY"
    )


def test_no_page_with_people_on_it_is_kept_by_a_browser(cast: Cast):
    client = browser(cast.alla)

    answers = {path: client.get(f"/{path}") for path in addresses()}

    of_people = {path: answer for path, answer in answers.items() if "data-sign-out" in answer.content.decode()}
    assert {"", "crm/leads/", "crm/clients/"} <= of_people.keys()
    assert [path for path, answer in of_people.items() if "no-store" not in answer["Cache-Control"]] == []


@pytest.mark.parametrize(
    "path", ["", "dialogs/7/", "files/2f0c9f6e-0000-4000-8000-000000000000/", "settings/", "leads/"]
)
def test_nobody_is_asked_to_sign_in(path: str, db: None):
    response = Client().get(f"/{path}")

    assert response.status_code in {302, 404}
    assert response.status_code == 404 or response["Location"].startswith("/login/?next=")


def test_a_cookie_is_not_for_scripts(cast: Cast):
    response = Client().post("/login/", {"username": "olga", "password": "correct horse"})

    cookie = response.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_another_host_is_refused(db: None):
    assert Client().get("/login/", headers={"host": "evil.example"}).status_code == 400


# Probes


@pytest.mark.row("P5")
def test_a_living_process_says_so_without_looking_further(django_assert_num_queries: Any, db: None):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").content == b"ok"


@pytest.mark.row("P5")
@pytest.mark.usefixtures("empty_cache")
def test_ready_means_that_clients_are_served(db: None):
    before = Client().get("/readyz")
    note_worker_heartbeat()
    after = Client().get("/readyz")

    assert (before.status_code, before.json()["worker"]) == (503, False)
    assert (after.status_code, after.json()) == (
        200,
        {"database": True, "redis": True, "worker": True, "timers": True},
    )


@pytest.mark.row("P5")
@pytest.mark.usefixtures("empty_cache")
def test_late_timers_are_trouble(world: World):
    note_worker_heartbeat()
    Timer.objects.update(due_at=world.scene.later(minutes=-5))

    assert Client().get("/readyz").json()["timers"] is False
