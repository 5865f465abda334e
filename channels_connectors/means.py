"""Telling the conversations what each channel kind can carry."""

from channels_connectors.registry import CONNECTORS
from openlines.means import finds_means
from openlines.types import Means


@finds_means
def capabilities_of(kind: str) -> Means | None:
    connector = CONNECTORS.get(kind)
    return connector.capabilities if connector else None
