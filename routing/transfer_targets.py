"""To whom a dialog can be handed, and how they stand: reads for the console's transfer window."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from crm.models import StaffGroup, User
from openlines.models import Dialog, Line, QueueMember
from openlines.presenters import Json, operator_json
from routing.models import Queue
from routing.schedules import hours_of
from routing.services.choosing import is_available
from routing.strategies import Candidate

WAITING = (Dialog.State.NEW, Dialog.State.QUEUED)


def transfer_targets(dialog: Dialog, *, now: datetime) -> Json:
    """Whoever is available comes first, then who has least to do."""
    staff = {user.pk: user for user in _staff()}
    queue = dialog.line.queue
    here = {pk for pk, user in staff.items() if _is_there(user, queue)}
    return {
        "operators": _operators(dialog, staff, here),
        "groups": _groups(staff, here),
        "lines": _lines(dialog, staff, now),
    }


def _staff() -> list[User]:
    works = ~Q(role=User.Role.NONE) | Q(is_superuser=True)
    return list(User.objects.filter(works, is_active=True).order_by("first_name", "last_name", "pk"))


def _is_there(user: User, queue: Queue) -> bool:
    """By the facts that the line counts; how many dialogs they have is shown, and no obstacle to a transfer."""
    person = Candidate(
        operator_id=user.pk, name=user.name, position=0, presence=user.presence, working_day=user.working_day,
        is_paused=user.is_paused, is_absent=user.is_absent,
    )  # fmt: skip
    return is_available(person, queue)


def _operators(dialog: Dialog, staff: dict[int, User], here: set[int]) -> list[Json]:
    held = Dialog.objects.exclude(state=Dialog.State.CLOSED).filter(owner__in=list(staff))
    loads = dict(held.order_by().values_list("owner").annotate(Count("pk")))
    limits = dict(QueueMember.objects.filter(line_id=dialog.line_id).values_list("operator_id", "dialog_limit"))
    colleagues = [
        operator_json(user)
        | {
            "working_day": user.working_day,
            "is_absent": user.is_absent,
            "open_dialogs": loads.get(pk, 0),
            "limit": _smaller(user.dialog_limit, limits.get(pk)),
            "is_available": pk in here,
        }
        for pk, user in staff.items()
        if pk != dialog.owner_id
    ]
    return sorted(colleagues, key=lambda one: (not one["is_available"], one["open_dialogs"]))


def _smaller(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _groups(staff: dict[int, User], here: set[int]) -> list[Json]:
    members: dict[int, list[int]] = {}
    for group_id, user_id in StaffGroup.members.through.objects.values_list("staffgroup_id", "user_id"):
        if user_id in staff:
            members.setdefault(group_id, []).append(user_id)
    return [
        {"id": pk, "name": name, "members": len(members[pk]), "available": len(here.intersection(members[pk]))}
        for pk, name in StaffGroup.objects.order_by("name").values_list("pk", "name")
        if pk in members
    ]


def _lines(dialog: Dialog, staff: dict[int, User], now: datetime) -> list[Json]:
    others = Line.objects.filter(is_active=True, archived_at=None).exclude(pk=dialog.line_id)
    lines = others.select_related("queue", "schedule").prefetch_related("schedule__special_days").order_by("name", "pk")
    waiting = dict(
        Dialog.objects.filter(state__in=WAITING).order_by().values_list("line").annotate(Count("pk"))
    )  # fmt: skip
    members: dict[int, list[User]] = {}
    for line_id, user_id in QueueMember.objects.order_by().values_list("line_id", "operator_id"):
        if user_id in staff:
            members.setdefault(line_id, []).append(staff[user_id])
    return [_line(line, members.get(line.pk, []), waiting.get(line.pk, 0), now) for line in lines]


def _line(line: Line, members: list[User], waiting: int, now: datetime) -> dict[str, Any]:
    available = sum(_is_there(member, line.queue) for member in members)
    if line.schedule.is_enabled and not hours_of(line.schedule).is_open(now):
        state = "OFF_HOURS"
    else:
        state = "OPEN" if available else "NOBODY"
    return {"id": line.pk, "name": line.name, "state": state, "waiting": waiting, "available": available}
