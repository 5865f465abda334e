"""Every webhook five times, shuffled, at a thousand a second, over four kinds of channels, while processes are killed:
nothing is lost, nothing doubled, nothing out of order, and providers get no 5xx but while somebody restarts.

``STORM_SECONDS=30`` makes it as long as it is meant to be; without it it takes a few seconds.
"""

import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.bench.figures import percentile
from tests.faults.storming import Storm, Told, out_of_order
from tests.live import LiveProduct, live_product, rows
from tests.senders import ACCOUNTS, request

SECONDS = float(os.environ.get("STORM_SECONDS", "6"))
PER_SECOND = 1000.0
TIMES = 5
CHATS_OF_KIND = 10
VICTIMS = ("web-1", "worker", "valkey")
BETWEEN_KILLS = (0.5, 2.5)
# Who is killed may fail calls until this long after it is back.
GRACE = 3.0
PATIENCE = 120.0
CONNECT = """
import json
from openlines.models import Line
from tests.senders import connect_all

line = Line.objects.order_by("pk").first()
Line.objects.update(is_welcome_sent=False)
print(json.dumps(connect_all(line, "http://127.0.0.1:1")))
"""


@pytest.fixture
def product() -> Iterator[LiveProduct]:
    with live_product() as running:
        yield running


def told_events(hooks: dict[str, str]) -> list[Told]:
    number = int(SECONDS * PER_SECOND / TIMES)
    kinds, events = list(ACCOUNTS), []
    for place in range(number):
        kind = kinds[place % len(kinds)]
        client = 1_000_001 + place // len(kinds) % CHATS_OF_KIND
        text = f"{kind} {client} {place:06}"
        sent = request(ACCOUNTS[kind], hooks[kind], number=place + 1, client=client, text=text)
        events.append(Told((kind, client), text, sent))
    return events


def kill_at_random(product: LiveProduct, over: threading.Event, dice: random.Random) -> list[tuple[str, float, float]]:
    """Who was killed, when, and when they were back; each of them once at least. A machine that is slow to take what
    was sent is not killed for ever."""
    killed: list[tuple[str, float, float]] = []
    until = time.monotonic() + SECONDS
    while len(killed) < len(VICTIMS) or (not over.is_set() and time.monotonic() < until):
        over.wait(dice.uniform(*BETWEEN_KILLS))
        victim = VICTIMS[len(killed)] if len(killed) < len(VICTIMS) else dice.choice(VICTIMS)
        before, at = product.pid_of(victim), time.monotonic()
        product.kill(victim)
        give_up = at + PATIENCE
        while not product.has_come_back(victim, before):
            assert time.monotonic() < give_up, f"{victim} does not come back"
            time.sleep(0.02)
        killed.append((victim, at, time.monotonic()))
    return killed


def wait_until_all_is_read(product: LiveProduct) -> None:
    seen, give_up = None, time.monotonic() + PATIENCE
    while (left := rows(product, "SELECT count(*) FROM channels_connectors_rawevent WHERE state <> 'DONE'")) != [(0,)]:
        if left != seen:
            seen, give_up = left, time.monotonic() + PATIENCE
        assert time.monotonic() < give_up, f"nothing moves: {left}"
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.row("C18")
@pytest.mark.row("D12")
def test_a_storm_loses_doubles_and_mixes_up_nothing(product, capsys):
    hooks = json.loads(product.manage("shell", "--no-imports", "-c", CONNECT))
    events = told_events(hooks)
    storm = Storm(events, port=urlsplit(product.url).port or 0, times=TIMES, per_second=PER_SECOND)
    killed: list[tuple[str, float, float]] = []
    killing = threading.Thread(target=lambda: killed.extend(kill_at_random(product, storm.is_over, random.Random(1))))
    killing.start()
    storm.run()
    killing.join()
    began_at = time.monotonic()
    wait_until_all_is_read(product)
    with capsys.disabled():
        say(storm, killed, len(events), time.monotonic() - began_at)

    stored = rows(
        product,
        "SELECT m.text, m.dialog_id, m.seq FROM openlines_message m"
        " WHERE m.author_kind = 'CLIENT' AND m.text ~ '^[a-z]+ [0-9]+ [0-9]{6}$' ORDER BY m.dialog_id, m.seq",
    )
    texts = [text for text, _dialog, _seq in stored]
    assert len(set(texts)) == len(texts), "doubled"
    assert set(texts) == {event.text for event in events}, "lost"
    assert out_of_order(events, {text: place for place, text in enumerate(texts)}) == []
    assert outside_of(killed, storm.weather.failures) == []


def outside_of(killed: list[tuple[str, float, float]], failures: list[tuple[float, str]]) -> list[str]:
    """What failed although nobody was being restarted."""
    return [how for at, how in failures if not any(began <= at <= back + GRACE for _victim, began, back in killed)]


def say(storm: Storm, killed: list[tuple[str, float, float]], number: int, behind: float) -> None:
    weather = storm.weather
    p50, p99 = (percentile(weather.latencies, share) * 1000 for share in (0.5, 0.99))
    sys.stdout.write(
        f"\n{number} events, {len(weather.latencies)} calls taken in {weather.seconds:.1f} s"
        f" ({len(weather.latencies) / weather.seconds:.0f}/s), answers {dict(weather.statuses)},"
        f" handler p50 {p50:.0f} ms, p99 {p99:.0f} ms, restarts included;"
        f" killed {[victim for victim, *_ in killed]}; all was read {behind:.1f} s after the last call\n"
    )
