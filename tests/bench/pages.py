"""A page of the list of dialogs over the REST API, with ten thousand of them."""

from collections.abc import Iterator

import psycopg

from tests.bench import databases, loads
from tests.bench.figures import Figure, figure
from tests.bench.filling import add_dialogs
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene, running

DIALOGS = 10_000
PAGE = "/api/v1/dialogs/?tab=all"
ROUNDS, CALLS = 3, 200


def figures() -> Iterator[Figure]:
    """Read by an operator who may see the whole line, which asks more of the database than an administrator."""
    scene = make_scene("pages", dialogs=1)
    with psycopg.connect(databases.url_of("pages"), autocommit=True) as connection:
        connection.execute("UPDATE openlines_line SET access = 'LINE'")
        add_dialogs(connection, DIALOGS, state="ACTIVE")
        connection.execute("VACUUM ANALYZE")
    with running("pages", scene, with_worker=False) as product:

        def read(count: int) -> float:
            """Milliseconds of CPU for each call, of all processes."""
            before = product.cpu_seconds()
            outcome = loads.run(
                "pages", port=product.port, path=PAGE, token=scene.tokens[-1], lines=1, seconds=60.0, count=count
            )
            assert outcome["statuses"] == {"200": count}, f"the page was answered by {outcome['statuses']}"
            return (product.cpu_seconds() - before) / count * 1000

        read(20)
        wait_for_calm()
        yield figure("list_page_cpu_ms", "ms", [read(CALLS) for _ in range(ROUNDS)], at_most=5)
