"""Fetching media at once, since providers' links expire. A lost medium never loses its message."""

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.models import RawEvent
from channels_connectors.reading import read_event
from channels_connectors.registry import connector_for
from common import doorbell
from openlines.models import Attachment, Channel
from openlines.services.arrivals import LONGEST_REFERENCE
from openlines.services.attachments import mark_lost, store_fetched
from openlines.types import IncomingAttachment, IncomingEcho, IncomingMessage

logger = logging.getLogger(__name__)

THREADS = 8
# However slow a provider is, others' media find a thread.
THREADS_OF_CHANNEL = 4
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_BACK_OFF = 600
# The claim: a dead worker's media come up again.
LEASE = timedelta(seconds=60)


class Fetcher:
    """A pool of fetching threads fed from the rows; never holds more than it can fetch at once."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fetcher")
        self._busy: dict[Future[None], tuple[UUID, int]] = {}
        self._renewed_at: datetime | None = None

    def fetch_due(self, *, now: datetime) -> int:
        """Claim what is due and there is a free thread for; returns how many were claimed."""
        self._busy = {future: held for future, held in self._busy.items() if not future.done()}
        self._renew(now)
        of_channel = Counter(channel_id for _attachment_id, channel_id in self._busy.values())
        claimed = _claim(THREADS - len(self._busy), of_channel, now) if len(self._busy) < THREADS else []
        for attachment_id, channel_id in claimed:
            self._busy[self._pool.submit(_fetch_in_thread, attachment_id, now)] = attachment_id, channel_id
        return len(claimed)

    def _renew(self, now: datetime) -> None:
        if self._busy and (self._renewed_at is None or now - self._renewed_at > LEASE / 4):
            self._renewed_at = now
            held = Attachment.objects.filter(pk__in=[attachment_id for attachment_id, _ in self._busy.values()])
            held.filter(state=Attachment.State.PENDING).update(fetch_at=now + LEASE)


def fetch_due_media(*, now: datetime) -> int:
    """One after the other, for whoever has nothing else to do; returns how many were tried."""
    claimed = _claim(THREADS, Counter(), now)
    for attachment_id, _channel_id in claimed:
        _fetch(attachment_id, now)
    return len(claimed)


@transaction.atomic
def _claim(limit: int, of_channel: Counter[int], now: datetime) -> Sequence[tuple[UUID, int]]:
    full = [channel_id for channel_id, number in of_channel.items() if number >= THREADS_OF_CHANNEL]
    waiting = Attachment.objects.filter(state=Attachment.State.PENDING, fetch_at__lte=now).exclude(uploaded_in=None)
    due = waiting.exclude(uploaded_in__in=full).order_by("fetch_at").select_for_update(skip_locked=True)
    claimed = []
    for attachment_id, channel_id in due.values_list("pk", "uploaded_in_id")[:limit]:
        if of_channel[channel_id or 0] < THREADS_OF_CHANNEL:
            of_channel[channel_id or 0] += 1
            claimed.append((attachment_id, channel_id or 0))
    held = Attachment.objects.filter(pk__in=[attachment_id for attachment_id, _ in claimed])
    held.update(fetch_at=now + LEASE)
    return claimed


def _fetch_in_thread(attachment_id: UUID, now: datetime) -> None:
    try:
        _fetch(attachment_id, now)
    except Exception:
        # The lease runs out and somebody tries again.
        logger.exception("What became of a medium could not be recorded")
    finally:
        connection.close()
    # A thread is free again.
    doorbell.ring(doorbell.MEDIA)


def _fetch(attachment_id: UUID, now: datetime) -> None:
    attachment = Attachment.objects.select_related("uploaded_in__account", "message").get(pk=attachment_id)
    channel = attachment.uploaded_in
    if channel is None:
        raise LookupError("an awaited attachment belongs to a channel")
    try:
        account, event = account_of(channel.account), _event_of(attachment)
        wanted = _wanted(attachment, channel, account, event)
        media = connector_for(channel.kind).fetch_media(wanted, account, event=bytes(event.body) if event else b"")
        store_fetched(attachment_id=attachment_id, content=media.content, name=media.name, mime=media.mime)
    except ConnectorError as error:
        _try_later(attachment, error, now)
    except Exception:
        logger.exception("A medium could not be fetched")
        _try_later(attachment, ConnectorError("unforeseen"), now)


def _event_of(attachment: Attachment) -> RawEvent | None:
    message = attachment.message
    return RawEvent.objects.filter(pk=message.source_event_id).first() if message and message.source_event_id else None


def _wanted(attachment: Attachment, channel: Channel, account: Account, event: RawEvent | None) -> IncomingAttachment:
    """As the client sent it. A reference that the row has no room for is read from the event once more."""
    reference = attachment.source_reference
    if len(reference) >= LONGEST_REFERENCE and event is not None and attachment.message is not None:
        items = read_event(connector_for(channel.kind), event.pk, bytes(event.body), account)
        external_id = attachment.message.external_id
        for item in items:
            if isinstance(item, IncomingMessage | IncomingEcho) and item.external_id == external_id:
                reference = item.attachments[attachment.position].reference
    return IncomingAttachment(
        kind=attachment.kind, reference=reference, name=attachment.name, mime=attachment.mime, size=attachment.size,
        width=attachment.width, height=attachment.height, duration=attachment.duration,
    )  # fmt: skip


def _try_later(attachment: Attachment, error: ConnectorError, now: datetime) -> None:
    attempts = attachment.fetch_attempts + 1
    if error.kind == "PERMANENT" or now - attachment.created_at > GIVE_UP_AFTER:
        mark_lost(attachment_id=attachment.pk)
        return
    pause = timedelta(seconds=error.retry_after or min(2**attempts, LONGEST_BACK_OFF))
    Attachment.objects.filter(pk=attachment.pk).update(fetch_attempts=attempts, fetch_at=now + pause)


def next_due_at() -> datetime | None:
    waiting = Attachment.objects.filter(state=Attachment.State.PENDING)
    return waiting.order_by("fetch_at").values_list("fetch_at", flat=True).first()
