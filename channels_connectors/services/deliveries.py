"""Deliveries are rows: queued with the message, claimed in order per chat, moved forward only."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, Delivery
from channels_connectors.registry import connector_for
from common import doorbell
from common.rows import insert_rows
from common.statements import Statement
from openlines.models import Channel, Chat, Message
from openlines.services.client_side import record_delivery, set_reachable

LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_BACK_OFF = 300
PUBLIC_MESSAGES = Statement(
    lambda ids: (
        Message.objects.filter(pk__any_of=ids, visibility=Message.Visibility.PUBLIC)
        .order_by("pk")
        .values_list("pk", "chat_id", "chat__channel_id")
    )
)


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
            "sent_parts": _parts_sent_before(message, action),
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


def _parts_sent_before(message: Message, action: str) -> list[list[str]]:
    """What an earlier try got through, so that a second one by hand sends only the rest."""
    tries = Delivery.objects.filter(message=message, action=action).order_by("-pk")
    return list(tries.values_list("sent_parts", flat=True).first() or ())


def ring_deliveries() -> None:
    doorbell.ring(doorbell.DELIVERIES)


# Materialised: inside an IN (…) the planner may run the subquery again and again, and LIMIT would hold each time anew.
CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT d.id FROM channels_connectors_delivery d
        JOIN openlines_channel c ON c.id = d.channel_id AND c.state NOT IN ('PAUSED', 'DISCONNECTED', 'TOKEN_REVOKED')
        LEFT JOIN channels_connectors_account a ON a.channel_id = d.channel_id
        WHERE d.state = 'QUEUED' AND d.due_at <= %(now)s AND coalesce(a.paused_until <= %(now)s, true)
        AND NOT EXISTS (
            SELECT 1 FROM channels_connectors_delivery earlier
            WHERE earlier.chat_id = d.chat_id AND earlier.id < d.id AND earlier.state IN ('QUEUED', 'SENDING')
        )
        ORDER BY d.due_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE channels_connectors_delivery claimed
    SET state = 'SENDING', attempts = claimed.attempts + 1, leased_until = %(lease)s
    FROM due WHERE claimed.id = due.id RETURNING claimed.id
"""


def claim_due(*, limit: int, now: datetime) -> list[int]:
    """Take up to ``limit`` deliveries, at most one per chat: the oldest that is not finished."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "lease": now + LEASE, "limit": limit})
        return sorted(row[0] for row in cursor.fetchall())


def next_due_at() -> datetime | None:
    waiting = Delivery.objects.filter(state=Delivery.State.QUEUED)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def renew_leases(delivery_ids: Iterable[int], *, now: datetime) -> None:
    """They are still being sent: a large file may take longer than a lease."""
    sending = Delivery.objects.filter(pk__in=list(delivery_ids), state=Delivery.State.SENDING)
    sending.update(leased_until=now + LEASE)


@transaction.atomic
def record_success(delivery: Delivery, receipt: Receipt | None, *, now: datetime) -> None:
    """What the provider has accepted is sent, even if we were given up meanwhile."""
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    _finish(delivery, Delivery.State.SENT, "", now)
    if delivery.action == Delivery.Action.SEND and receipt is not None:
        state = Message.Delivery.DELIVERED if receipt.is_delivered else Message.Delivery.SENT
        record_delivery(message_id=delivery.message_id, state=state, external_parts=receipt.parts)


@transaction.atomic
def record_failure(delivery: Delivery, error: ConnectorError, *, now: datetime) -> None:
    """Try later, or give up in words a person can act on."""
    if not _is_still_ours(delivery):
        return
    kind = "RETRY" if error.kind == "UNKNOWN" and _may_be_repeated(delivery) else error.kind
    if kind == "TOKEN":
        _suspend_channel(delivery, error, now)
    elif kind == "RETRY" and now - delivery.created_at < GIVE_UP_AFTER:
        _postpone(delivery, error, now)
    elif kind == "UNKNOWN":
        _give_up(delivery, error, Delivery.State.UNKNOWN, "UNKNOWN", now)
    else:
        code = {"RETRY": "EXPIRED_RETRIES", "BLOCKED": "BLOCKED"}.get(kind, "PERMANENT")
        _give_up(delivery, error, Delivery.State.FAILED, code, now)
    if kind == "BLOCKED":
        set_reachable(Chat.objects.get(pk=delivery.chat_id), is_reachable=False, now=now)


def _is_still_ours(delivery: Delivery) -> bool:
    """Not after a lease ran out and somebody else decided or tries."""
    held = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    return held.state == Delivery.State.SENDING and held.attempts == delivery.attempts


def _may_be_repeated(delivery: Delivery) -> bool:
    """Editing or deleting twice is as good as once; sending is, where the provider knows doubles."""
    connector = connector_for(delivery.channel.kind)
    return delivery.action != Delivery.Action.SEND or connector.capabilities.idempotency == "key"


def _suspend_channel(delivery: Delivery, error: ConnectorError, now: datetime) -> None:
    """Nothing can be sent until an administrator reconnects; the message waits and goes out then."""
    Channel.objects.filter(pk=delivery.channel_id, state__in=[Channel.State.CONNECTED, Channel.State.DEGRADED]).update(
        state=Channel.State.TOKEN_REVOKED, last_error=str(error), last_error_at=now
    )
    _requeue(delivery, error, now)


def _postpone(delivery: Delivery, error: ConnectorError, now: datetime) -> None:
    if error.retry_after is not None:
        due_at = now + timedelta(seconds=error.retry_after)
        Account.objects.filter(channel_id=delivery.channel_id).update(paused_until=due_at)
    else:
        due_at = now + timedelta(seconds=min(2 ** (delivery.attempts - 1), LONGEST_BACK_OFF))
        Channel.objects.filter(pk=delivery.channel_id).update(last_error=str(error), last_error_at=now)
    _requeue(delivery, error, due_at)


def _requeue(delivery: Delivery, error: ConnectorError, due_at: datetime) -> None:
    delivery.state, delivery.error, delivery.due_at, delivery.leased_until = (
        Delivery.State.QUEUED, str(error), due_at, None,
    )  # fmt: skip
    delivery.save(update_fields=["state", "error", "due_at", "leased_until", "sent_parts"])


def _give_up(delivery: Delivery, error: ConnectorError, state: str, code: str, now: datetime) -> None:
    _finish(delivery, state, str(error), now)
    if delivery.action == Delivery.Action.SEND:
        message_state = Message.Delivery.UNKNOWN if state == Delivery.State.UNKNOWN else Message.Delivery.FAILED
        record_delivery(message_id=delivery.message_id, state=message_state, error=code)


def _finish(delivery: Delivery, state: str, error: str, now: datetime) -> None:
    delivery.state, delivery.error, delivery.finished_at, delivery.leased_until = state, error, now, None
    delivery.save(update_fields=["state", "error", "finished_at", "leased_until", "sent_parts"])


def recover_abandoned(*, now: datetime) -> int:
    """Deliveries whose worker died in the middle: repeated where doubles do no harm, else a person decides."""
    abandoned = Delivery.objects.filter(state=Delivery.State.SENDING, leased_until__lt=now)
    ids = list(abandoned.order_by("pk").values_list("pk", flat=True))
    for delivery_id in ids:
        _recover(delivery_id, now)
    return len(ids)


@transaction.atomic
def _recover(delivery_id: int, now: datetime) -> None:
    abandoned = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(
        pk=delivery_id, state=Delivery.State.SENDING, leased_until__lt=now
    )
    delivery = abandoned.select_related("channel").first()
    if delivery is not None:
        record_failure(delivery, ConnectorError("the worker stopped while sending", kind="UNKNOWN"), now=now)
