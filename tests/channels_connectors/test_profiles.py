"""Clients of providers whose messages carry no name."""

import pytest

from channels_connectors import subscribers
from channels_connectors.services.courtesies import fetch_client_profile
from crm.models import Client, Identity
from openlines.services.receiving import receive_messages
from openlines.types import IncomingMessage, Person
from tests.scenes import anna_writes

pytestmark = pytest.mark.row("C18")


@pytest.fixture
def soon(monkeypatch) -> None:
    monkeypatch.setattr(subscribers, "later", lambda work: work())


def write(scene, number: int = 1, *, by: Person) -> None:
    said = IncomingMessage(chat_external_id="7001", external_id=str(number), sender=by, text="Hello")
    receive_messages(channel=scene.channel, incoming=[said], now=scene.now)


def test_who_they_are_is_asked_for_after_their_first_message(scene, provider, soon, django_capture_on_commit_callbacks):
    provider.then(Person(external_id="7001", first_name="Anna", last_name="Petrova", username="anna", language="ru"))

    with django_capture_on_commit_callbacks(execute=True):
        write(scene, by=Person(external_id="7001"))

    client = Client.objects.get(identities__value="7001")
    assert (client.name, client.language) == ("Anna Petrova", "ru")
    assert Identity.objects.get(value="7001").title == "@anna"


def test_what_was_lost_is_asked_for_at_the_next_message_and_then_no_more(
    scene, provider, soon, django_capture_on_commit_callbacks
):
    provider.then(None, Person(external_id="7001", first_name="Anna"))

    for number in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            write(scene, number, by=Person(external_id="7001"))

    assert [name for name, _ in provider.calls].count("fetch_profile") == 2


def test_who_says_their_name_or_stays_unnamed_on_purpose_is_not_looked_up(
    scene, provider, soon, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write(scene, by=Person(external_id="7001", is_anonymous=True))
        anna_writes(scene)

    assert "fetch_profile" not in [name for name, _ in provider.calls]


def test_a_name_that_is_known_stays(scene, provider):
    anna_writes(scene)
    provider.then(Person(external_id="anna", first_name="Anyuta"))

    fetch_client_profile(channel_id=scene.channel.pk, person_external_id="anna")

    assert Client.objects.get().name == "Anna"


def test_nobody_is_made_of_a_profile(scene, provider):
    provider.then(Person(external_id="stranger", first_name="Mallory"))

    fetch_client_profile(channel_id=scene.channel.pk, person_external_id="stranger")

    assert not Client.objects.filter(name="Mallory").exists()
