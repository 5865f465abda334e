"""The drivers of all kinds: ``contract/<kind>.py`` holds that of its kind under the name ``DRIVER``."""

from importlib import import_module

from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.driver import CELLS, Driver


def driver_of(kind: str) -> type[Driver]:
    """Raises ``ImportError`` for a connector without its row."""
    driver: type[Driver] = import_module(f"tests.channels_connectors.contract.{kind}").DRIVER
    return driver


def cells() -> list[tuple[str, str]]:
    """Every cell that is tried: kind and name."""
    return [(kind, cell) for kind in sorted(CONNECTORS) for cell in CELLS if cell not in driver_of(kind).cannot]
