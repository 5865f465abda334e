"""Who is there: open consoles beat, silent ones are forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from crm.models import User
from routing.models import Connection
from routing.services.facts import refresh_presence
from routing.services.working_day import pause, resume

# A page that is reloaded or a cut line shall not send the operator away.
GRACE_SECONDS = 10


@transaction.atomic
def keep_alive(*, connection_id: UUID, operator_id: int, now: datetime) -> None:
    """A console beats. The first beat brings the operator online."""
    updated = Connection.objects.filter(pk=connection_id).update(last_seen_at=now)
    if not updated:
        Connection.objects.create(pk=connection_id, operator_id=operator_id, last_seen_at=now)
        refresh_presence(operator_id)


def let_go(*, connection_id: UUID, now: datetime) -> None:
    """A console closed its socket: it is forgotten after a short grace."""
    almost_gone = now - timedelta(seconds=settings.PRESENCE_SECONDS - GRACE_SECONDS)
    Connection.objects.filter(pk=connection_id).update(last_seen_at=almost_gone)


@transaction.atomic
def forget_silent_consoles(*, now: datetime) -> None:
    """Consoles that have not beaten for ``PRESENCE_SECONDS`` are gone, with closed lids and cut cables."""
    silent = Connection.objects.filter(last_seen_at__lt=now - timedelta(seconds=settings.PRESENCE_SECONDS))
    operator_ids = set(silent.values_list("operator_id", flat=True))
    silent.delete()
    for operator_id in sorted(operator_ids):
        refresh_presence(operator_id)


def set_paused(*, operator: User, is_paused: bool, now: datetime) -> User:
    """The operator goes on a break without saying why, or comes back. Raises ``DayIsOver``."""
    return pause(operator=operator, now=now) if is_paused else resume(operator=operator, now=now)
