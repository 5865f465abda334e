"""A buyer writes about an offer, Olga answers."""

import pytest

from channels_connectors.models import RawEvent
from openlines.models import Chat
from tests.channels_connectors.whole_way import connected
from tests.providers.avito import CLIENT_ID, CLIENT_SECRET, SHOP

pytestmark = [pytest.mark.row("C15"), pytest.mark.row("C18")]


@pytest.fixture
def way(scene, avito, settings):
    settings.PUBLIC_URL = "https://shop.example.org"
    values = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": avito.base_url}
    return connected(scene, "avito", values)


def test_connecting_tells_avito_where_to_deliver(way, avito):
    assert way.scene.channel.scope == f"avito:{SHOP}"
    assert avito.subscriptions == [f"https://shop.example.org/hooks/avito/{way.account().webhook_token}/"]


def test_a_buyer_writes_and_olgas_answer_arrives(way, avito, driver):
    way.arrives(driver.request(avito.writes(text="Still available?")))
    answer = way.answers("Yes, come by.")
    way.carries()

    answer.refresh_from_db()
    (said,) = avito.said()
    assert [message.text for message in way.said()] == ["Still available?"]
    assert said["content"]["text"] == "Yes, come by."
    assert (answer.delivery_state, answer.external_id) == ("SENT", said["id"])
    assert Chat.objects.get(channel=way.scene.channel).subject["title"] == "Sofa"


def test_while_avito_is_silent_the_event_waits_and_nothing_is_lost(way, avito, driver):
    event = avito.writes(text="Hello")
    avito.fault("500", count=1)
    way.arrives(driver.request(event))

    assert way.said() == []
    assert RawEvent.objects.get().state == "NEW"


def test_a_message_that_nobody_on_avito_wrote_is_never_shown(way, avito, driver):
    event = avito.writes(text="Hello")
    event["payload"]["value"]["id"] = "made-up"
    way.arrives(driver.request(event))

    assert way.said() == []
    assert "does not know" in RawEvent.objects.get().error
