"""Groups of lines: lines that have supervisors in common."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from crm.audit import record_creation, record_removal, recorded
from crm.models import User
from openlines.changes import send_frame
from openlines.models import Line, LineGroup
from openlines.services.lines import RECONNECT, require_administrator
from openlines.streams import user_stream


@transaction.atomic
def create_line_group(
    *, administrator: User, name: str, supervisor_ids: Collection[int] = (), line_ids: Sequence[int] = (), now: datetime
) -> LineGroup:
    """A group with its lines, which leave the groups they were in. Raises ``NotAllowed``, ``InvalidInput``."""
    require_administrator(administrator)
    group = LineGroup(name=_checked(name))
    _save(group)
    group.supervisors.set(_checked_supervisors(supervisor_ids, group))
    record_creation(actor=administrator, subject=group, now=now)
    _choose_lines(administrator, group, line_ids, now)
    return group


@transaction.atomic
def change_line_group(
    *,
    administrator: User,
    group_id: int,
    name: str | None = None,
    supervisor_ids: Collection[int] | None = None,
    line_ids: Sequence[int] | None = None,
    now: datetime,
) -> LineGroup:
    """What is given is changed. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``."""
    require_administrator(administrator)
    group = _locked(group_id)
    before = _supervisors_of([group.pk])
    with recorded(group, actor=administrator, now=now):
        if name is not None:
            group.name = _checked(name)
            _save(group)
        if supervisor_ids is not None:
            group.supervisors.set(_checked_supervisors(supervisor_ids, group))
    _reconnect(before ^ _supervisors_of([group.pk]))
    if line_ids is not None:
        _choose_lines(administrator, group, line_ids, now)
    return group


@transaction.atomic
def remove_line_group(*, administrator: User, group_id: int, now: datetime) -> None:
    """Its lines stay, each with its own supervisors. Raises ``NotAllowed``, ``NotFound``."""
    require_administrator(administrator)
    group = _locked(group_id)
    before = _supervisors_of([group.pk])
    for line in group.lines.order_by("pk"):
        _move_line(administrator, line, None, now)
    record_removal(actor=administrator, subject=group, now=now)
    group.delete()
    _reconnect(before)


def _locked(group_id: int) -> LineGroup:
    group = LineGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound
    return group


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(fields={"name": [_("Give it a name.")]})
    return name[:100]


def _save(group: LineGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise InvalidInput(fields={"name": [_("There is a group with this name already.")]}) from error


def _checked_supervisors(ids: Collection[int], group: LineGroup) -> list[User]:
    """Active supervisors, and whoever is one of the group already."""
    known = Q(role=User.Role.SUPERVISOR, is_active=True) | Q(pk__in=group.supervisors.values("pk"))
    found = list(User.objects.filter(known, pk__in=ids))
    if len(found) != len(set(ids)):
        raise InvalidInput(fields={"supervisors": [_("Only active supervisors can be chosen.")]})
    return found


def _choose_lines(administrator: User, group: LineGroup, line_ids: Sequence[int], now: datetime) -> None:
    """The lines of the group from now on; archived ones stay where they are."""
    wanted = list(Line.objects.filter(pk__in=line_ids, archived_at=None).order_by("pk"))
    if len(wanted) != len(set(line_ids)):
        raise InvalidInput(fields={"lines": [_("There is no such line, or it is archived.")]})
    leaving = group.lines.filter(archived_at=None).exclude(pk__in=line_ids).order_by("pk")
    joining = [line for line in wanted if line.group_id != group.pk]
    touched = {group.pk, *(line.group_id for line in joining if line.group_id is not None)}
    moves = [*((line, None) for line in leaving), *((line, group) for line in joining)]
    for line, place in moves:
        _move_line(administrator, line, place, now)
    if moves:
        _reconnect(_supervisors_of(touched))


def _move_line(administrator: User, line: Line, group: LineGroup | None, now: datetime) -> None:
    with recorded(line, actor=administrator, now=now):
        line.group = group
        line.save(update_fields=["group"])


def _supervisors_of(group_ids: Iterable[int]) -> set[int]:
    chosen = LineGroup.supervisors.through.objects.filter(linegroup_id__in=list(group_ids))
    return set(chosen.values_list("user_id", flat=True))


def _reconnect(user_ids: Iterable[int]) -> None:
    """Those whose rights are others now come back with them."""
    streams = [user_stream(user_id) for user_id in user_ids]
    if streams:
        transaction.on_commit(lambda: send_frame(RECONNECT, to=streams), robust=True)
