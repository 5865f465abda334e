"""An operator's working day: start, break, back from it, end. Asking twice changes nothing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput
from crm.models import User
from routing.models import Break, Connection, WorkShift
from routing.services.facts import change_facts, lock_operator

LONGEST_REASON = 100
# A day that nobody ended and that no console is open for is over by then, whatever the shift.
LONGEST_DAY = timedelta(hours=16)


class DayNotStarted(DomainError):
    code = "day_not_started"
    message = _("The working day has not begun, so it can't be ended.")


class DayIsOver(DomainError):
    code = "day_is_over"
    message = _("The working day is over. Start it again first.")


@transaction.atomic
def start_day(*, operator: User, now: datetime) -> User:
    """At work from now on, and on no break. A day may be started again after its end."""
    operator = lock_operator(operator.pk)
    if operator.working_day == User.WorkingDay.STARTED:
        return operator
    WorkShift.objects.create(operator=operator, started_at=now)
    _end_break(operator, now)
    return change_facts(operator, working_day=User.WorkingDay.STARTED, is_paused=False, pause_reason="")


@transaction.atomic
def pause(*, operator: User, reason: str = "", now: datetime) -> User:
    """On a break, with a reason that colleagues see. Lines that don't ask for a working day have breaks, too.

    Raises ``DayIsOver``, ``InvalidInput`` (the reason is too long).
    """
    operator, reason = lock_operator(operator.pk), " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(fields={"reason": [_("At most %(limit)d characters.") % {"limit": LONGEST_REASON}]})
    if operator.working_day == User.WorkingDay.ENDED:
        raise DayIsOver
    if operator.is_paused and operator.pause_reason == reason:
        return operator
    _end_break(operator, now)
    Break.objects.create(operator=operator, reason=reason, started_at=now)
    return change_facts(operator, is_paused=True, pause_reason=reason)


@transaction.atomic
def resume(*, operator: User, now: datetime) -> User:
    """Back from the break."""
    operator = lock_operator(operator.pk)
    if not operator.is_paused:
        return operator
    _end_break(operator, now)
    return change_facts(operator, is_paused=False, pause_reason="")


@transaction.atomic
def end_day(*, operator: User, now: datetime) -> User:
    """Off work; a break ends with the day. Raises ``DayNotStarted``."""
    operator = lock_operator(operator.pk)
    if operator.working_day == User.WorkingDay.NOT_STARTED:
        raise DayNotStarted
    if operator.working_day == User.WorkingDay.ENDED:
        return operator
    _end_break(operator, now)
    WorkShift.objects.filter(operator=operator, ended_at=None).update(ended_at=now)
    return change_facts(operator, working_day=User.WorkingDay.ENDED, is_paused=False, pause_reason="")


def _end_break(operator: User, now: datetime) -> None:
    if operator.is_paused:
        Break.objects.filter(operator=operator, ended_at=None).update(ended_at=now)


def end_forgotten_days(*, now: datetime) -> None:
    """Who went home without ending the day: it has lasted too long, and no console is open."""
    consoles = Connection.objects.filter(operator=OuterRef("operator"))
    left_open = WorkShift.objects.filter(~Exists(consoles), ended_at=None, started_at__lt=now - LONGEST_DAY)
    for shift in left_open.select_related("operator").order_by("operator_id"):
        end_day(operator=shift.operator, now=now)
