"""Typed events between apps: lower apps publish, higher apps subscribe.

A handler runs either inside the publisher's transaction (state that must be exact) or after commit
(screens, queues, webhooks), and says which by the decorator it uses.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)

Event = TypeVar("Event")
Handler = Callable[[Any], None]

_inside: dict[type, list[Handler]] = defaultdict(list)
_after: dict[type, list[Handler]] = defaultdict(list)


def in_transaction(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Subscribe inside the transaction: an exception here undoes what the publisher did."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        _inside[event_type].append(handler)
        return handler

    return register


def after_commit(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Subscribe after commit: an exception here is logged, the change stays."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        _after[event_type].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    for handler in _inside[type(event)]:
        handler(event)
    for handler in _after[type(event)]:
        transaction.on_commit(_call_later(handler, event), robust=True)


def _call_later(handler: Handler, event: object) -> Callable[[], None]:
    return lambda: handler(event)
