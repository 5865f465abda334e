"""Long polling for channels whose provider can't call us: one lease per account over all machines, resumed by cursor.

The cursor moves only after the events are committed, so a crash asks for them again and the inbox drops the doubles.
"""

import logging
import threading
import uuid
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from channels_connectors.accounts import account_of
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import keep_event
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from common import doorbell
from openlines.models import Channel

logger = logging.getLogger(__name__)

WAIT_SECONDS = 20
LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LOOK_EVERY = 2.0

POLLED = [Channel.State.CONNECTED, Channel.State.DEGRADED]


def claim_accounts(holder: str) -> list[int]:
    """Take the polled accounts that nobody holds; returns the channels now held for the first time."""
    now = timezone.now()
    with transaction.atomic():
        free = Account.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            Q(polled_until=None) | Q(polled_until__lt=now), inbound=Account.Inbound.POLL, channel__state__in=POLLED
        )
        channel_ids = [account.channel_id for account in free]
        Account.objects.filter(channel_id__in=channel_ids).update(polled_by=holder, polled_until=now + LEASE)
    return channel_ids


def poll_once(channel_id: int, holder: str) -> bool:
    """Ask once and store what came; ``False`` when the account is no longer ours. Raises ``ConnectorError``."""
    account = Account.objects.select_related("channel").filter(
        channel_id=channel_id, polled_by=holder, inbound=Account.Inbound.POLL, channel__state__in=POLLED
    ).first()  # fmt: skip
    if account is None:
        return False
    _renew(channel_id, holder)
    connector = connector_for(account.channel.kind)
    polled = connector.poll(cursor=account.cursor, timeout=WAIT_SECONDS, account=account_of(account))
    with transaction.atomic():
        for event in polled.events:
            keep_event(channel_id=channel_id, key=event.key, body=event.body)
        Account.objects.filter(channel_id=channel_id, polled_by=holder).update(cursor=polled.cursor)
    if polled.events:
        doorbell.ring(doorbell.INBOX)
    return _renew(channel_id, holder)


def _renew(channel_id: int, holder: str) -> bool:
    held = Account.objects.filter(channel_id=channel_id, polled_by=holder)
    return held.update(polled_until=timezone.now() + LEASE) == 1


def let_go(channel_id: int, holder: str) -> None:
    Account.objects.filter(channel_id=channel_id, polled_by=holder).update(polled_by="", polled_until=None)


def note_trouble(channel_id: int, error: ConnectorError) -> None:
    state = Channel.State.TOKEN_REVOKED if error.kind == "TOKEN" else Channel.State.DEGRADED
    Channel.objects.filter(pk=channel_id, state__in=POLLED).update(
        state=state, last_error=str(error), last_error_at=timezone.now()
    )


def note_recovery(channel_id: int) -> None:
    Channel.objects.filter(pk=channel_id, state=Channel.State.DEGRADED).update(state=Channel.State.CONNECTED)


class Poller(threading.Thread):
    """Polls one account until it is no longer ours."""

    def __init__(self, channel_id: int, holder: str, stopped: threading.Event) -> None:
        super().__init__(name=f"poller-{channel_id}", daemon=True)
        self._channel_id = channel_id
        self._holder = holder
        self._stopped = stopped

    def run(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            close_old_connections()
            try:
                if not poll_once(self._channel_id, self._holder):
                    break
                if pause:
                    note_recovery(self._channel_id)
                pause = 0.0
            except ConnectorError as error:
                note_trouble(self._channel_id, error)
                pause = error.retry_after or min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            except Exception:
                logger.exception("Polling channel %s failed and goes on", self._channel_id)
                connection.close()
                pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        let_go(self._channel_id, self._holder)
        connection.close()


class Pollers(threading.Thread):
    """Supervises the pollers of this process: takes accounts that are free, starts what has died."""

    def __init__(self) -> None:
        super().__init__(name="pollers", daemon=True)
        self._holder = uuid.uuid4().hex
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            try:
                close_old_connections()
                for channel_id in claim_accounts(self._holder):
                    Poller(channel_id, self._holder, self._stopped).start()
            except Exception:
                logger.exception("Looking for accounts to poll failed and goes on")
                connection.close()
