"""A simulated Meta: its Graph API, and the webhooks that it sends. By its documents, see ``docs/channels.md``."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.providers.meta.server import MetaSimulator
from tests.providers.simulator import running

__all__ = ["MetaSimulator", "simulated_meta"]


@contextmanager
def simulated_meta() -> Iterator[MetaSimulator]:
    with running(MetaSimulator()) as simulator:
        yield simulator
