"""The way out: POST by an operator → stored → claimed → the request arrives at the provider."""

from collections.abc import Iterator
from dataclasses import asdict

from tests.bench import loads
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene, running
from tests.bench.scene import BOT_TOKEN
from tests.bench.telegram import telegram
from tests.bench.updates import FIRST_CLIENT

DIALOGS = 50
PER_SECOND = 10.0
WARM_UP_SECONDS, SECONDS = 3.0, 20.0


def figures() -> Iterator[Figure]:
    clients = range(FIRST_CLIENT, FIRST_CLIENT + DIALOGS)
    with telegram(clients=clients) as simulator:
        scene = make_scene("replies", dialogs=DIALOGS, bot_api=simulator.base_url)
        with running("replies", scene, with_worker=True) as product:

            def reply(seconds: float) -> list[float]:
                """For each reply, how long it took until the provider had it."""
                before = len(simulator.command("calls", token=BOT_TOKEN, method="sendMessage"))
                outcome = loads.run(
                    "replies", port=product.port, scene=asdict(scene), seconds=seconds, per_second=PER_SECOND
                )
                assert set(outcome["statuses"]) == {"201"}, f"replies were answered by {outcome['statuses']}"
                total = before + len(outcome["latencies"])
                simulator.command("wait", token=BOT_TOKEN, what="calls", method="sendMessage", count=total, seconds=30)
                calls = simulator.command("calls", token=BOT_TOKEN, method="sendMessage")[before:]
                return [(call["at"] - float(call["params"]["text"].split()[0])) * 1000 for call in calls]

            reply(WARM_UP_SECONDS)
            wait_for_calm()
            times = reply(SECONDS)
    yield figure("reply_to_provider_p50_ms", "ms", [percentile(times, 0.5)])
    yield figure("reply_to_provider_p99_ms", "ms", [percentile(times, 0.99)])
