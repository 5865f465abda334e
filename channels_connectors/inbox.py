"""The inbox: raw events in, stored messages out, in order, each once, whatever is killed in between."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector
from channels_connectors.errors import ConnectorError
from channels_connectors.incoming import store_incoming
from channels_connectors.models import RawEvent
from channels_connectors.reading import completed, read_event
from channels_connectors.registry import connector_for
from common.statements import Statement
from openlines.models import Channel
from openlines.services.locking import hold_channel
from openlines.types import Incoming, IncomingTyping

logger = logging.getLogger(__name__)

BATCH = 128
GIVE_UP_AFTER = timedelta(hours=72)
LONGEST_BACK_OFF = 3600
# Who typed longer ago than this is not shown as typing.
TYPING_LASTS = timedelta(seconds=10)


def _is_due(now: Any) -> Q:
    """A first try is due at once, by whatever clock: the database's, which stamps the events, may be ahead of ours."""
    return Q(attempts=0) | Q(due_at__lte=now)


NEW = RawEvent.objects.filter(state=RawEvent.State.NEW)
WAITING_CHANNELS = Statement(
    lambda now: (
        NEW.filter(_is_due(now))
        .exclude(channel__state=Channel.State.PAUSED)
        .order_by("channel_id")
        .values_list("channel_id", "channel__kind")
        .distinct()
    )
)
WAITING_EVENTS = Statement(
    lambda channel_id, now: (
        NEW.filter(_is_due(now), channel_id=channel_id)
        .order_by("pk")
        .values_list("pk", "body", "attempts", "received_at")[:BATCH]
    )
)
CHANNEL = Statement(
    lambda channel_id: Channel.objects.select_related("line__lead_source", "account").filter(pk=channel_id)
)


class AskFirst(Exception):
    """The provider has to be asked about these events, which nobody does while holding the channel."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A raw event as it was claimed."""

    id: int
    body: bytes
    attempts: int
    received_at: datetime


def keep_event(*, channel_id: int, key: str, body: bytes) -> bool:
    """Commit a raw event; ``False`` when it is known already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_connectors_rawevent (channel_id, key, body)"
            " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [channel_id, key, body],
        )
        return bool(cursor.rowcount == 1)


def channels_with_waiting_events(*, now: datetime, asking: bool | None = None) -> list[int]:
    """A paused channel keeps what it gets until it goes on. With ``asking``, only those whose events do, or don't, have
    to be asked about first."""
    waiting = WAITING_CHANNELS.rows(now=now)
    return [pk for pk, kind in waiting if asking is None or connector_for(kind).asks_first == asking]


def process_channel(*, channel_id: int, now: datetime) -> int:
    """Process what waits in a channel, oldest first; returns how many events were looked at.

    A batch is one transaction. When it fails its events are processed one by one, so that a poisoned event delays
    only itself: it is retried with back-off for 72 hours and stays visible with its error.
    """
    try:
        return _process(channel_id, now)
    except AskFirst:
        return _process_singly(channel_id, now)
    except Exception:
        logger.exception("A batch of channel %s failed; its events are processed one by one", channel_id)
        return _process_singly(channel_id, now)


@transaction.atomic
def _process(channel_id: int, now: datetime) -> int:
    channel, account = _lock_channel(channel_id)
    # It may have been paused while this waited for the lock.
    events = [] if channel.state == Channel.State.PAUSED else _claim(channel_id, now)
    if events and connector_for(channel.kind).asks_first:
        raise AskFirst
    if events:
        _receive(channel, account, events, now)
        _mark_done(events)
        _note_event(channel, now)
    return len(events)


def _lock_channel(channel_id: int) -> tuple[Channel, Account]:
    hold_channel(channel_id)
    (channel,) = CHANNEL.objects(channel_id=channel_id)
    return channel, account_of(channel.account)


def _claim(channel_id: int, now: datetime) -> list[Waiting]:
    return [
        Waiting(pk, bytes(body), attempts, received_at)
        for pk, body, attempts, received_at in WAITING_EVENTS.rows(channel_id=channel_id, now=now)
    ]


def _receive(channel: Channel, account: Account, events: Sequence[Waiting], now: datetime) -> None:
    connector = connector_for(channel.kind)
    incoming = [item for event in events for item in _read(connector, event, account, now)]
    store_incoming(channel, incoming, now)


def _read(connector: Connector, event: Waiting, account: Account, now: datetime) -> Iterable[Incoming]:
    is_fresh = now - event.received_at < TYPING_LASTS
    for item in read_event(connector, event.id, event.body, account):
        if is_fresh or not isinstance(item, IncomingTyping):
            yield item


def _mark_done(events: Sequence[Waiting]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_connectors_rawevent SET state = 'DONE', error = '' WHERE id = ANY(%s)",
            [[event.id for event in events]],
        )


def _note_event(channel: Channel, now: datetime) -> None:
    if channel.last_event_at is None or now - channel.last_event_at > timedelta(seconds=5):
        Channel.objects.filter(pk=channel.pk).update(last_event_at=now)


def _process_singly(channel_id: int, now: datetime) -> int:
    (channel,) = CHANNEL.objects(channel_id=channel_id)
    complete = partial(_complete, connector_for(channel.kind), account_of(channel.account))
    events = _claim(channel_id, now)
    for event in events:
        try:
            _process_one(channel_id, complete(event), now)
        except ConnectorError as error:
            logger.info("Event %s of channel %s waits for its provider", event.id, channel_id)
            _postpone(event, error, now)
        except Exception as error:
            logger.exception("Event %s of channel %s could not be processed", event.id, channel_id)
            _postpone(event, error, now)
    return len(events)


def _complete(connector: Connector, account: Account, event: Waiting) -> Waiting:
    return replace(event, body=completed(connector, event.body, account)) if connector.asks_first else event


@transaction.atomic
def _process_one(channel_id: int, event: Waiting, now: datetime) -> None:
    channel, account = _lock_channel(channel_id)
    if RawEvent.objects.filter(pk=event.id, state=RawEvent.State.NEW).exists():
        _receive(channel, account, [event], now)
        _mark_done([event])
        _note_event(channel, now)


def _postpone(event: Waiting, error: Exception, now: datetime) -> None:
    attempts = event.attempts + 1
    is_over = now - event.received_at > GIVE_UP_AFTER
    RawEvent.objects.filter(pk=event.id).update(
        attempts=attempts,
        error=f"{type(error).__name__}: {error}"[:2000],
        due_at=now + timedelta(seconds=min(2**attempts, LONGEST_BACK_OFF)),
        state=RawEvent.State.FAILED if is_over else RawEvent.State.NEW,
    )


def process_everything(*, now: datetime, asking: bool | None = None) -> int:
    channels = channels_with_waiting_events(now=now, asking=asking)
    return sum(process_channel(channel_id=pk, now=now) for pk in channels)
