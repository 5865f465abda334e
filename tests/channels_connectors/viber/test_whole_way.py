"""From Anna's Viber into the inbox, and Olga's answer back to her."""

import pytest

from channels_connectors.services.channels import connect_channel, disconnect_channel
from common.errors import DomainError
from openlines.models import Channel
from tests.channels_connectors.whole_way import Way, connected
from tests.providers.viber import TOKEN

pytestmark = [pytest.mark.row("C8"), pytest.mark.row("C17"), pytest.mark.django_db]


@pytest.fixture
def way(scene, viber, settings) -> Way:
    settings.PUBLIC_URL = "https://desk.example.com"
    return connected(scene, "viber", {"token": TOKEN, "base_url": viber.base_url, "welcome": "Hello!"})


def test_a_bot_is_connected_with_its_webhook_set(way, viber):
    account, channel = way.account(), way.scene.channel

    assert (channel.name, channel.scope) == ("Loft", "viber:pa:75346594275468546724")
    assert (channel.state, account.settings["welcome"]) == ("CONNECTED", "Hello!")
    assert viber.webhook == f"https://desk.example.com/hooks/viber/{account.webhook_token}/"
    disconnect_channel(administrator=way.scene.cast.alla, channel=channel)
    assert viber.webhook == ""


def test_a_wrong_token_is_refused_in_words(scene, viber, settings):
    settings.PUBLIC_URL = "https://desk.example.com"

    for token in ("nonsense", "0" + TOKEN[1:]):
        values = {"token": token, "base_url": viber.base_url}
        with pytest.raises(DomainError) as refusal:
            connect_channel(administrator=scene.cast.alla, line=scene.line, kind="viber", values=values, now=scene.now)
        assert token not in str(refusal.value)
    assert not Channel.objects.filter(kind="viber").exists()


def test_anna_writes_and_the_answer_arrives(way, driver, viber):
    question = driver.request(driver.text("Where is my order?"))
    way.arrives(question)
    way.arrives(question)
    answer = way.answers("On Monday")
    way.carries()

    assert [message.text for message in way.said()] == ["Where is my order?"]
    assert way.dialog.client.name == "Anna Petrova"
    assert [seen.fields["text"] for seen in viber.seen] == ["On Monday"]
    answer.refresh_from_db()
    assert (answer.delivery_state, answer.external_id) == ("SENT", str(viber.seen[0].token))


def test_who_unsubscribes_is_seen_to_have(way, driver):
    way.arrives(driver.request(driver.text("Hello")))
    way.arrives(driver.request(driver.blocked_in(is_reachable=False)))
    assert not way.dialog.client.is_reachable

    way.arrives(driver.request(driver.text("I am back", number=2)))
    assert way.dialog.client.is_reachable
