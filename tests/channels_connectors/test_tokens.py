"""Access tokens: asked for once, renewed before they end, by one thread for all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from channels_connectors import tokens as module
from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply
from channels_connectors.tokens import MARGIN, SHORTEST_LIFE, Grant, Tokens

pytestmark = [pytest.mark.row("C9"), pytest.mark.row("C17")]

GRANT = Grant("Shop", "https://login.example.org/token", {"client_id": "1", "client_secret": "a secret"})


class Issuer:
    """Gives tokens with numbers, each for an hour."""

    def __init__(self) -> None:
        self.now = 0.0
        self.given = 0
        self.lifetime = 3600
        self.answer: Reply | None = None

    def __call__(self, *_args: object, **_fields: object) -> Reply:
        self.given += 1
        said = f'{{"access_token": "token-{self.given}", "expires_in": {self.lifetime}}}'
        return self.answer or Reply(200, {}, said.encode())


@pytest.fixture
def issuer(monkeypatch) -> Issuer:
    issuer = Issuer()
    monkeypatch.setattr(module, "call", issuer)
    return issuer


@pytest.fixture
def tokens(issuer) -> Tokens:
    return Tokens(lambda: issuer.now)


def test_a_token_serves_until_shortly_before_it_ends(tokens, issuer):
    assert [tokens.token(GRANT) for _ in range(3)] == ["token-1"] * 3

    issuer.now = 3600 - MARGIN - 1
    assert tokens.token(GRANT) == "token-1"
    issuer.now = 3600 - MARGIN
    assert tokens.token(GRANT) == "token-2"


def test_a_token_that_hardly_lasts_is_not_asked_for_at_every_call(tokens, issuer):
    issuer.lifetime = 1
    tokens.token(GRANT)
    issuer.now = SHORTEST_LIFE - 1

    assert tokens.token(GRANT) == "token-1"


def test_another_secret_is_another_grant(tokens):
    assert tokens.token(GRANT) == "token-1"
    assert tokens.token(Grant("Shop", GRANT.url, {"client_id": "1", "client_secret": "another"})) == "token-2"
    assert "a secret" not in str(GRANT.key)


def test_many_threads_ask_once(tokens, issuer):
    ready = threading.Barrier(8)

    def ask(_number):
        ready.wait(5)
        return str(tokens.token(GRANT))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"token-1"}


def test_a_refused_token_is_renewed_once_however_many_meet_it(tokens, issuer):
    first = tokens.token(GRANT)

    assert [tokens.token(GRANT, instead_of=first) for _ in range(3)] == ["token-2"] * 3


def test_a_call_is_tried_once_more_with_a_new_token(tokens):
    seen = []

    def send(token: str) -> Reply:
        seen.append(token)
        return Reply(401)

    assert tokens.call(GRANT, send).status == 401
    assert seen == ["token-1", "token-2"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reply(401, {}, b"{}"), "TOKEN"),
        (Reply(400, {}, b'{"error": "invalid_grant"}'), "TOKEN"),
        (Reply(404, {}, b"{}"), "TOKEN"),
        (Reply(302, {}, b"{}"), "RETRY"),
        (Reply(200, {}, b'{"access_token": null}'), "RETRY"),
        (Reply(200, {}, b"[]"), "RETRY"),
        (Reply(200, {}, b"<html>"), "RETRY"),
    ],
)
def test_without_a_token_it_is_said_what_to_do(tokens, issuer, answer, kind):
    issuer.answer = answer
    with pytest.raises(ConnectorError) as caught:
        tokens.token(GRANT)

    assert caught.value.kind == kind
    assert "secret" not in str(caught.value)
