from typing import Any

from django.db import transaction
from django.utils import timezone

from common.events import publish
from crm.audit import recorded
from crm.models import User
from openlines.events import PrioritiesChanged
from openlines.services.lines import require_administrator, require_in_use
from routing.models import Queue
from routing.services.queue_rules import check_queue
from routing.services.waiting_dialogs import offer_waiting


@transaction.atomic
def change_queue(*, administrator: User, queue: Queue, **changes: Any) -> Queue:
    """New rules of distribution; what waits is offered by them at once. Raises ``NotAllowed``, ``InvalidInput``."""
    require_administrator(administrator)
    require_in_use(queue.line)
    with recorded(queue, actor=administrator):
        for name, value in changes.items():
            setattr(queue, name, value)
        check_queue(queue, changed=changes)
        queue.save(update_fields=list(changes))
    if "priority_seconds" in changes:
        publish(PrioritiesChanged(line_id=queue.line_id))
    transaction.on_commit(lambda: _offer_waiting(queue.line_id), robust=True)
    return queue


def _offer_waiting(line_id: int) -> None:
    offer_waiting(line_id=line_id, now=timezone.now())
