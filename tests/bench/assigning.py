"""From a client's first message to the offer: committed, and on the operator's socket.

The message and its offer are committed by one transaction, so that ``assignment_to_offer`` is how long this lasts;
``assignment_to_socket`` counts from the moment at which the webhook was sent. Others wait meanwhile in the same line,
for a group of which nobody is there.
"""

from collections.abc import Iterator
from dataclasses import asdict

import psycopg

from tests.bench import filling, loads
from tests.bench.databases import url_of
from tests.bench.deciding import in_process
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import Product, make_scene, running
from tests.bench.telegram import telegram
from tests.bench.updates import client_of

WAITING = (1, 50, 500)
OPERATORS = (10, 200)
CLIENTS = {"clients": 1, "newcomer_every": 1}
WARM_UP, SECONDS, PER_SECOND = 3.0, 8.0, 10.0
ROUNDS = 80
NAMES = tuple(
    f"assignment_to_{end}_{share}_ms{place}"
    for operators in OPERATORS
    for waiting in WAITING
    for place in [f"_{operators}_{waiting}" if (operators, waiting) != (200, 500) else ""]
    for end in ("offer", "socket")
    for share in ("p50", "p99")
)


def figures() -> Iterator[Figure]:
    for operators in OPERATORS:
        yield from _with(operators)


def _with(operators: int) -> Iterator[Figure]:
    name = f"assigning{operators}"
    numbers = range(1, 1 + int((WARM_UP + len(WAITING) * SECONDS + 1) * PER_SECOND))
    newcomers = sorted({client_of(number, **CLIENTS) for number in numbers})
    with telegram(clients=newcomers) as simulator:
        scene = make_scene(name, operators=operators, dialogs=1, bot_api=simulator.base_url)
        with running(name, scene, with_worker=True) as product:
            first = 1 + _send(product, first=1, seconds=WARM_UP)[1]
            known = 0
            for waiting in WAITING:
                let_wait(name, waiting - known)
                known = waiting
                wait_for_calm()
                times, sent = _send(product, first=first, seconds=SECONDS)
                first += sent
                yield from _both("socket", operators, waiting, times)
                yield from _both("offer", operators, waiting, in_process("decisions", name, rounds=ROUNDS))


def _both(end: str, operators: int, waiting: int, times: list[float]) -> Iterator[Figure]:
    is_the_goal = (operators, waiting) == (OPERATORS[-1], WAITING[-1])
    place = "" if is_the_goal else f"_{operators}_{waiting}"
    yield figure(f"assignment_to_{end}_p50_ms{place}", "ms", [percentile(times, 0.5)])
    goal = 100 if is_the_goal and end == "socket" else None
    yield figure(f"assignment_to_{end}_p99_ms{place}", "ms", [percentile(times, 0.99)], at_most=goal)


def _send(product: Product, *, first: int, seconds: float) -> tuple[list[float], int]:
    outcome = loads.run(
        "inbound", port=product.port, scene=asdict(product.scene), first=first, seconds=seconds,
        per_second=PER_SECOND, patience=20.0, **CLIENTS,
    )  # fmt: skip
    sent = len(outcome["latencies"])
    assert outcome["seen"] == sent, f"of {sent} offers {outcome['seen']} came to a console"
    return [seconds * 1000 for seconds in outcome["arrivals"]], sent


def let_wait(name: str, count: int) -> None:
    """So many clients more wait for somebody of a group."""
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        connection.execute("INSERT INTO crm_staffgroup (name) VALUES ('Absent') ON CONFLICT (name) DO NOTHING")
        connection.execute("SET session_replication_role = replica")
        filling.add_dialogs(
            connection,
            count,
            state="QUEUED",
            changes="'owner_id', NULL, 'group_id', (SELECT min(id) FROM crm_staffgroup), 'answered_at', NULL",
        )
