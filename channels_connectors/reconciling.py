"""Looking for what webhooks may have lost, where the provider can be asked: from time to time, whoever comes first."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Q

from channels_connectors.accounts import account_of
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import keep_event
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS, connector_for
from common import doorbell
from openlines.models import Channel

logger = logging.getLogger(__name__)

THREADS = 4
LEASE = timedelta(minutes=5)
WORKING = [Channel.State.CONNECTED, Channel.State.DEGRADED]


def claim_accounts_to_reconcile(holder: str, *, now: datetime, limit: int = THREADS) -> list[int]:
    """The channels whose turn it is, in the hands of the holder: a dead one's come up again when its lease is over."""
    turn = Q(pk=None)
    for kind, connector in CONNECTORS.items():
        if connector.reconcile_seconds:
            before = now - timedelta(seconds=connector.reconcile_seconds)
            turn |= Q(channel__kind=kind) & (Q(reconciled_at=None) | Q(reconciled_at__lte=before))
    free = Q(polled_until=None) | Q(polled_until__lt=now)
    with transaction.atomic():
        due = Account.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            turn, free, inbound=Account.Inbound.WEBHOOK, channel__state__in=WORKING
        )
        channel_ids = [account.channel_id for account in due.order_by("reconciled_at")[:limit]]
        Account.objects.filter(channel_id__in=channel_ids).update(polled_by=holder, polled_until=now + LEASE)
    return channel_ids


def reconcile_channel(channel_id: int, holder: str, *, now: datetime) -> int:
    """Ask once and keep what is not known yet; returns how many events that were."""
    account = Account.objects.select_related("channel").filter(channel_id=channel_id, polled_by=holder).first()
    if account is None:
        return 0
    found, cursor = 0, account.reconcile_cursor
    try:
        polled = connector_for(account.channel.kind).reconcile(cursor=cursor, account=account_of(account))
        with transaction.atomic():
            found = sum(keep_event(channel_id=channel_id, key=one.key, body=one.body) for one in polled.events)
            held = Account.objects.filter(channel_id=channel_id, polled_by=holder)
            held.update(reconcile_cursor=polled.cursor)
    except ConnectorError as error:
        # Whether the account is well is for others to find out: see services/watch.py.
        logger.info("Channel %s could not be asked for what may be lost: %s", channel_id, error.kind)
    finally:
        mine = Account.objects.filter(channel_id=channel_id, polled_by=holder)
        mine.update(polled_by="", polled_until=None, reconciled_at=now)
    if found:
        logger.warning("Webhooks of channel %s had lost %d events", channel_id, found)
        doorbell.ring(doorbell.INBOX)
    return found


class Reconcilers:
    """A few threads that ask; never more accounts are held than are asked at once."""

    def __init__(self, holder: str) -> None:
        self._holder = f"{holder[:48]}-reconciling"
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reconciler")
        self._busy: list[Future[None]] = []

    def look(self, *, now: datetime) -> None:
        self._busy = [future for future in self._busy if not future.done()]
        if room := THREADS - len(self._busy):
            channel_ids = claim_accounts_to_reconcile(self._holder, now=now, limit=room)
            self._busy += [self._pool.submit(_reconcile, pk, self._holder, now) for pk in channel_ids]


def _reconcile(channel_id: int, holder: str, now: datetime) -> None:
    try:
        close_old_connections()
        reconcile_channel(channel_id, holder, now=now)
    except Exception:
        logger.exception("Channel %s could not be asked for what may be lost", channel_id)
    finally:
        connection.close()
