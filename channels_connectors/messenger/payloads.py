"""Messenger's events, translated. Pure."""

from typing import Any

from channels_connectors.connector import Account
from channels_connectors.meta import messaging
from openlines.types import Incoming

KIND = "messenger"


def incoming_from(payload: Any, account: Account) -> list[Incoming]:
    return messaging.incoming_from(payload, kind=KIND, account=account)
