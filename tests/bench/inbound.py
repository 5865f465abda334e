"""The whole way in: webhook → stored → processed → routed → a frame on the operator's socket, all processes real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from statistics import median

from tests.bench import ceiling, loads
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import Product, make_scene, running
from tests.bench.telegram import telegram
from tests.bench.updates import client_of

CLIENTS = {"clients": 300, "newcomer_every": 50}
WARM_UP = 200
MESSAGES = 4_000
QUIET = {"per_second": 10.0, "seconds": 12.0}
# Where the updates of each round are numbered from; round zero warms up.
ROUNDS = {number: number * 1_000_000 + 1 for number in range(4)}


def throughput() -> Iterator[Figure]:
    ceiling.prepare()
    bare, rates, costs = [], [], []
    with _product() as product:
        for number in range(1, len(ROUNDS)):
            wait_for_calm()
            bare.append(ceiling.measure(seconds=3.0).per_second)
            before = product.cpu_seconds()
            outcome = _write(product, number, seconds=60.0, count=MESSAGES)
            rates.append(MESSAGES / outcome["all_seconds"])
            costs.append((product.cpu_seconds() - before) / MESSAGES * 1000)
    yield figure("inbound_messages_per_s", "1/s", rates, ceiling=median(bare), ratio_at_least=0.3)
    yield figure("inbound_cpu_ms_per_message", "ms", costs, at_most=2.0)


def latency() -> Iterator[Figure]:
    rounds: list[list[float]] = []
    with _product() as product:
        for number in range(1, len(ROUNDS)):
            wait_for_calm()
            outcome = _write(product, number, **QUIET)
            rounds.append([seconds * 1000 for seconds in outcome["arrivals"]])
    yield figure("message_to_frame_p50_ms", "ms", [percentile(times, 0.5) for times in rounds], at_most=15)
    # One round has too few messages to speak of the slowest of a hundred: this is over all of them.
    yield figure("message_to_frame_p99_ms", "ms", [percentile(chain.from_iterable(rounds), 0.99)], at_most=60)


@contextmanager
def _product() -> Iterator[Product]:
    newcomers = {client_of(number, **CLIENTS) for first in ROUNDS.values() for number in range(first, first + MESSAGES)}
    with telegram(clients=sorted(newcomers)) as simulator:
        scene = make_scene("inbound", dialogs=CLIENTS["clients"], bot_api=simulator.base_url)
        with running("inbound", scene, with_worker=True) as product:
            # The worker takes a moment to start, and first runs cost more than later ones.
            _write(product, 0, seconds=30.0, count=WARM_UP, patience=60.0)
            yield product


def _write(product: Product, number: int, **wanted: float) -> loads.Fields:
    outcome = loads.run(
        "inbound", port=product.port, scene=asdict(product.scene), first=ROUNDS[number], **CLIENTS, **wanted
    )
    assert set(outcome["statuses"]) == {"200"}, f"webhooks were answered by {outcome['statuses']}"
    sent = len(outcome["latencies"])
    assert outcome["seen"] == sent, f"of {sent} messages {outcome['seen']} came to a console"
    return outcome
