"""Messages that wait, until the provider has them and we know it: one worker, a simulated provider on the loopback."""

import time
from collections.abc import Iterator

from tests.bench import databases
from tests.bench.figures import Figure, figure
from tests.bench.processes import cpu_seconds, wait_for_calm
from tests.bench.product import Product, make_scene, running
from tests.bench.telegram import telegram
from tests.bench.updates import FIRST_CLIENT

NAMES = ("deliveries_per_s", "delivery_cpu_ms_per_message")
DATABASE = "delivering"
DIALOGS, EACH, WARM_UP = 200, 10, 1
ROUNDS = 3
PATIENCE = 300.0
# What is measured is us, not the pace that the provider asks for; it is asked for each message all the same.
RATES = """UPDATE channels_connectors_account SET settings = '{"rates": {"account": 100000, "chat": 1000}}'"""
STATE = "UPDATE openlines_channel SET state = '{}'"
LEFT = "SELECT count(*) FROM channels_connectors_delivery WHERE state IN ('QUEUED', 'SENDING')"
LOST = "SELECT count(*) FROM channels_connectors_delivery WHERE state <> 'SENT'"


def figures() -> Iterator[Figure]:
    rates, costs = [], []
    with telegram(clients=range(FIRST_CLIENT, FIRST_CLIENT + DIALOGS)) as simulator:
        scene = make_scene(DATABASE, dialogs=DIALOGS, bot_api=simulator.base_url)
        databases.execute(DATABASE, RATES)
        with running(DATABASE, scene, with_worker=True) as product:
            _deliver(product, WARM_UP)
            for _ in range(ROUNDS):
                rate, cost = _deliver(product, EACH)
                rates.append(rate)
                costs.append(cost)
    yield figure("deliveries_per_s", "1/s", rates)
    yield figure("delivery_cpu_ms_per_message", "ms", costs, at_most=4.0)


def _deliver(product: Product, each: int) -> tuple[float, float]:
    """Messages a second, and what each cost the worker, from the moment at which the channel may send."""
    databases.execute(DATABASE, STATE.format("PAUSED"))
    environment = {"DATABASE_URL": databases.url_for_settings(DATABASE)}
    number = int(databases.run_python(["-m", "tests.bench.outgoing", str(each)], environment))
    wait_for_calm()
    worker = [process.pid for process in product.others]
    began_at, before = time.monotonic(), cpu_seconds(worker)
    databases.execute(DATABASE, STATE.format("CONNECTED"))
    while databases.execute(DATABASE, LEFT) != (0,):
        assert time.monotonic() < began_at + PATIENCE, "the worker does not come to an end"
        time.sleep(0.02)
    took, used = time.monotonic() - began_at, cpu_seconds(worker) - before
    assert databases.execute(DATABASE, LOST) == (0,), "some were not sent"
    return number / took, used / number * 1000
