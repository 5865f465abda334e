"""A client of a bot in Teams writes, Olga answers."""

import pytest

from channels_connectors.services.channels import webhook_url
from openlines.models import Chat
from tests.channels_connectors.whole_way import connected
from tests.providers.botframework import APP_ID, APP_SECRET, BOT

pytestmark = [pytest.mark.row("C9"), pytest.mark.row("C18")]


@pytest.fixture
def way(scene, azure, settings):
    settings.PUBLIC_URL = "https://shop.example.org"
    values = {"app_id": APP_ID, "app_secret": APP_SECRET, "bot_name": "Loft"} | azure.settings
    return connected(scene, "botframework", values)


def test_a_client_writes_and_olgas_answer_arrives(way, azure, driver):
    way.arrives(driver.request(azure.activity(text="Where is my sofa?")))
    answer = way.answers("It comes on Monday.")
    way.carries()

    answer.refresh_from_db()
    assert way.scene.channel.name == "Loft"
    assert [message.text for message in way.said()] == ["Where is my sofa?"]
    assert [said.activity["text"] for said in azure.said] == ["It comes on Monday."]
    assert azure.said[0].activity["from"] == BOT
    assert (answer.delivery_state, answer.external_id) == ("SENT", azure.said[0].id)
    assert way.dialog.client.name == "Anna Petrova"


def test_the_address_to_answer_to_is_the_newest(way, azure, driver):
    way.arrives(driver.request(azure.activity(text="One", serviceUrl="https://old.example.org/")))
    way.arrives(driver.request(azure.activity(text="Two")))

    assert Chat.objects.get(channel=way.scene.channel).thread["service_url"] == azure.service_url
    way.answers("Three")
    way.carries()
    assert len(azure.said) == 1


def test_a_redelivered_activity_is_stored_once(way, azure, driver):
    activity = azure.activity(text="Hello")
    for _ in range(3):
        way.arrives(driver.request(activity))

    assert [message.text for message in way.said()] == ["Hello"]


def test_the_administrator_enters_the_address_of_the_webhook_in_azure(way):
    assert webhook_url(way.account()).startswith("https://shop.example.org/hooks/botframework/")
