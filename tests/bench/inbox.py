"""Webhooks of four kinds at once, stored and processed by one web process and one worker, all of it real."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from tests.bench import ceiling, databases, loads
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import Product, make_scene, running

NAMES = ("inbox_events_per_s", "inbox_p99_ms", "inbox_behind_s")
ROUNDS = 3
CLIENTS = 75
EVENTS = 4_000
STEADY = {"per_second": 500.0, "seconds": 8.0}
PATIENCE = 120.0
LEFT = "SELECT count(*) FROM channels_connectors_rawevent WHERE state = 'NEW'"
FAILED = "SELECT count(*) FROM channels_connectors_rawevent WHERE attempts > 0"

Hooks = dict[str, str]


def figures() -> Iterator[Figure]:
    ceiling.prepare()
    bare, rates, p99s, behind = [], [], [], []
    with _product() as (product, hooks):
        for number in range(1, ROUNDS + 1):
            wait_for_calm()
            bare.append(ceiling.measure(seconds=3.0).per_second)
            wait_for_calm()
            rates.append(EVENTS / _store_and_process(product, hooks, 2 * number, count=EVENTS, seconds=60.0))
            wait_for_calm()
            outcome = _send(product, hooks, 2 * number + 1, **STEADY)
            behind.append(_seconds_until_read(product))
            p99s.append(percentile(outcome["latencies"], 0.99) * 1000)
    yield figure("inbox_events_per_s", "1/s", rates, ceiling=median(bare), ratio_at_least=0.25)
    yield figure("inbox_p99_ms", "ms", p99s, at_most=100)
    # At 500 a second: how long after the last one all were processed.
    yield figure("inbox_behind_s", "s", behind, at_most=1)


def _store_and_process(product: Product, hooks: Hooks, number: int, **wanted: float) -> float:
    """How many seconds it took until the last one was processed."""
    outcome = _send(product, hooks, number, **wanted)
    return float(outcome["seconds"]) + _seconds_until_read(product)


def _send(product: Product, hooks: Hooks, number: int, **wanted: float) -> loads.Fields:
    first = number * 1_000_000
    outcome = loads.run("inbox", port=product.port, hooks=hooks, clients=CLIENTS, first=first, **wanted)
    assert set(outcome["statuses"]) == {"200"}, f"webhooks were answered by {outcome['statuses']}"
    return outcome


def _seconds_until_read(product: Product) -> float:
    began_at = time.monotonic()
    while databases.execute(product.database, LEFT) != (0,):
        assert time.monotonic() < began_at + PATIENCE, "the worker does not come to an end"
        time.sleep(0.02)
    assert databases.execute(product.database, FAILED) == (0,), "some events could not be processed"
    return time.monotonic() - began_at


@contextmanager
def _product() -> Iterator[tuple[Product, Hooks]]:
    scene = make_scene("inbox", dialogs=1)
    environment = {"DATABASE_URL": databases.url_for_settings("inbox")}
    hooks = json.loads(databases.run_python(["-m", "tests.bench.kinds", str(CLIENTS)], environment))
    with running("inbox", scene, with_worker=True) as product:
        # The worker takes a moment to start, and first runs cost more than later ones.
        _store_and_process(product, hooks, 1, count=400, seconds=30.0)
        yield product, hooks
