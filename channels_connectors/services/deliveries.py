"""Deliveries are rows: queued with the message, claimed in order per chat, no account at the cost of others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from channels_connectors.models import Delivery
from channels_connectors.services.breaker import TRIPS_AT
from common import doorbell
from common.rows import insert_rows
from common.statements import Statement
from openlines.models import Message

LEASE = timedelta(seconds=60)
# How far the queue is looked through at once for what each account may send.
LOOK_AHEAD = 128
PUBLIC_MESSAGES = Statement(
    lambda ids: (
        Message.objects.filter(pk__any_of=ids, visibility=Message.Visibility.PUBLIC)
        .order_by("pk")
        .values_list("pk", "chat_id", "chat__channel_id")
    )
)
NEXT_DUE = Statement(
    lambda now: (
        Delivery.objects.filter(state=Delivery.State.QUEUED, due_at__gt=now)
        .order_by("due_at")
        .values_list("due_at")[:1]
    )
)


class Claimed(NamedTuple):
    id: int
    channel_id: int


def queue_delivery(*, message_id: int, action: str) -> None:
    """Inside the transaction that stored or changed the message."""
    message = Message.objects.select_related("chat").get(pk=message_id)
    if message.visibility != Message.Visibility.PUBLIC:
        raise ValueError("Staff-only messages never leave")
    Delivery.objects.get_or_create(
        message=message,
        action=action,
        state=Delivery.State.QUEUED,
        defaults={
            "chat_id": message.chat_id,
            "channel_id": message.chat.channel_id,
            "due_at": timezone.now(),
            "sent_parts": _parts_sent_before(message) if action == Delivery.Action.SEND else [],
        },
    )
    transaction.on_commit(ring_deliveries, robust=True)


def queue_first_deliveries(*, message_ids: Sequence[int]) -> None:
    """The same for many messages that were stored just now and are to be sent, in their order."""
    due_at = timezone.now()
    insert_rows([
        Delivery(message_id=pk, chat_id=chat_id, channel_id=channel_id, due_at=due_at)
        for pk, chat_id, channel_id in PUBLIC_MESSAGES.rows(ids=list(message_ids))
    ])  # fmt: skip
    transaction.on_commit(ring_deliveries, robust=True)


def _parts_sent_before(message: Message) -> list[list[str]]:
    """What an earlier try got through, so that a second one by hand sends only the rest."""
    tries = Delivery.objects.filter(message=message, action=Delivery.Action.SEND).order_by("-pk")
    return list(tries.values_list("sent_parts", flat=True).first() or ())


def ring_deliveries() -> None:
    doorbell.ring(doorbell.DELIVERIES)


# Materialised: inside an IN (…) the planner may run the subquery again and again, and LIMIT would hold each time anew.
CLAIM = """
    WITH open AS MATERIALIZED (
        SELECT c.id, %(share)s - coalesce(busy.number, 0) AS room FROM openlines_channel c
        LEFT JOIN channels_connectors_account a ON a.channel_id = c.id
        LEFT JOIN unnest(%(busy)s::bigint[], %(numbers)s::int[]) AS busy (id, number) ON busy.id = c.id
        WHERE c.state NOT IN ('PAUSED', 'DISCONNECTED', 'TOKEN_REVOKED') AND c.id <> ALL(%(held)s)
        AND coalesce(a.paused_until <= %(now)s, true) AND coalesce(a.failures, 0) < %(trips_at)s
        AND coalesce(busy.number, 0) < %(share)s
    ),
    oldest AS MATERIALIZED (
        SELECT d.id, d.channel_id, d.due_at, open.room FROM channels_connectors_delivery d
        JOIN open ON open.id = d.channel_id
        WHERE d.state = 'QUEUED' AND d.due_at <= %(now)s
        AND NOT EXISTS (
            SELECT 1 FROM channels_connectors_delivery earlier
            WHERE earlier.chat_id = d.chat_id AND earlier.id < d.id AND earlier.state IN ('QUEUED', 'SENDING')
        )
        ORDER BY d.due_at LIMIT %(look)s
    ),
    shared AS MATERIALIZED (
        SELECT id, due_at, room, row_number() OVER (PARTITION BY channel_id ORDER BY due_at, id) AS place FROM oldest
    ),
    due AS MATERIALIZED (
        SELECT d.id FROM channels_connectors_delivery d
        WHERE d.id = ANY(ARRAY(SELECT id FROM shared WHERE place <= room ORDER BY due_at, id LIMIT %(limit)s))
        AND d.state = 'QUEUED' FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE channels_connectors_delivery claimed
    SET state = 'SENDING', attempts = claimed.attempts + 1, leased_until = %(lease)s
    FROM due WHERE claimed.id = due.id RETURNING claimed.id, claimed.channel_id
"""
# Of an account that failed too often in a row, one delivery tries whether its provider is well again. The account's
# row is locked and its pause goes on meanwhile, so that no other worker tries as well.
CLAIM_PROBES = """
    WITH ill AS MATERIALIZED (
        SELECT a.id, a.channel_id FROM channels_connectors_account a JOIN openlines_channel c ON c.id = a.channel_id
        WHERE a.failures >= %(trips_at)s AND coalesce(a.paused_until <= %(now)s, true)
        AND c.state NOT IN ('PAUSED', 'DISCONNECTED', 'TOKEN_REVOKED')
        ORDER BY a.id LIMIT %(limit)s FOR UPDATE OF a SKIP LOCKED
    ),
    due AS MATERIALIZED (
        SELECT probe.id, ill.id AS account_id FROM ill, LATERAL (
            SELECT d.id FROM channels_connectors_delivery d
            WHERE d.channel_id = ill.channel_id AND d.state = 'QUEUED' AND d.due_at <= %(now)s
            AND NOT EXISTS (
                SELECT 1 FROM channels_connectors_delivery earlier
                WHERE earlier.chat_id = d.chat_id AND earlier.id < d.id AND earlier.state IN ('QUEUED', 'SENDING')
            )
            ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
        ) probe
    ),
    waiting AS (
        UPDATE channels_connectors_account a SET paused_until = %(lease)s FROM due WHERE a.id = due.account_id
    )
    UPDATE channels_connectors_delivery claimed
    SET state = 'SENDING', attempts = claimed.attempts + 1, leased_until = %(lease)s
    FROM due WHERE claimed.id = due.id RETURNING claimed.id, claimed.channel_id
"""


def claim_due(*, limit: int, now: datetime) -> list[int]:
    """Take up to ``limit`` deliveries, at most one per chat: the oldest that is not finished."""
    probes = claim_probes(limit=limit, now=now)
    return sorted(claimed.id for claimed in [*probes, *claim(limit=limit - len(probes), share=limit, now=now)])


def claim(
    *, limit: int, share: int, now: datetime, busy: Mapping[int, int] | None = None, held: Collection[int] = ()
) -> list[Claimed]:
    """The same, so that no account has more than its ``share`` together with what is ``busy`` for it already, and
    without channels that are ``held`` up."""
    busy = busy or {}
    values = {
        "now": now, "lease": now + LEASE, "limit": limit, "look": max(limit, LOOK_AHEAD), "share": share,
        "trips_at": TRIPS_AT, "busy": list(busy), "numbers": list(busy.values()), "held": list(held),
    }  # fmt: skip
    return _claimed(CLAIM, values)


def claim_probes(*, limit: int, now: datetime) -> list[Claimed]:
    return _claimed(CLAIM_PROBES, {"now": now, "lease": now + LEASE, "limit": limit, "trips_at": TRIPS_AT})


def _claimed(statement: str, values: Mapping[str, Any]) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return sorted(Claimed(*row) for row in cursor.fetchall())


def next_due_at(*, now: datetime) -> datetime | None:
    """When the next one becomes due. What is due already waits for something that rings when it is over."""
    return next((due_at for (due_at,) in NEXT_DUE.rows(now=now)), None)


def renew_leases(delivery_ids: Iterable[int], *, now: datetime) -> None:
    """They are still being sent: a large file may take longer than a lease."""
    sending = Delivery.objects.filter(pk__in=list(delivery_ids), state=Delivery.State.SENDING)
    sending.update(leased_until=now + LEASE)
