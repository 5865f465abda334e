"""The servers that tests run beside, so that a plain ``pytest`` works too."""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

from common.runtime.temporary_services import running_valkey, temporary_services


def ensure_services() -> None:
    """PostgreSQL and Valkey for this run, and a Valkey of its own for each parallel worker.

    Parallel workers share a PostgreSQL, as each makes a database of its own; what is published in a Valkey would reach
    the others' subscribers, whatever database number they chose.
    """
    held = ExitStack()
    atexit.register(held.close)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        del os.environ["REDIS_URL"]
        os.environ.update(held.enter_context(running_valkey(Path(os.environ["TEMPORARY_FOLDER"]) / worker)))
    else:
        os.environ.update(held.enter_context(temporary_services()))
