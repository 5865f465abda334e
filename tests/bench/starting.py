"""How long ``make run`` takes until it is ready, when its data are there already."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.bench.ports import free_port
from tests.bench.product import PROGRAMS

# What leads to the servers of the benchmark; a start brings its own.
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEY", "POSTGRES_PROGRAMS", "TEMPORARY_FOLDER")
ROUNDS = 3
READY = b"Ready: "


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="start-", dir=os.environ["TEMPORARY_FOLDER"]) as folder:
        _seconds_to_ready(Path(folder))
        yield figure("start_to_ready_s", "s", [_seconds_to_ready(Path(folder)) for _ in range(ROUNDS)], at_most=10)


def _seconds_to_ready(folder: Path) -> float:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"VAR_DIR": str(folder), "PORT": str(free_port())}
    began_at = time.monotonic()
    with subprocess.Popen([str(PROGRAMS / "run")], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        is_ready = any(line.startswith(READY) for line in process.stdout)
        seconds = time.monotonic() - began_at
        process.terminate()
        process.communicate()
    assert is_ready, "the product did not start"
    return seconds
