"""The settings of a line with its queue, saved as one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from crm.models import User
from openlines.models import Line
from openlines.services.lines import change_line, set_queue_members
from routing.services.queues import change_queue


@transaction.atomic
def save_line_settings(
    *,
    administrator: User,
    line: Line,
    line_changes: Mapping[str, Any],
    queue_changes: Mapping[str, Any],
    operator_ids: Sequence[int],
) -> Line:
    """All of it or nothing; what waits in the queue is offered by the new rules.

    Raises ``NotAllowed``, ``InvalidInput`` (an operator twice, or no longer with us).
    """
    line = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    line = change_line(administrator=administrator, line=line, **line_changes)
    before = list(line.queue_members.order_by("position").values_list("operator_id", flat=True))
    if before != list(operator_ids):
        set_queue_members(administrator=administrator, line=line, operator_ids=operator_ids)
    change_queue(administrator=administrator, queue=line.queue, **queue_changes)
    return line
