"""The channel kinds. Adding one is a folder and a line here."""

from channels_connectors.connector import Connector
from channels_connectors.livechat.connector import LiveChat
from channels_connectors.sandbox.connector import Sandbox
from channels_connectors.telegram.connector import Telegram
from common.errors import NotFound

CONNECTORS: dict[str, Connector] = {connector.kind: connector for connector in (Telegram(), LiveChat(), Sandbox())}


def connector_for(kind: str) -> Connector:
    """Raises ``NotFound`` for an unknown kind."""
    try:
        return CONNECTORS[kind]
    except KeyError:
        raise NotFound from None
