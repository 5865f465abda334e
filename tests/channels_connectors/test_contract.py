"""What every connector keeps to. A new one has its samples here, or this fails at once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from channels_connectors.connector import Account, Connector, WebhookRequest
from channels_connectors.errors import SignatureMismatch
from channels_connectors.registry import CONNECTORS, connector_for
from common.errors import NotFound
from openlines.models import Attachment, Channel, Message
from openlines.types import IncomingMessage
from tests.channels_connectors.telegram import updates

pytestmark = pytest.mark.row("C18")

FOLDER = Path(__file__).parents[2] / "channels_connectors"
ACCOUNT = Account(channel_id=1, credentials={"token": "1:x"}, webhook_secret="secret")
OWN = {"chat": "anna", "id": "1", "sender": {"name": "Anna"}, "text": "Hello"}


@dataclass(frozen=True)
class Sample:
    """An event with a text, another one, events of no interest, and the headers that prove where it comes from."""

    text: Mapping[str, Any]
    another: Mapping[str, Any]
    of_no_interest: tuple[Mapping[str, Any], ...] = ()
    proof: Mapping[str, str] = field(default_factory=dict)


def telegram_sample() -> Sample:
    return Sample(
        text=updates.message(text="Hello"),
        another=updates.message(text="Hello") | {"update_id": 2},
        of_no_interest=({"update_id": 3}, {"update_id": 4, "poll": {"id": "1"}}, {"update_id": 5, "something_new": {}}),
        proof={"x-telegram-bot-api-secret-token": "secret"},
    )


SAMPLES: dict[str, Callable[[], Sample]] = {
    "telegram": telegram_sample,
    "livechat": lambda: Sample(text=OWN, another=OWN | {"id": "2"}),
    "sandbox": lambda: Sample(text=OWN, another=OWN | {"id": "2"}),
}

every_connector = pytest.mark.parametrize("kind", sorted(CONNECTORS))


def test_every_connector_has_its_samples_and_its_folder():
    assert sorted(SAMPLES) == sorted(CONNECTORS)
    assert all((FOLDER / kind / "connector.py").exists() for kind in CONNECTORS)


def test_an_unknown_kind_is_not_found():
    with pytest.raises(NotFound):
        connector_for("nonsense")


@every_connector
def test_it_says_what_it_can_do(kind):
    connector = CONNECTORS[kind]

    assert connector.kind == kind
    assert connector.capabilities.text_length >= 300
    assert connector.capabilities.length_unit in {"characters", "utf16", "bytes"}
    assert connector.capabilities.receipts in {"none", "delivered", "read"}


@every_connector
def test_it_reads_a_text(kind):
    (message,) = CONNECTORS[kind].parse(SAMPLES[kind]().text, account=ACCOUNT)

    assert isinstance(message, IncomingMessage)
    assert (message.text, message.kind) == ("Hello", "TEXT")
    assert message.chat_external_id
    assert message.external_id
    assert message.sender.external_id
    assert message.sent_at is None or message.sent_at.tzinfo is not None


@every_connector
def test_what_it_reads_fits_where_it_is_kept(kind):
    sample = SAMPLES[kind]()
    (message,) = CONNECTORS[kind].parse(sample.text, account=ACCOUNT)

    assert isinstance(message, IncomingMessage)
    assert message.kind in Message.Kind.values
    assert {attachment.kind for attachment in message.attachments} <= set(Attachment.Kind.values)
    assert len(kind) <= Channel._meta.get_field("kind").max_length
    assert len(CONNECTORS[kind].event_key(sample.text)) <= 255


@every_connector
def test_the_same_event_has_the_same_key_and_another_has_another(kind):
    connector, sample = CONNECTORS[kind], SAMPLES[kind]()

    again = json.loads(json.dumps(sample.text))
    assert connector.event_key(sample.text) == connector.event_key(again)
    assert connector.event_key(sample.text) != connector.event_key(sample.another)


@every_connector
def test_reading_decides_nothing(kind, django_assert_num_queries, db):
    sample = SAMPLES[kind]()
    before = json.dumps(sample.text)

    with django_assert_num_queries(0):
        once, twice = (CONNECTORS[kind].parse(sample.text, account=ACCOUNT) for _ in range(2))

    assert once == twice
    assert json.dumps(sample.text) == before


@every_connector
def test_kinds_of_no_interest_are_left_alone(kind):
    for payload in SAMPLES[kind]().of_no_interest:
        assert CONNECTORS[kind].parse(payload, account=ACCOUNT) == []


@every_connector
def test_it_believes_only_what_proves_where_it_comes_from(kind):
    connector, sample = CONNECTORS[kind], SAMPLES[kind]()
    body = json.dumps(sample.text).encode()

    with pytest.raises(SignatureMismatch):
        connector.verify(WebhookRequest(body=body), ACCOUNT)
    if sample.proof:
        connector.verify(WebhookRequest(headers=sample.proof, body=body), ACCOUNT)
        wrong = {name: f"{value}x" for name, value in sample.proof.items()}
        with pytest.raises(SignatureMismatch):
            connector.verify(WebhookRequest(headers=wrong, body=body), ACCOUNT)


@every_connector
def test_what_is_no_event_has_no_key(kind):
    with pytest.raises((LookupError, TypeError, ValueError)):
        CONNECTORS[kind].event_key({})


@every_connector
def test_it_translates_only(kind):
    """No database, no settings, no clock: whoever calls it brings everything."""
    sources = [path.read_text(encoding="utf-8") for path in _modules_of(CONNECTORS[kind])]

    for forbidden in ("django.db", "django.conf", "timezone.now", "datetime.now", ".objects."):
        assert not any(forbidden in source for source in sources), forbidden


def _modules_of(connector: Connector) -> list[Path]:
    """The connector's own module; for Telegram, everything beside it, too."""
    folder = FOLDER / connector.kind
    return list(folder.glob("*.py")) if connector.kind == "telegram" else [folder / "connector.py"]
