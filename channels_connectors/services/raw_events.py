"""Raw events in the hands of administrators: read once more, and forgotten in time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from channels_connectors.models import RawEvent
from common import doorbell
from common.errors import NotFound
from crm.audit import record_change
from crm.models import User
from openlines.models import Attachment
from openlines.services.lines import require_administrator

BATCH = 1000
MOST_BATCHES = 50


@transaction.atomic
def replay_event(*, administrator: User, event_id: int, now: datetime) -> RawEvent:
    """Have an event processed once more, whatever became of it; what is stored already is not stored twice.

    Raises ``NotAllowed``, ``NotFound``.
    """
    require_administrator(administrator)
    event = RawEvent.objects.select_for_update(of=("self",)).select_related("channel").filter(pk=event_id).first()
    if event is None:
        raise NotFound
    before = {"state": event.state, "error": event.error, "attempts": event.attempts}
    event.state, event.error, event.attempts, event.due_at = RawEvent.State.NEW, "", 0, now
    event.save(update_fields=["state", "error", "attempts", "due_at"])
    after = {"state": event.state, "error": "", "attempts": 0, "replayed_at": now.isoformat()}
    record_change(actor=administrator, action="CHANGED", subject=event, before=before, after=after, now=now)
    transaction.on_commit(lambda: doorbell.ring(doorbell.INBOX), robust=True)
    return event


def drop_old_events(*, now: datetime) -> int:
    """Events that were processed ``RAW_EVENT_DAYS`` ago; what failed stays until somebody looks. Returns how many."""
    before = now - timedelta(days=settings.RAW_EVENT_DAYS)
    dropped = 0
    for _batch in range(MOST_BATCHES):
        number = _drop_batch(before)
        dropped += number
        if not number:
            break
    return dropped


def _drop_batch(before: datetime) -> int:
    """Of the oldest. Events whose media are still to be fetched wait for that."""
    oldest = RawEvent.objects.filter(state=RawEvent.State.DONE).order_by("pk").values_list("pk", flat=True)[:BATCH]
    awaited = Attachment.objects.filter(state=Attachment.State.PENDING).values_list(
        "message__source_event_id", flat=True
    )
    old = RawEvent.objects.filter(pk__in=list(oldest), received_at__lt=before)
    number, _by_model = old.exclude(pk__in=[pk for pk in awaited if pk is not None]).delete()
    return number
