"""Who counts as there: the line says which facts about an operator matter to it.

The rule is here twice, for an operator in hand and for a condition of a query; a test holds the two together.
"""

from typing import Protocol

from django.db.models import Q

from crm.models import User
from routing.models import Queue


class Facts(Protocol):
    @property
    def presence(self) -> str: ...
    @property
    def working_day(self) -> str: ...
    @property
    def is_paused(self) -> bool: ...
    @property
    def is_absent(self) -> bool: ...


def away_reason(operator: Facts, queue: Queue) -> str | None:
    """Why the line may not count on the operator now, or nothing when it may."""
    if queue.checks_absence and operator.is_absent:
        return "ABSENT"
    if queue.checks_working_day and operator.working_day != User.WorkingDay.STARTED:
        return operator.working_day
    if queue.checks_working_day and operator.is_paused:
        return User.Presence.PAUSED
    if queue.checks_presence and operator.presence != User.Presence.ONLINE:
        return operator.presence
    return None


def is_there(*, operator: str, queue: str) -> Q:
    """Of rows, that they may: ``operator`` and ``queue`` say by which relations the two are reached."""
    works = Q(**{f"{operator}__working_day": User.WorkingDay.STARTED, f"{operator}__is_paused": False})
    return (
        (Q(**{f"{queue}__checks_absence": False}) | Q(**{f"{operator}__is_absent": False}))
        & (Q(**{f"{queue}__checks_working_day": False}) | works)
        & (Q(**{f"{queue}__checks_presence": False}) | Q(**{f"{operator}__presence": User.Presence.ONLINE}))
    )


def is_away(*, operator: str, queue: str) -> Q:
    """Of rows, that they may not."""
    return ~is_there(operator=operator, queue=queue)


def has_left(*, operator: str) -> Q:
    """Who no longer works with clients, whatever the line counts."""
    no_role = Q(**{f"{operator}__role": User.Role.NONE, f"{operator}__is_superuser": False})
    return Q(**{f"{operator}__is_active": False}) | no_role
