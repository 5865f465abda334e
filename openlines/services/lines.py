"""Lines and their queues: what administrators change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed
from common.events import publish
from crm.audit import Action, record_change, record_creation, recorded
from crm.models import LeadSource, StaffGroup, User
from openlines.changes import announce_dictionaries, send_frame
from openlines.events import LineCreated, LineSwitchedOn, PrioritiesChanged, QueueMembersChanged
from openlines.models import Dialog, Line, LineGroup, QueueEntry, QueueMember
from openlines.services.line_rules import check_line
from openlines.services.locking import lock_open_dialogs, save_changes
from openlines.streams import ADMINISTRATORS, user_stream

# Consoles that hear this drop their socket and come back with the streams they may listen to now.
RECONNECT = {"type": "reconnect"}
HIGHEST_LIMIT = 1000
REPLY_GOAL = 300


class LineIsArchived(DomainError):
    code = "line_archived"
    message = gettext_lazy("This line is archived. Restore it first.")


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise NotAllowed(_("Only administrators configure lines."))


def require_in_use(line: Line) -> None:
    """Archived lines are kept as they were."""
    if line.archived_at is not None:
        raise LineIsArchived


@transaction.atomic
def create_line(*, administrator: User, name: str) -> Line:
    """A line that works at once: texts, an even queue with its creator in it, a lead source of its own."""
    require_administrator(administrator)
    source, is_new = LeadSource.objects.get_or_create(name=name[:100])
    if is_new:
        record_creation(actor=administrator, subject=source)
    line = Line.objects.create(
        name=name,
        lead_source=source,
        reply_goal_seconds=REPLY_GOAL,
        welcome_text=_("Hello, {client}! Thank you for writing. An operator will answer in a few minutes."),
        closing_text=_("Thank you for the conversation. Write again whenever you need us."),
        silence_text=_("We have closed this conversation for now. Write again and it goes on."),
        is_rating_asked=True,
        rating_text=_("How did we do? Please rate this conversation."),
        rating_thanks_text=_("Thank you! If you like, tell us in a few words what was good and what was not."),
    )
    QueueEntry.objects.create(line=line, operator=administrator, position=1)
    QueueMember.objects.create(line=line, operator=administrator, position=1)
    record_creation(actor=administrator, subject=line)
    publish(LineCreated(line.pk))
    transaction.on_commit(
        lambda: send_frame(RECONNECT, to=[ADMINISTRATORS, user_stream(administrator.pk)]), robust=True
    )
    return line


class GroupInUse(DomainError):
    code = "group_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row of a queue: an operator or a group, and how many dialogs at once each gets from this line."""

    operator_id: int | None = None
    group_id: int | None = None
    dialog_limit: int | None = None


def set_queue_members(*, administrator: User, line: Line, operator_ids: Sequence[int]) -> None:
    """The queue of the line from now on, in this order, without limits. Raises ``NotAllowed``, ``InvalidInput``."""
    places = [Place(operator_id=pk) for pk in operator_ids]
    set_queue(administrator=administrator, line=line, places=places)


@transaction.atomic
def set_queue(*, administrator: User, line: Line, places: Sequence[Place]) -> None:
    """The queue of the line from now on, in this order. Raises ``NotAllowed``, ``InvalidInput``, ``LineIsArchived``."""
    require_administrator(administrator)
    require_in_use(line)
    _check_places(places)
    before = queue_of(line)
    line.queue_entries.all().delete()
    QueueEntry.objects.bulk_create(
        QueueEntry(
            line=line, operator_id=place.operator_id, group_id=place.group_id, position=position,
            dialog_limit=place.dialog_limit,
        )
        for position, place in enumerate(places, start=1)
    )  # fmt: skip
    fill_queue(line.pk)
    record_change(
        actor=administrator, action=Action.CHANGED, subject=line, before={"queue_entries": before},
        after={"queue_entries": queue_of(line)},
    )  # fmt: skip


def queue_of(line: Line) -> list[dict[str, Any]]:
    """The rows of the line's queue as the audit log keeps them."""
    entries = line.queue_entries.select_related("operator", "group").order_by("position")
    return [
        {
            "name": entry.operator.name if entry.operator else str(entry.group),
            "operator": entry.operator_id,
            "group": entry.group_id,
            "limit": entry.dialog_limit,
        }
        for entry in entries
    ]


def _check_places(places: Sequence[Place]) -> None:
    operators = [place.operator_id for place in places if place.operator_id is not None]
    groups = [place.group_id for place in places if place.group_id is not None]
    if len(set(operators)) != len(operators) or len(set(groups)) != len(groups):
        raise InvalidInput(_("An operator can be in the queue only once."), fields={"operators": [_("Repeated.")]})
    known = User.objects.filter(pk__in=operators, is_active=True).exclude(role=User.Role.NONE).count()
    if known != len(operators):
        raise InvalidInput(_("Only active staff can be in the queue."), fields={"operators": [_("Unknown operator.")]})
    if StaffGroup.objects.filter(pk__in=groups).count() != len(groups):
        raise InvalidInput(fields={"operators": [_("Unknown group.")]})
    if any((place.operator_id is None) == (place.group_id is None) for place in places):
        raise InvalidInput(fields={"operators": [_("An entry is either an operator or a group.")]})
    if any(place.dialog_limit is not None and not 1 <= place.dialog_limit <= HIGHEST_LIMIT for place in places):
        words = _("A limit is a whole number from 1 to %(most)d.")
        raise InvalidInput(fields={"operators": [words % {"most": HIGHEST_LIMIT}]})


def fill_queue(line_id: int) -> None:
    """Work out the members of a queue from its entries: in their order, nobody twice, only who works with clients."""
    before = set(QueueMember.objects.filter(line_id=line_id).values_list("operator_id", flat=True))
    members: dict[int, int | None] = {}
    for entry in QueueEntry.objects.filter(line_id=line_id).select_related("operator", "group").order_by("position"):
        for operator in _operators_of(entry):
            members.setdefault(operator.pk, entry.dialog_limit)
    QueueMember.objects.filter(line_id=line_id).delete()
    QueueMember.objects.bulk_create(
        QueueMember(line_id=line_id, operator_id=pk, position=position, dialog_limit=limit)
        for position, (pk, limit) in enumerate(members.items(), start=1)
    )
    publish(QueueMembersChanged(line_id))
    changed = before ^ members.keys()
    transaction.on_commit(lambda: send_frame(RECONNECT, to=map(user_stream, changed)), robust=True)


def _operators_of(entry: QueueEntry) -> list[User]:
    """A group stands for its members by name."""
    if entry.group is not None:
        operators = list(entry.group.members.order_by("first_name", "last_name", "pk"))
    else:
        operators = [entry.operator] if entry.operator is not None else []
    return [operator for operator in operators if operator.works_with_clients]


@transaction.atomic
def change_line(*, administrator: User, line: Line, **changes: Any) -> Line:
    """New settings of a line, in force from the next event on.

    Raises ``NotAllowed``, ``InvalidInput``, ``LineIsArchived``.
    """
    require_administrator(administrator)
    require_in_use(line)
    supervisors = changes.pop("supervisors", None)
    if changes.get("name", line.name) != line.name:
        for dialog in lock_open_dialogs(line=line):
            save_changes(dialog)
    concerned = {m.operator_id for m in line.queue_members.all()} if "access" in changes else set()
    group_before, worked_before = line.group_id, line.is_active
    with recorded(line, actor=administrator):
        for name, value in changes.items():
            setattr(line, name, value)
        check_line(line, changed=changes)
        line.save(update_fields=list(changes))
        if line.group_id != group_before:
            groups = LineGroup.supervisors.through.objects.filter(linegroup_id__in=[group_before, line.group_id])
            concerned |= set(groups.values_list("user_id", flat=True))
        if supervisors is not None:
            before = set(line.supervisors.values_list("pk", flat=True))
            line.supervisors.set(supervisors)
            concerned |= before ^ {supervisor.pk for supervisor in supervisors}
    if "priority" in changes:
        publish(PrioritiesChanged(line_id=line.pk))
    if line.is_active and not worked_before:
        publish(LineSwitchedOn(line.pk))
    transaction.on_commit(lambda: send_frame(RECONNECT, to=map(user_stream, concerned)), robust=True)
    announce_dictionaries()
    return line


def refuse_while_needed(group_id: int) -> None:
    """Raises ``GroupInUse`` with the lines in whose queues the group stands, or where dialogs wait for it."""
    in_queue = Q(queue_entries__group_id=group_id)
    awaited = Q(dialogs__group_id=group_id) & ~Q(dialogs__state=Dialog.State.CLOSED)
    names = list(Line.objects.filter(in_queue | awaited).order_by("pk").distinct().values_list("name", flat=True))
    if names:
        raise GroupInUse(
            _("The group is needed in the queues of: %(lines)s. Take it out of them first.")
            % {"lines": ", ".join(names)}
        )
