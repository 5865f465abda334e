"""Approved texts: taken over from the provider, sent with their gaps filled when the client wrote too long ago."""

from datetime import timedelta
from typing import Any

import pytest

from channels_connectors.connector import Template
from channels_connectors.models import MessageTemplate
from channels_connectors.services.templates import TemplateGone, send_template, sync_templates
from channels_connectors.template_texts import filled
from common.errors import InvalidInput, NotFound
from openlines.means import ReplyWindowClosed
from openlines.models import Dialog, Message
from openlines.services.replies import NotYourDialog
from tests.channels_connectors.contract.whatsapp import WhatsAppDriver
from tests.channels_connectors.whole_way import Way, connected
from tests.providers.whatsapp import APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID

pytestmark = [pytest.mark.row("C19"), pytest.mark.row("C11"), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("body", "values", "text"),
    [
        ("Hello {{1}}, order {{2}}.", ("Anna", "42"), "Hello Anna, order 42."),
        ("{{ 1 }} and {{1}}", ("Anna",), "Anna and Anna"),
        ("Hello {{1}} {{2}}", ("{{2}}", "x"), "Hello {{2}} x"),
        ("Hello", (), "Hello"),
        ("Hello {{1}}", (), "Hello {{1}}"),
    ],
)
def test_gaps_are_filled_in_their_order(body, values, text):
    assert filled(body, values) == text


@pytest.fixture
def driver():
    with WhatsAppDriver.begin() as begun:
        yield begun


@pytest.fixture
def way(scene, driver, settings) -> Way:
    """Anna wrote, Olga answered her, and two days went by."""
    settings.PUBLIC_URL = "https://desk.example.com"
    values = {
        "phone_number_id": NUMBER_ID, "waba_id": WABA_ID, "access_token": TOKEN, "app_id": APP_ID,
        "app_secret": APP_SECRET, "base_url": driver.whatsapp.base_url,
    }  # fmt: skip
    way = connected(scene, "whatsapp", values)
    way.arrives(driver.request(driver.text("Hello")))
    way.answers("Good morning")
    way.carries()
    Dialog.objects.update(client_wrote_at=scene.now - timedelta(days=2))
    templates = [
        Template(name="order_ready", language="en", body="Hello {{1}}, your order {{2}} is ready.", gaps=2),
        Template(name="spring_sale", language="en", body="Buy!", state="REJECTED"),
    ]
    sync_templates(channel_id=way.scene.channel.pk, templates=templates, now=scene.now)
    return way


def sent(way: Way, parameters=("Anna", "42"), **fields) -> Message:
    approved = MessageTemplate.objects.get(state="APPROVED").pk
    values: dict[str, Any] = {"operator": way.scene.cast.olga, "template_id": approved} | fields
    message, _is_new = send_template(dialog_id=way.dialog.pk, parameters=parameters, now=way.scene.now, **values)
    return message


def test_a_template_goes_through_when_words_do_not(way, driver):
    with pytest.raises(ReplyWindowClosed):
        way.answers("Your order is ready")

    message = sent(way)
    way.carries()

    message.refresh_from_db()
    assert (message.text, message.delivery_state) == ("Hello Anna, your order 42 is ready.", "SENT")
    seen = driver.whatsapp.seen[-1]
    assert (seen.fields["type"], seen.text) == ("template", "Hello Anna, your order 42 is ready.")


def test_the_same_command_sends_it_once(way):
    command_id = "0b0d7f0a-2c1c-4d0e-9f0e-0a0a0a0a0a0a"

    assert sent(way, command_id=command_id).pk == sent(way, command_id=command_id).pk


def test_every_gap_wants_its_value(way):
    for parameters in ((), ("Anna",), ("Anna", "42", "43"), ("Anna", "  "), ("Anna", "x" * 1025)):
        with pytest.raises(InvalidInput):
            sent(way, parameters)
    assert sent(way, ("Anna\nPetrova", " 42 ")).text == "Hello Anna Petrova, your order 42 is ready."


def test_only_what_is_approved_in_this_channel_and_by_those_who_speak_here(way):
    rejected = MessageTemplate.objects.get(state="REJECTED").pk
    for template_id in (rejected, rejected + 1000):
        with pytest.raises(TemplateGone):
            sent(way, template_id=template_id)
    with pytest.raises(NotFound):
        sent(way, operator=way.scene.cast.mallory)
    Dialog.objects.update(owner=way.scene.cast.oleg)
    with pytest.raises((NotYourDialog, NotFound)):
        sent(way)


def test_what_the_provider_has_no_longer_goes(way):
    way_on = way.scene.now + timedelta(hours=1)
    sync_templates(
        channel_id=way.scene.channel.pk, templates=[Template(name="new", language="ru", body="x")], now=way_on
    )

    assert [template.name for template in MessageTemplate.objects.all()] == ["new"]
