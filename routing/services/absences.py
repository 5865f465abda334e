"""Absences: days on which an operator does not work. Whether today is one of them is kept on the operator."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from crm.audit import record_creation, record_removal, recorded
from crm.models import User
from routing.attendance import arranges_absences_of, visible_absences
from routing.models import Absence
from routing.services.facts import change_facts, lock_operator


def add_absence(
    *, actor: User, operator_id: int, kind: str, first_date: date, last_date: date, note: str = "", now: datetime
) -> Absence:
    """Raises ``InvalidInput`` (nobody there whose absences the actor arranges, dates in the wrong order)."""
    operator = User.objects.filter(pk=operator_id, is_active=True).first()
    if operator is None or not arranges_absences_of(actor, operator):
        raise InvalidInput(fields={"operator_id": [_("Choose somebody whose working time you arrange.")]})
    absence = Absence(operator=operator, kind=kind, first_date=first_date, last_date=last_date, note=note)
    _check(absence)
    with transaction.atomic():
        absence.save()
        record_creation(actor=actor, subject=absence, now=now)
        _refresh(absence.operator_id, now)
    return absence


@transaction.atomic
def change_absence(*, actor: User, absence_id: int, now: datetime, **changes: Any) -> Absence:
    """Another kind, other dates, another note. Raises ``NotFound``, ``InvalidInput``."""
    absence = _arranged_by(actor, absence_id)
    with recorded(absence, actor=actor, now=now):
        for name, value in changes.items():
            setattr(absence, name, value)
        _check(absence)
        absence.save()
    _refresh(absence.operator_id, now)
    return absence


@transaction.atomic
def remove_absence(*, actor: User, absence_id: int, now: datetime) -> None:
    """It was a mistake: as if it had never been. Raises ``NotFound``."""
    absence = _arranged_by(actor, absence_id)
    record_removal(actor=actor, subject=absence, now=now)
    absence.delete()
    _refresh(absence.operator_id, now)


def _arranged_by(actor: User, absence_id: int) -> Absence:
    """What one may not change does not exist, be it one's own."""
    absence = visible_absences(actor).select_related("operator").filter(pk=absence_id).first()
    if absence is None or not arranges_absences_of(actor, absence.operator):
        raise NotFound
    return absence


def _check(absence: Absence) -> None:
    if absence.last_date < absence.first_date:
        raise InvalidInput(fields={"last_date": [_("The last day is before the first.")]})


def refresh_absences(*, now: datetime) -> None:
    """A date has changed: absences begin and end with the day of the product's time zone."""
    absent = Exists(_in_force(now).filter(operator=OuterRef("pk")))
    outdated = User.objects.annotate(is_absent_now=absent).exclude(is_absent=F("is_absent_now"))
    for operator_id in list(outdated.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            _refresh(operator_id, now)


def _refresh(operator_id: int, now: datetime) -> None:
    operator = lock_operator(operator_id)
    change_facts(operator, is_absent=_in_force(now).filter(operator=operator).exists())


def _in_force(now: datetime) -> QuerySet[Absence]:
    today = timezone.localdate(now, timezone.get_default_timezone())
    return Absence.objects.filter(first_date__lte=today, last_date__gte=today)
