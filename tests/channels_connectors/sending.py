"""Sending a whole message through a connector, as ``services.sending`` does."""

from channels_connectors.connector import Account, Connector, Receipt
from channels_connectors.errors import ConnectorError
from openlines.types import OutgoingMessage


def send_all(connector: Connector, message: OutgoingMessage, account: Account, *, after: int = 0) -> Receipt:
    """All parts but the first ``after``. A failure tells as ``sent`` what got through before it."""
    sent: list[str] = []
    for part in connector.parts_of(message, account)[after:]:
        try:
            sent += connector.send(part, account).parts
        except ConnectorError as error:
            error.sent = tuple(sent)
            raise
    return Receipt(parts=tuple(sent))
