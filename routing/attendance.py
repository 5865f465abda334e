"""Who is at work and who is not: reads."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.models import User
from openlines.access import lines_of, steers
from openlines.models import Dialog, QueueMember
from openlines.presenters import iso
from routing.models import Absence, Break, WorkShift
from routing.services.waiting_dialogs import lines_served_by


def arranges_absences_of(actor: User, operator: User) -> bool:
    """Administrators everyone's, supervisors those of the operators of their lines."""
    if actor.is_administrator:
        return True
    return actor.is_supervisor and any(steers(actor, line_id) for line_id in lines_served_by(operator.pk))


def visible_absences(user: User) -> QuerySet[Absence]:
    """One's own, and those that one arranges."""
    if not user.works_with_clients:
        return Absence.objects.none()
    if user.is_administrator:
        return Absence.objects.all()
    return Absence.objects.filter(Q(operator=user) | Q(operator__in=_operators_steered_by(user)))


def _operators_steered_by(user: User) -> list[int]:
    if not user.is_supervisor:
        return []
    line_ids = [pk for pk in lines_of(user).values_list("pk", flat=True) if steers(user, pk)]
    return list(QueueMember.objects.filter(line__in=line_ids).values_list("operator_id", flat=True))


def working_day_json(operator: User) -> dict[str, Any]:
    """The operator's day as they see it themselves, with what they have in hand."""
    shift = WorkShift.objects.filter(operator=operator).first()
    pause = Break.objects.filter(operator=operator, ended_at=None).first() if operator.is_paused else None
    is_started = operator.working_day != User.WorkingDay.NOT_STARTED and shift is not None
    return {
        "working_day": operator.working_day,
        "started_at": iso(shift.started_at) if is_started and shift else None,
        "ended_at": iso(shift.ended_at) if is_started and shift else None,
        "is_paused": operator.is_paused,
        "pause_reason": operator.pause_reason,
        "paused_at": iso(pause.started_at) if pause else None,
        "is_absent": operator.is_absent,
        "absent_until": _absent_until(operator),
        "open_dialogs": Dialog.objects.filter(owner=operator).exclude(state=Dialog.State.CLOSED).count(),
        "dialog_limit": operator.dialog_limit,
    }


def _absent_until(operator: User) -> str | None:
    if not operator.is_absent:
        return None
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    current = Absence.objects.filter(operator=operator, first_date__lte=today, last_date__gte=today)
    last = current.order_by("-last_date").first()
    return last.last_date.isoformat() if last else None


def absence_json(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.pk,
        "operator_id": absence.operator_id,
        "kind": absence.kind,
        "first_date": absence.first_date.isoformat(),
        "last_date": absence.last_date.isoformat(),
        "note": absence.note,
    }
