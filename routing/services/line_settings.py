"""The settings of a line with its queue, saved as one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.models import User
from openlines.models import Line
from openlines.services.lines import Place, change_line, set_queue
from routing.services.hours import NewHours, change_hours
from routing.services.queues import change_queue


@transaction.atomic
def save_line_settings(
    *,
    administrator: User,
    line: Line,
    line_changes: Mapping[str, Any],
    queue_changes: Mapping[str, Any],
    places: Sequence[Place],
    hours: NewHours | None = None,
    now: datetime,
) -> Line:
    """All of it or nothing; what waits in the queue is offered by the new rules.

    Raises ``NotAllowed``, ``InvalidInput`` (an operator twice, or no longer with us; hours that can't be).
    """
    line = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    line = change_line(administrator=administrator, line=line, **line_changes)
    if _places_of(line) != list(places):
        set_queue(administrator=administrator, line=line, places=places)
    change_queue(administrator=administrator, queue=line.queue, **queue_changes)
    if hours is not None:
        change_hours(administrator=administrator, line=line, hours=hours, now=now)
    return line


def _places_of(line: Line) -> list[Place]:
    entries = line.queue_entries.order_by("position").values_list("operator_id", "group_id", "dialog_limit")
    return [Place(operator_id=operator, group_id=group, dialog_limit=limit) for operator, group, limit in entries]
