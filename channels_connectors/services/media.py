"""Fetching media at once, since providers' links expire. A lost medium never loses its message."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from channels_connectors.accounts import account_of
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import connector_for
from openlines.models import Attachment
from openlines.services.attachments import mark_lost, store_fetched
from openlines.types import IncomingAttachment

logger = logging.getLogger(__name__)

BATCH = 8
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_BACK_OFF = 600
LEASE = timedelta(seconds=60)


def fetch_due_media(*, now: datetime) -> int:
    """Fetch what waits; returns how many were tried. The claim is a lease: a dead worker's media come up again."""
    with transaction.atomic():
        due = Attachment.objects.select_for_update(skip_locked=True).filter(
            state=Attachment.State.PENDING, fetch_at__lte=now
        ).order_by("fetch_at")[:BATCH]  # fmt: skip
        ids = [attachment.pk for attachment in due]
        Attachment.objects.filter(pk__in=ids).update(fetch_at=now + LEASE)
    for attachment_id in ids:
        _fetch(attachment_id, now)
    return len(ids)


def _fetch(attachment_id: UUID, now: datetime) -> None:
    attachment = Attachment.objects.select_related("uploaded_in__account").get(pk=attachment_id)
    channel = attachment.uploaded_in
    if channel is None:
        raise LookupError("an awaited attachment belongs to a channel")
    wanted = IncomingAttachment(kind=attachment.kind, reference=attachment.source_reference, mime=attachment.mime)
    try:
        media = connector_for(channel.kind).fetch_media(wanted, account_of(channel.account))
        store_fetched(attachment_id=attachment_id, content=media.content, name=media.name, mime=media.mime)
    except ConnectorError as error:
        _try_later(attachment, error, now)
    except Exception:
        logger.exception("A medium could not be fetched")
        _try_later(attachment, ConnectorError("unforeseen"), now)


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
