"""What a decision costs, and what claiming due timers costs, inside one process on a database that is named by
DATABASE_URL: ``python -m tests.bench.deciding NAME '{"rounds": 100}'`` prints JSON."""

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import django

from tests.bench import databases

if TYPE_CHECKING:
    from openlines.types import IncomingMessage

WARM_UP = 20


def in_process(what: str, database: str, **wanted: Any) -> Any:
    """Run it in a Python of its own and return what it has to say."""
    command = ["-m", "tests.bench.deciding", what, json.dumps(wanted)]
    return json.loads(databases.run_python(command, {"DATABASE_URL": databases.url_for_settings(database)}))


def decisions(*, rounds: int) -> list[float]:
    """Somebody new writes and is offered to whoever is next: milliseconds of the transaction that commits the message
    together with its offer."""
    from openlines.models import Channel, Dialog, Line

    _everyone_is_there()
    # Nobody at the other end knows these clients.
    Line.objects.update(is_welcome_sent=False)
    channel = Channel.objects.select_related("line").get()
    times = [_receive(channel, number) for number, _round in zip(count(1), range(WARM_UP + rounds))]
    offered = Dialog.objects.filter(state=Dialog.State.OFFERED, group=None).count()
    assert offered >= WARM_UP + rounds, "not everything was offered"
    Line.objects.update(is_welcome_sent=True)
    return times[WARM_UP:]


def _everyone_is_there() -> None:
    from crm.models import User

    User.objects.filter(role=User.Role.OPERATOR).update(presence=User.Presence.ONLINE)


def _receive(channel: Any, number: int) -> float:
    from django.db import transaction
    from django.utils import timezone

    from openlines.services.receiving import receive_messages

    began_at = time.perf_counter()
    with transaction.atomic():
        receive_messages(channel=channel, incoming=[_hello(f"decided-{time.time_ns()}-{number}")], now=timezone.now())
    return (time.perf_counter() - began_at) * 1000


def _hello(client: str) -> "IncomingMessage":
    from openlines.types import IncomingMessage, Person

    sender = Person(external_id=client, first_name="Somebody new")
    return IncomingMessage(chat_external_id=client, external_id="hello", sender=sender, text="Hello")


def due_timers(*, due: int) -> float:
    """Seconds until none is due: each claimed under its dialog's lock, its action called, its row gone."""
    from django.utils import timezone

    from openlines.models import Timer
    from openlines.services.timers import fire_due_timers

    now = timezone.now()
    began_at = time.perf_counter()
    fired = 0
    while number := fire_due_timers(now=now):
        fired += number
    seconds = time.perf_counter() - began_at
    assert fired == due, f"{fired} of {due} have fired"
    assert not Timer.objects.filter(due_at__lte=now).exists()
    return seconds


PARTS: dict[str, Callable[..., Any]] = {part.__name__: part for part in (decisions, due_timers)}


def main(what: str, wanted: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    json.dump(PARTS[what](**wanted), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
