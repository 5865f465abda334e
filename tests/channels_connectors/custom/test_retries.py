"""Replies to a partner that is ill: again after ever longer pauses, and in the end for a person to decide."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from channels_connectors.inbox import process_channel
from channels_connectors.models import Delivery
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Channel, Dialog, Line
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog

pytestmark = pytest.mark.row("C16")


@pytest.fixture
def reply(shop, driver, partner, bring, cast):
    Line.objects.update(is_welcome_sent=False)
    bring(partner.signed(dict(driver.text("Hello"))))
    now = timezone.now()
    process_channel(channel_id=shop.pk, now=now)
    dialog = Dialog.objects.get(channel=shop)
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=now)
    message, _ = send_reply(dialog_id=dialog.pk, operator=cast.olga, text="On its way", now=now)
    return message


def carry(moment) -> None:
    with time_machine.travel(moment, tick=False):
        for delivery_id in claim_due(limit=5, now=moment):
            deliver(delivery_id)


def test_pauses_grow_to_hours_and_a_day_is_enough(reply, shop, partner):
    partner.fault("503", count=1000)
    moment, pauses = timezone.now(), []
    while Delivery.objects.get(message=reply).state == Delivery.State.QUEUED:
        carry(moment)
        delivery = Delivery.objects.get(message=reply)
        pauses.append((delivery.due_at - moment).total_seconds())
        moment = max(delivery.due_at, moment + timedelta(seconds=1))

    expected = [5, 30, 120, 600, 3600, 6 * 3600]
    assert [pause for pause in pauses[:6] if pause] == pytest.approx(expected, rel=0.3)
    reply.refresh_from_db()
    assert (reply.delivery_state, reply.delivery_error) == ("FAILED", "EXPIRED_RETRIES")
    assert len(partner.calls_to("/openlines")) < 15


def test_gone_for_good_stops_the_channel_and_loses_nothing(reply, shop, partner):
    partner.fault("gone")
    carry(timezone.now())

    shop.refresh_from_db()
    assert shop.state == Channel.State.TOKEN_REVOKED
    assert "410" in shop.last_error
    assert Delivery.objects.get(message=reply).state == Delivery.State.QUEUED
