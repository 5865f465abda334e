"""Webhook → raw event committed → 200, against what bare PostgreSQL does with single commits."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from statistics import median

from tests.bench import ceiling, filling, loads
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import Product, make_scene, running

ROUNDS = 3
SECONDS = 3.0
CLIENTS = 20_000
# Numbers of updates that were not used before.
_first = count(1, 10_000_000)


@dataclass(slots=True)
class Runs:
    """Rates in messages per second and the slowest of a hundred in milliseconds, one for each round."""

    per_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


def figures() -> Iterator[Figure]:
    scene = make_scene("hooks", dialogs=1)
    ceiling.prepare()
    bare, ours = Runs(), Runs()
    with running("hooks", scene, with_worker=False) as product:
        _take_webhooks(product)
        for _ in range(ROUNDS):
            _measure_ceiling(bare)
            _measure(product, ours, rate=bare.per_second[-1] / 2)
    top = median(bare.per_second)
    yield figure("webhook_stored_per_s", "1/s", ours.per_second, ceiling=top, ratio_at_least=1.0)
    yield figure("webhook_p99_ms", "ms", ours.p99_ms, ceiling=median(bare.p99_ms), ratio_at_most=3.0)


def growth() -> Iterator[Figure]:
    """The same with a thousand and with a million messages and raw events in the database."""
    sizes = {"thousand": 1_000, "million": 1_000_000}
    scenes = {name: make_scene(name, dialogs=1) for name in sizes}
    for name, messages in sizes.items():
        filling.fill(name, messages=messages)
    runs = {name: Runs() for name in sizes}
    for number in range(ROUNDS):
        # In turns, each first as often as second: whatever else the machine does hits both alike.
        for name in sorted(sizes, reverse=number % 2 == 0):
            with running(name, scenes[name], with_worker=False) as product:
                _take_webhooks(product)
                _measure(product, runs[name], rate=1000)
    small, large = runs["thousand"], runs["million"]
    slower = [one / two for one, two in zip(small.per_second, large.per_second, strict=True)]
    later = [two / one for one, two in zip(small.p99_ms, large.p99_ms, strict=True)]
    yield figure("webhook_stored_growth", "times slower", slower, at_most=1.2)
    yield figure("webhook_p99_growth", "times longer", later, at_most=1.2)


def _measure_ceiling(runs: Runs) -> None:
    wait_for_calm()
    fastest = ceiling.measure(seconds=SECONDS)
    runs.per_second.append(fastest.per_second)
    runs.p99_ms.append(ceiling.measure(seconds=SECONDS, per_second=fastest.per_second / 2).p99_ms)


def _measure(product: Product, runs: Runs, *, rate: float) -> None:
    wait_for_calm()
    fastest = _take_webhooks(product)
    runs.per_second.append(len(fastest["latencies"]) / fastest["seconds"])
    runs.p99_ms.append(percentile(_take_webhooks(product, per_second=rate)["latencies"], 0.99) * 1000)


def _take_webhooks(product: Product, **wanted: float) -> loads.Fields:
    outcome = loads.run(
        "hooks", port=product.port, scene=asdict(product.scene), clients=CLIENTS, seconds=SECONDS, first=next(_first),
        **wanted,
    )  # fmt: skip
    _require_ok(outcome["statuses"])
    return outcome


def _require_ok(statuses: dict[str, int]) -> None:
    assert set(statuses) == {"200"}, f"webhooks were answered by {statuses}"
