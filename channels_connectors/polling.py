"""Polling for channels whose provider can't call us, and looks for what webhooks may have lost: one lease per account
over all machines, resumed by cursor.

The cursor moves only after the events are committed, so a crash asks for them again and the inbox drops the doubles.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from channels_connectors.accounts import account_of
from channels_connectors.connector import Polled
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import keep_event
from channels_connectors.models import Account
from channels_connectors.reconciling import Reconcilers
from channels_connectors.registry import connector_for
from channels_connectors.services.states import move_state
from common import doorbell
from openlines.models import Channel

logger = logging.getLogger(__name__)

WAIT_SECONDS = 20
LEASE = timedelta(seconds=60)
# Who waits for longer shows in between that the account is still held.
LONGEST_SLICE = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LOOK_EVERY = 2.0
# Threads that sleep are cheap, but not for nothing; other workers take the rest.
MOST_ACCOUNTS = 500

POLLED = [Channel.State.CONNECTED, Channel.State.DEGRADED]


def claim_accounts(holder: str, *, limit: int = MOST_ACCOUNTS) -> list[int]:
    """Take the polled accounts that nobody holds; returns the channels now held for the first time."""
    now = timezone.now()
    with transaction.atomic():
        free = Account.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            Q(polled_until=None) | Q(polled_until__lt=now), inbound=Account.Inbound.POLL, channel__state__in=POLLED
        )[:limit]  # fmt: skip
        channel_ids = [account.channel_id for account in free]
        Account.objects.filter(channel_id__in=channel_ids).update(polled_by=holder, polled_until=now + LEASE)
    return channel_ids


def poll_once(channel_id: int, holder: str, *, before_asking: Callable[[], None] = lambda: None) -> float | None:
    """Ask once and store what came; returns how many seconds to wait before the next time, ``None`` when the account
    is no longer ours. Raises ``ConnectorError``."""
    account = Account.objects.select_related("channel").filter(
        channel_id=channel_id, polled_by=holder, inbound=Account.Inbound.POLL, channel__state__in=POLLED
    ).first()  # fmt: skip
    if account is None or not renew(channel_id, holder):
        return None
    connector = connector_for(account.channel.kind)
    before_asking()
    polled = connector.poll(cursor=account.cursor, timeout=WAIT_SECONDS, account=account_of(account))
    with transaction.atomic():
        keep_polled(channel_id, polled)
        Account.objects.filter(channel_id=channel_id, polled_by=holder).update(cursor=polled.cursor)
    if polled.events:
        doorbell.ring(doorbell.INBOX)
    return polled.wait if renew(channel_id, holder) else None


def keep_polled(channel_id: int, polled: Polled) -> None:
    for event in polled.events:
        keep_event(channel_id=channel_id, key=event.key, body=event.body)


def renew(channel_id: int, holder: str) -> bool:
    held = Account.objects.filter(channel_id=channel_id, polled_by=holder, channel__state__in=POLLED)
    return held.update(polled_until=timezone.now() + LEASE) == 1


def let_go(channel_id: int, holder: str) -> None:
    Account.objects.filter(channel_id=channel_id, polled_by=holder).update(polled_by="", polled_until=None)


def note_trouble(channel_id: int, error: ConnectorError) -> None:
    state = Channel.State.TOKEN_REVOKED if error.kind == "TOKEN" else Channel.State.DEGRADED
    move_state(channel_id, to=state, among=POLLED, last_error=str(error), last_error_at=timezone.now())


def note_recovery(channel_id: int) -> None:
    move_state(channel_id, to=Channel.State.CONNECTED, among=[Channel.State.DEGRADED])


class Poller(threading.Thread):
    """Polls one account until it is no longer ours. It holds no connection to the database while it waits."""

    def __init__(self, channel_id: int, holder: str, stopped: threading.Event) -> None:
        super().__init__(name=f"poller-{channel_id}", daemon=True)
        self._channel_id = channel_id
        self._holder = holder
        self._stopped = stopped
        self._pause = 0.0
        self._is_troubled = False

    def run(self) -> None:
        wait: float | None = 0.0
        while wait is not None and self._waited(wait):
            wait = self._poll()
        try:
            let_go(self._channel_id, self._holder)
        finally:
            connection.close()

    def _poll(self) -> float | None:
        """How long to wait before the next time, ``None`` for ever."""
        try:
            close_old_connections()
            wait = poll_once(self._channel_id, self._holder, before_asking=connection.close)
            if self._is_troubled:
                note_recovery(self._channel_id)
            self._pause, self._is_troubled = 0.0, False
        except ConnectorError as error:
            self._is_troubled = True
            note_trouble(self._channel_id, error)
            wait = error.retry_after or self._back_off()
        except Exception:
            logger.exception("Polling channel %s failed and goes on", self._channel_id)
            wait = self._back_off()
        connection.close()
        return wait

    def _back_off(self) -> float:
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        return self._pause

    def _waited(self, seconds: float) -> bool:
        """Whether to go on after so long; in slices, so that the account stays held and a pause is noticed."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > LONGEST_SLICE:
            if self._stopped.wait(LONGEST_SLICE) or not self._is_held():
                return False
        return not self._stopped.wait(max(0.0, left))

    def _is_held(self) -> bool:
        try:
            close_old_connections()
            return renew(self._channel_id, self._holder)
        except Exception:
            # The lease may run out, and then somebody else goes on.
            logger.exception("The lease of channel %s could not be renewed", self._channel_id)
            return True
        finally:
            connection.close()


class Pollers(threading.Thread):
    """Supervises the pollers of this process: takes accounts that are free, starts what has died. Between that it has
    looked after what webhooks may have lost."""

    def __init__(self) -> None:
        super().__init__(name="pollers", daemon=True)
        self._holder = uuid.uuid4().hex
        self._stopped = threading.Event()
        self._pollers: list[Poller] = []
        self._reconcilers = Reconcilers(self._holder)

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            try:
                close_old_connections()
                self._take_what_is_free()
                self._reconcilers.look(now=timezone.now())
            except Exception:
                logger.exception("Looking for accounts to poll failed and goes on")
                connection.close()

    def _take_what_is_free(self) -> None:
        self._pollers = [poller for poller in self._pollers if poller.is_alive()]
        if (room := MOST_ACCOUNTS - len(self._pollers)) <= 0:
            return
        for channel_id in claim_accounts(self._holder, limit=room):
            self._pollers.append(Poller(channel_id, self._holder, self._stopped))
            self._pollers[-1].start()
