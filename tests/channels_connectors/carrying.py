"""Sending what is due: at a moment of the test's choice, or all the time as a worker does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.db import connections
from django.utils import timezone

from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.outcomes import recover_abandoned
from channels_connectors.services.sending import Sender, deliver
from openlines.models import Message
from tests.scenes import Scene

PAUSE = 0.02


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


@contextmanager
def at_work() -> Iterator[None]:
    """A worker's sender and its sweep, in threads of this process."""
    stopped = threading.Event()
    thread = threading.Thread(target=_work, args=(stopped,))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _work(stopped: threading.Event) -> None:
    sender = Sender()
    while not stopped.is_set():
        if not sender.send_due(now=timezone.now()):
            recover_abandoned(now=timezone.now())
            stopped.wait(PAUSE)
    sender.close()
    connections.close_all()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 30.0) -> None:
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(PAUSE / 4)
