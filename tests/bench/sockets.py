"""What an operator who only watches costs: memory for each open console."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from tests.bench import loads
from tests.bench.figures import Figure, figure
from tests.bench.processes import memory_kb
from tests.bench.product import Product, make_scene, running

WARM_UP, SOCKETS = 50, 500


def figures() -> Iterator[Figure]:
    scene = make_scene("sockets", operators=20, dialogs=1)
    with running("sockets", scene, with_worker=False) as product, _open(product, WARM_UP):
        before = memory_kb(product.web.pid)
        with _open(product, SOCKETS):
            growth = memory_kb(product.web.pid) - before
    yield figure("idle_operator_kb", "kB", [growth / SOCKETS], at_most=45)


@contextmanager
def _open(product: Product, sockets: int) -> Iterator[None]:
    wanted = {"port": product.port, "scene": asdict(product.scene), "sockets": sockets}
    with subprocess.Popen(loads.command("idle", wanted), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n", "the consoles could not be opened"
        yield
        process.communicate()
