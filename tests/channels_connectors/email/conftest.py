import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@pytest.fixture
def cpu_seconds():
    """What is done inside takes no more of the processor's time than that, however busy the machine is."""

    @contextmanager
    def measured(*, at_most: float) -> Iterator[None]:
        started = time.thread_time()
        yield
        assert time.thread_time() - started <= at_most

    return measured
