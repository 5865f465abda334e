"""Sending what is due, at a moment of the test's choice."""

from datetime import timedelta

import time_machine

from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from openlines.models import Message
from tests.scenes import Scene


def carry(scene: Scene, *, later: float = 1) -> list[int]:
    """Send what is due ``later`` seconds from now, once."""
    moment = scene.now + timedelta(seconds=later)
    with time_machine.travel(moment, tick=False):
        claimed = claim_due(limit=50, now=moment)
        for delivery_id in claimed:
            deliver(delivery_id)
    return claimed


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.delivery_state, message.delivery_error
