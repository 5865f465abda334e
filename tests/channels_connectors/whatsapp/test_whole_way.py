"""From Anna's WhatsApp into the inbox, and Olga's answer back to her."""

import pytest

from channels_connectors.services.courtesies import show_read, show_typing
from openlines.models import Chat
from tests.channels_connectors.whole_way import Way, connected
from tests.providers.whatsapp import ANNA, APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID

pytestmark = [pytest.mark.row("C11"), pytest.mark.row("C17"), pytest.mark.django_db]


@pytest.fixture
def way(scene, whatsapp, settings) -> Way:
    settings.PUBLIC_URL = "https://desk.example.com"
    values = {
        "phone_number_id": NUMBER_ID, "waba_id": WABA_ID, "access_token": TOKEN, "app_id": APP_ID,
        "app_secret": APP_SECRET, "base_url": whatsapp.base_url,
    }  # fmt: skip
    return connected(scene, "whatsapp", values)


def test_a_number_is_connected_with_its_webhook_set(way, whatsapp):
    account = way.account()

    assert (way.scene.channel.name, way.scene.channel.scope) == ("Loft +15550783881", f"whatsapp:{NUMBER_ID}")
    assert way.scene.channel.state == "CONNECTED"
    assert whatsapp.override == f"https://desk.example.com/hooks/whatsapp/{account.webhook_token}/"
    assert account.webhook_token not in str(account.settings)


def test_anna_writes_and_the_answer_arrives(way, driver, whatsapp):
    question = driver.request(driver.text("Where is my order?"))
    way.arrives(question)
    way.arrives(question)
    answer = way.answers("On Monday")
    way.carries()

    assert [message.text for message in way.said()] == ["Where is my order?"]
    assert (way.dialog.client.name, way.dialog.client.identities.get(kind="whatsapp").value) == (
        "Anna Petrova", ANNA.user_id,
    )  # fmt: skip
    assert [(seen.text, seen.to) for seen in whatsapp.seen] == [("On Monday", ANNA.number)]
    answer.refresh_from_db()
    assert (answer.delivery_state, answer.external_id) == ("SENT", whatsapp.seen[0].id)
    assert Chat.objects.get(channel=way.scene.channel).thread == driver.thread


def test_an_edit_and_a_deletion_of_anna_are_seen(way, driver):
    way.arrives(driver.request(driver.text("Helo"), driver.text("Oops", number=2)))
    way.arrives(driver.request(driver.edit_in("Hello")))
    way.arrives(driver.request(driver.delete_in(number=2)))

    first, second = way.said()
    assert (first.text, second.deleted_at is not None) == ("Hello", True)


@pytest.mark.row("C18")
def test_anna_sees_that_olga_reads_and_types(way, driver, whatsapp):
    way.arrives(driver.request(driver.text("Hello"), driver.text("Anybody?", number=2)))

    show_read(dialog_id=way.dialog.pk)
    show_typing(dialog_id=way.dialog.pk)

    assert driver.read_seen() == "wamid.ANNA2"
    assert driver.typing_seen()
