"""Whom we believe, case by case as Microsoft's own verifier does."""

import asyncio
import json
from typing import Any

import pytest
import time_machine
from botframework.connector.auth import ChannelValidation, SimpleCredentialProvider
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor

from channels_connectors.botframework.connector import BotFramework
from channels_connectors.botframework.proof import KEYS_LAST, UNKNOWN_KEY_ASKED_EVERY, SigningKeys
from channels_connectors.connector import WebhookRequest
from channels_connectors.errors import ConnectorError, SignatureMismatch
from tests.providers.botframework import APP_ID, STRANGERS_KEY, SigningKey

pytestmark = pytest.mark.row("C9")

NOW = 1_790_000_000


def moments(**since: int) -> dict[str, int]:
    return {name: NOW + seconds for name, seconds in since.items()}


# What a token says differently from a right one, and whether it may come in.
CASES: dict[str, tuple[dict[str, Any], bool]] = {
    "right": ({}, True),
    "another audience": ({"aud": "another-bot"}, False),
    "no audience": ({"aud": None}, False),
    "another issuer": ({"iss": "https://sts.windows.net/tenant/"}, False),
    "no issuer": ({"iss": None}, False),
    "another address": ({"serviceurl": "https://evil.example.org/"}, False),
    "no address": ({"serviceurl": None}, False),
    "ended four minutes ago": (moments(exp=-240), True),
    "ended six minutes ago": (moments(exp=-360), False),
    "begins in four minutes": (moments(nbf=240), True),
    "begins in six minutes": (moments(nbf=360), False),
    "a key for another messenger": ({"key": 1}, False),
    "a key for every messenger": ({"key": 2}, True),
    "a stranger's key": ({"key": STRANGERS_KEY}, False),
    "a shared secret": ({"algorithm": "HS256"}, False),
}


def minted(azure, activity, **said: Any) -> str:
    key = said.pop("key", 0)
    return str(azure.authorization(activity, key=key if isinstance(key, SigningKey) else azure.keys[key], **said))


def our_verdict(azure, account, activity, header: str) -> bool:
    request = WebhookRequest(body=json.dumps(activity).encode(), headers={"authorization": header})
    try:
        BotFramework().verify(request, account)
    except SignatureMismatch:
        return False
    return True


def their_verdict(azure, monkeypatch, activity, header: str) -> bool:
    monkeypatch.setattr(ChannelValidation, "open_id_metadata_endpoint", azure.settings["metadata_url"])
    monkeypatch.setattr(JwtTokenExtractor, "metadataCache", {})
    judge = ChannelValidation.authenticate_channel_token_with_service_url(
        header, SimpleCredentialProvider(APP_ID, ""), activity["serviceUrl"], activity["channelId"]
    )
    try:
        return bool(asyncio.run(judge).is_authenticated)
    except Exception:  # noqa: BLE001 - it has no errors of its own
        return False


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore")
@time_machine.travel(NOW, tick=False)
def test_our_verdict_is_that_of_microsofts_own_verifier(case, azure, account, monkeypatch):
    said, is_welcome = CASES[case]
    activity = azure.activity(text="Hello")
    header = minted(azure, activity, **said)

    assert our_verdict(azure, account, activity, header) is is_welcome
    assert their_verdict(azure, monkeypatch, activity, header) is is_welcome


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer a b", "Bearer é"])
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_token_is_turned_away_by_both(header, azure, account, monkeypatch):
    activity = azure.activity(text="Hello")

    assert not our_verdict(azure, account, activity, header)
    assert not their_verdict(azure, monkeypatch, activity, header)


def test_a_token_is_no_proof_for_another_activity_s_address(azure, account):
    """Whoever has got hold of a right token can't have our answers, and our own token, sent to a server of theirs."""
    header = azure.authorization(azure.activity(text="Hello"))
    stolen = azure.activity(text="Hello", serviceUrl="https://evil.example.org/")

    assert not our_verdict(azure, account, stolen, header)


@pytest.mark.parametrize(
    ("said", "reason"),
    [({"aud": "another"}, "account"), ({"exp": 1}, "timestamp"), ({"serviceurl": "x"}, "service_url"),
     ({"key": 1}, "endorsement"), ({"algorithm": "HS256"}, "algorithm"), ({"iss": "x"}, "issuer")],
)  # fmt: skip
def test_the_reason_is_one_word_for_the_counters(said, reason, bot, azure, account):
    activity = azure.activity(text="Hello")
    headers = {"authorization": minted(azure, activity, **said)}

    with pytest.raises(SignatureMismatch) as caught:
        bot.verify(WebhookRequest(body=json.dumps(activity).encode(), headers=headers), account)
    assert caught.value.reason == reason


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(clock) -> SigningKeys:
    return SigningKeys(clock)


def asked(azure) -> int:
    return len(azure.calls_to("/keys"))


def test_keys_are_asked_for_once_a_day(azure, keys, clock):
    url = azure.settings["metadata_url"]
    assert [keys.key(url, "key-1") is not None for _ in range(3)] == [True] * 3
    assert asked(azure) == 1

    clock.now += KEYS_LAST
    keys.key(url, "key-1")
    assert asked(azure) == 2


def test_an_unknown_key_is_asked_for_once_an_hour_whoever_makes_them_up(azure, keys, clock):
    url = azure.settings["metadata_url"]
    assert [keys.key(url, f"made-up-{number}") for number in range(20)] == [None] * 20
    assert asked(azure) == 1

    clock.now += UNKNOWN_KEY_ASKED_EVERY
    azure.keys.append(SigningKey("key-of-today", ["msteams"], azure.keys[0].private))
    assert keys.key(url, "key-of-today") is not None
    assert asked(azure) == 2


def test_yesterdays_keys_serve_on_while_new_ones_cant_be_had(azure, keys, clock, monkeypatch):
    url = azure.settings["metadata_url"]
    keys.key(url, "key-1")
    monkeypatch.setattr(type(azure), "weather_paths", ("",))
    azure.fault("500", count=9)

    clock.now += KEYS_LAST
    assert keys.key(url, "key-1") is not None


def test_without_any_keys_the_provider_is_told_to_come_again_and_is_not_asked_at_each_event(
    azure, keys, clock, monkeypatch
):
    monkeypatch.setattr(type(azure), "weather_paths", ("",))
    azure.fault("500")
    url = azure.settings["metadata_url"]
    for _ in range(5):
        with pytest.raises(ConnectorError):
            keys.key(url, "key-1")
    assert len(azure.calls) == 1

    clock.now += 10
    assert keys.key(url, "key-1") is not None
