"""The channel kinds as administrators see them."""

from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.setup import Setup


def setup_of(kind: str) -> Setup:
    """Channels of a kind that is no longer there keep their page."""
    return SETUPS.get(kind) or Setup(kind=kind, title=kind, hint="")


def is_own(kind: str) -> bool:
    """It has no provider."""
    return kind not in CONNECTORS or not CONNECTORS[kind].inbound
