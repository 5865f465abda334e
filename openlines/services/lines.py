"""Lines and their queues: what administrators change."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowed
from common.events import publish
from crm.models import LeadSource, User
from openlines.changes import send_frame
from openlines.events import LineCreated, QueueMembersChanged
from openlines.models import Line, QueueMember
from openlines.services.locking import lock_open_dialogs, save_changes
from openlines.streams import ADMINISTRATORS, user_stream

# Consoles that hear this drop their socket and come back with the streams they may listen to now.
RECONNECT = {"type": "reconnect"}


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise NotAllowed(_("Only administrators configure lines."))


@transaction.atomic
def create_line(*, administrator: User, name: str) -> Line:
    """A line that works at once: texts, an even queue with its creator in it, a lead source of its own."""
    require_administrator(administrator)
    source, _created = LeadSource.objects.get_or_create(name=name[:100])
    line = Line.objects.create(
        name=name,
        lead_source=source,
        welcome_text=_("Hello, {client}! Thank you for writing. An operator will answer in a few minutes."),
        closing_text=_("Thank you for the conversation. Write again whenever you need us."),
        silence_text=_("We have closed this conversation for now. Write again and it goes on."),
    )
    QueueMember.objects.create(line=line, operator=administrator, position=1)
    publish(LineCreated(line.pk))
    transaction.on_commit(
        lambda: send_frame(RECONNECT, to=[ADMINISTRATORS, user_stream(administrator.pk)]), robust=True
    )
    return line


@transaction.atomic
def set_queue_members(*, administrator: User, line: Line, operator_ids: Sequence[int]) -> None:
    """The queue of the line from now on, in this order. Raises ``NotAllowed``, ``InvalidInput``."""
    require_administrator(administrator)
    before = set(line.queue_members.values_list("operator_id", flat=True))
    if len(set(operator_ids)) != len(operator_ids):
        raise InvalidInput(_("An operator can be in the queue only once."), fields={"operators": [_("Repeated.")]})
    known = User.objects.filter(pk__in=operator_ids, is_active=True).exclude(role=User.Role.NONE).count()
    if known != len(operator_ids):
        raise InvalidInput(_("Only active staff can be in the queue."), fields={"operators": [_("Unknown operator.")]})
    line.queue_members.all().delete()
    QueueMember.objects.bulk_create(
        QueueMember(line=line, operator_id=pk, position=place) for place, pk in enumerate(operator_ids, start=1)
    )
    publish(QueueMembersChanged(line.pk))
    changed = before ^ set(operator_ids)
    transaction.on_commit(lambda: send_frame(RECONNECT, to=map(user_stream, changed)), robust=True)


@transaction.atomic
def change_line(*, administrator: User, line: Line, **changes: Any) -> Line:
    """New settings of a line, in force from the next event on. Raises ``NotAllowed``."""
    require_administrator(administrator)
    supervisors = changes.pop("supervisors", None)
    if changes.get("name", line.name) != line.name:
        for dialog in lock_open_dialogs(line=line):
            save_changes(dialog)
    for name, value in changes.items():
        setattr(line, name, value)
    line.save(update_fields=list(changes))
    concerned = {m.operator_id for m in line.queue_members.all()} if "access" in changes else set()
    if supervisors is not None:
        before = set(line.supervisors.values_list("pk", flat=True))
        line.supervisors.set(supervisors)
        concerned |= before ^ {supervisor.pk for supervisor in supervisors}
    transaction.on_commit(lambda: send_frame(RECONNECT, to=map(user_stream, concerned)), robust=True)
    return line
