"""Raw events as what they say."""

import json
import re
from dataclasses import replace
from typing import Any

from channels_connectors.connector import Account, Connector
from channels_connectors.fitting import fitted
from openlines.types import Incoming, IncomingEcho, IncomingMessage, IncomingPress

UNSTORABLE = re.compile(rb"\\u(0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|\x00")


def completed(connector: Connector, body: bytes, account: Account) -> bytes:
    """The event with what the provider says of it when asked. Raises ``ConnectorError``."""
    return json.dumps(connector.complete(connector.read(body), account=account)).encode()


def read_event(connector: Connector, event_id: int, body: bytes, account: Account) -> list[Incoming]:
    """What a raw event says; what it shows to staff points back to it. Raises what ``Connector.parse`` does."""
    items = map(fitted, connector.parse(storable(connector.read(body), body), account=account))
    return [
        replace(item, source_event_id=event_id)
        if isinstance(item, IncomingMessage | IncomingPress | IncomingEcho)
        else item
        for item in items
    ]


def storable(payload: Any, body: bytes) -> Any:
    """The event as the database can keep its texts: without NULs, and without halves of surrogate pairs."""
    return _storable(payload) if UNSTORABLE.search(body) else payload


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
