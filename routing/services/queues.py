from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.audit import recorded
from crm.models import User
from openlines.services.lines import require_administrator
from routing.models import Queue
from routing.services.waiting_dialogs import offer_waiting


@transaction.atomic
def change_queue(*, administrator: User, queue: Queue, **changes: Any) -> Queue:
    """New rules of distribution; what waits is offered by them at once. Raises ``NotAllowed``."""
    require_administrator(administrator)
    with recorded(queue, actor=administrator):
        for name, value in changes.items():
            setattr(queue, name, value)
        queue.save(update_fields=list(changes))
    transaction.on_commit(lambda: _offer_waiting(queue.line_id), robust=True)
    return queue


def _offer_waiting(line_id: int) -> None:
    offer_waiting(line_id=line_id, now=timezone.now())
