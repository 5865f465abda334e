"""From a community's callback server to what staff see, through the whole application, and back."""

import json

import pytest
from django.utils import timezone

from channels_connectors import subscribers
from channels_connectors.inbox import process_channel
from channels_connectors.models import RawEvent
from channels_connectors.services.channels import connect_channel, disconnect_channel
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from crm.models import Client
from openlines.models import Dialog, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.webhook_calls import called, endpoint
from tests.factories import make_cast, make_line

__all__ = ["endpoint"]

pytestmark = [
    pytest.mark.usefixtures("endpoint", "bells"), pytest.mark.row("C2"), pytest.mark.row("C17"), pytest.mark.row("C18"),
]  # fmt: skip


@pytest.fixture
def cast(endpoint):
    return make_cast()


@pytest.fixture
def connected(cast, simulator, driver, settings, monkeypatch):
    settings.PUBLIC_URL = "https://shop.example.org"
    monkeypatch.setattr(subscribers, "later", lambda work: work())
    values = {"token": driver.token, "base_url": simulator.base_url}
    return connect_channel(
        administrator=cast.alla, line=make_line(cast), kind="vk", values=values, now=timezone.now()
    )  # fmt: skip


def deliver_as_vkontakte(channel, event, *, attempt: int = 0):
    body = json.dumps({**event, "secret": channel.account.webhook_secret}).encode()
    headers = {"X-Retry-Counter": str(attempt)} if attempt else {}
    path = f"/hooks/vk/{channel.account.webhook_token}/"
    answer = called(lambda client: client.post(path, content=body, headers=headers))
    return answer.status_code, answer.text


def test_connecting_sets_up_the_callback_server_and_disconnecting_removes_it(connected, cast, simulator):
    (server,) = simulator.world.servers
    assert (connected.name, connected.scope, connected.state) == ("Loft & Co", "vk:555", "CONNECTED")
    assert server.url == f"https://shop.example.org/hooks/vk/{connected.account.webhook_token}/"
    asked = {"type": "confirmation", "group_id": 555}
    assert deliver_as_vkontakte(connected, asked) == (200, simulator.world.code)

    disconnect_channel(administrator=cast.alla, channel=connected)

    assert simulator.world.servers == []


def test_a_message_comes_in_once_with_its_writers_name_and_is_answered(connected, cast, simulator, anna):
    event = anna.writes("Where is my sofa?")
    answers = [deliver_as_vkontakte(connected, event, attempt=attempt) for attempt in range(3)]

    process_channel(channel_id=connected.pk, now=timezone.now())

    assert answers == [(200, "ok")] * 3
    assert RawEvent.objects.filter(channel=connected).count() == 1
    message = Message.objects.get(author_kind="CLIENT")
    assert (message.text, Client.objects.get().name) == ("Where is my sofa?", "Anna Petrova")
    assert Client.objects.get().photo

    dialog = Dialog.objects.get()
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    reply, _ = send_reply(dialog_id=dialog.pk, operator=cast.olga, text="On Monday", now=timezone.now())
    while claimed := claim_due(limit=10, now=timezone.now()):
        for delivery_id in claimed:
            deliver(delivery_id)

    reply.refresh_from_db()
    assert ("On Monday" in [seen.text for seen in anna.received()], reply.delivery_state) == (True, "SENT")


def test_strangers_learn_nothing(connected, anna):
    forged = {**anna.writes("Hello"), "secret": "guessed"}
    path = f"/hooks/vk/{connected.account.webhook_token}/"

    answer = called(lambda client: client.post(path, content=json.dumps(forged).encode()))

    assert (answer.status_code, RawEvent.objects.count()) == (404, 0)
