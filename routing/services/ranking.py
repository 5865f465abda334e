"""Places in the queue: by the moment a client began to wait, which a priority moves back.

A priority counts as so much waiting (``Queue.priority_seconds`` for each step), so that who has none is overtaken only
for a while: ``ranked_at`` = opened − priority × seconds, and the earliest is next. Within a priority it is first come,
first served.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q

from common.statements import Statement
from openlines.models import Dialog
from openlines.models.line import HIGHEST_PRIORITY
from openlines.services.locking import lock_open_dialogs, save_changes
from routing.models import Queue

WAITING = (Dialog.State.NEW, Dialog.State.QUEUED)
MARKS = Statement(
    lambda ids: Dialog.objects.filter(pk__any_of=ids).values_list("pk", "client__is_vip", "channel__priority")
)
FIRST_WAITING = Statement(
    lambda line_id, ids: (
        Dialog.objects.filter(line_id=line_id, state=Dialog.State.QUEUED, group_id=None)
        .exclude(pk__any_of=ids)
        .order_by("ranked_at", "id")
        .values_list("ranked_at", "id")[:1]
    )
)


def rank(dialogs: Collection[Dialog], queue: Queue) -> None:
    """The highest of the line's, the channel's and the client's priority counts. The caller writes it down. Who comes
    back to a dialog that was closed waits from then on."""
    marks = {pk: (is_vip, of_channel) for pk, is_vip, of_channel in MARKS.rows(ids=[dialog.pk for dialog in dialogs])}
    for dialog in dialogs:
        is_vip, of_channel = marks[dialog.pk]
        dialog.priority = max(queue.line.priority, of_channel, HIGHEST_PRIORITY if is_vip else 0)
        since = dialog.waiting_since if dialog.state == Dialog.State.NEW else None
        dialog.ranked_at = (since or dialog.opened_at) - timedelta(seconds=dialog.priority * queue.priority_seconds)


def overtaking(dialogs: Collection[Dialog], queue: Queue) -> set[int]:
    """Which of these dialogs would pass somebody who waits already. What waits for a group passes nobody."""
    concerned = [dialog for dialog in dialogs if dialog.group_id is None]
    if not concerned:
        return set()
    first = FIRST_WAITING.rows(line_id=queue.line_id, ids=[dialog.pk for dialog in concerned])
    if not first:
        return set()
    return {dialog.pk for dialog in concerned if (dialog.ranked_at or dialog.opened_at, dialog.pk) > first[0]}


def rank_anew(*conditions: Q, **which: object) -> list[int]:
    """A mark or a priority is another: waiting dialogs change places. Returns the lines concerned."""
    dialogs = lock_open_dialogs(*conditions, state__in=WAITING, **which)
    for dialog in dialogs:
        rank([dialog], Queue.objects.select_related("line").get(line_id=dialog.line_id))
        save_changes(dialog, "ranked_at", "priority")
    return sorted({dialog.line_id for dialog in dialogs})
