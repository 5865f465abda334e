"""Every kind with the engine around it: from what a provider sends to what staff see, and back to the client."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from channels_connectors.connector import WEBHOOK, Event
from channels_connectors.inbox import keep_event, process_channel
from channels_connectors.models import Account, Delivery, RawEvent
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Channel, Dialog, Line, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.contract.drivers import driver_of
from tests.channels_connectors.contract.trying import Trial

pytestmark = [pytest.mark.row("C17"), pytest.mark.row("C18"), pytest.mark.usefixtures("bells")]

KINDS = [kind for kind, connector in sorted(CONNECTORS.items()) if connector.inbound]
TIMES = 5
LATER = timedelta(hours=3)


@dataclass(frozen=True)
class Connected:
    """A channel whose provider is played."""

    trial: Trial
    channel: Channel

    def keep(self, *events: Event) -> None:
        for event in events:
            keep_event(channel_id=self.channel.pk, key=event.key, body=event.body)

    def process(self) -> None:
        while process_channel(channel_id=self.channel.pk, now=timezone.now() + LATER):
            continue

    def texts(self) -> list[str]:
        messages = Message.objects.filter(chat__channel=self.channel, author_kind=Message.Author.CLIENT)
        return list(messages.order_by("pk").values_list("text", flat=True))

    def carry(self, *, later: timedelta = timedelta(seconds=1)) -> None:
        for delivery_id in claim_due(limit=50, now=timezone.now() + later):
            deliver(delivery_id)

    def reply(self, operator, text: str, **fields) -> Message:
        dialog = Dialog.objects.filter(channel=self.channel, chat__external_id=self.trial.driver.chat).latest("pk")
        if dialog.owner_id is None:
            answer_dialog(dialog_id=dialog.pk, operator=operator, now=timezone.now())
        message, _ = send_reply(dialog_id=dialog.pk, operator=operator, text=text, now=timezone.now(), **fields)
        return message


@pytest.fixture(params=KINDS)
def connected(request, cast, line, tmp_path):
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    line.refresh_from_db()
    kind = request.param
    with driver_of(kind).begin() as driver:
        account = driver.account
        channel = Channel.objects.create(line=line, kind=kind, name="Loft", scope=account.scope)
        inbound = Account.Inbound.WEBHOOK if WEBHOOK in CONNECTORS[kind].inbound else Account.Inbound.POLL
        row = Account(channel=channel, inbound=inbound, base_url=account.base_url, settings=dict(account.settings))
        row.credentials, row.webhook_secret = dict(account.credentials), account.webhook_secret
        row.save()
        yield Connected(Trial(CONNECTORS[kind], driver, tmp_path), channel)


def test_what_comes_five_times_in_any_order_is_stored_once(connected):
    trial = connected.trial
    events = [
        event for number in range(1, 7) for event in trial.events(trial.driver.text(f"No {number}", number=number))
    ]
    storm = events * TIMES
    Random(20261126).shuffle(storm)
    first_seen = list(dict.fromkeys(event.key for event in storm))

    for place, event in enumerate(storm):
        connected.keep(event)
        if place == len(storm) // 2:
            connected.process()
    connected.process()

    texts = {event.key: f"No {number}" for number, event in enumerate(events, 1)}
    assert connected.texts() == [texts[key] for key in first_seen]
    assert not RawEvent.objects.exclude(state=RawEvent.State.DONE).exists()
    assert not Message.objects.filter(author_kind="CLIENT", source_event_id=None).exists()


def test_a_reply_arrives_once_and_is_known_by_its_id(connected, cast):
    trial = connected.trial
    connected.keep(*trial.events(trial.driver.text("Hello")))
    connected.process()
    message = connected.reply(cast.olga, "Good morning, Anna!")

    connected.carry()

    message.refresh_from_db()
    (seen,) = [one for one in trial.arrived() if "Good morning, Anna!" in one.text]
    assert message.delivery_state in ("SENT", "DELIVERED")
    assert seen.external_id in message.external_parts


def test_silence_after_sending_never_makes_two(connected, cast):
    trial = connected.trial
    connected.keep(*trial.events(trial.driver.text("Hello")))
    connected.process()
    message = connected.reply(cast.olga, "Only once")
    trial.driver.fail("timeout_after")

    for hours in range(6):
        connected.carry(later=timedelta(hours=hours, seconds=1))

    message.refresh_from_db()
    assert len([one for one in trial.arrived() if one.text == "Only once"]) == 1
    is_known = trial.connector.capabilities.idempotency in ("key", "listing")
    assert message.delivery_state in (("SENT", "DELIVERED") if is_known else ("UNKNOWN", "QUEUED", "SENT", "DELIVERED"))


def test_without_a_token_messages_wait_for_a_new_one(connected, cast):
    trial = connected.trial
    connected.keep(*trial.events(trial.driver.text("Hello")))
    connected.process()
    message = connected.reply(cast.olga, "It waits")
    trial.driver.fail("token")

    connected.carry()

    connected.channel.refresh_from_db()
    message.refresh_from_db()
    assert connected.channel.state == Channel.State.TOKEN_REVOKED
    assert (message.delivery_state, Delivery.objects.get(message=message).state) == ("QUEUED", "QUEUED")
    assert trial.secrets_in(connected.channel.last_error) == []


def test_what_a_provider_thinks_up_next_year_is_shown(connected):
    trial = connected.trial
    if "unknown" in trial.driver.cannot:
        pytest.skip(trial.driver.cannot["unknown"])
    connected.keep(*trial.events(trial.driver.unknown()))
    connected.process()

    message = Message.objects.get(chat__channel=connected.channel, author_kind="CLIENT")
    assert message.kind == Message.Kind.UNSUPPORTED
    assert RawEvent.objects.filter(pk=message.source_event_id).exists()
