"""What is known of an operator: on the line, at work, on a break, absent. One place changes it and tells of it."""

from dataclasses import astuple, dataclass
from typing import Any

from django.db import transaction

from common.events import publish
from crm.models import User
from openlines.changes import send_frame
from openlines.presenters import operator_json
from openlines.streams import STAFF
from routing.events import OperatorCameOnline, OperatorWentAway
from routing.models import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    presence: str
    working_day: str
    is_paused: bool
    pause_reason: str
    is_absent: bool

    @classmethod
    def of(cls, operator: User) -> "Facts":
        return cls(*(getattr(operator, name) for name in cls.__slots__))


def lock_operator(operator_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=operator_id)


def change_facts(operator: User, **changes: Any) -> User:
    """Note what is different of a locked operator; everyone's consoles and the queues hear of it."""
    before = Facts.of(operator)
    for name, value in changes.items():
        setattr(operator, name, value)
    if "is_paused" in changes:
        operator.presence = _presence(operator)
    after = Facts.of(operator)
    if astuple(before) == astuple(after):
        return operator
    operator.save(update_fields=list(Facts.__slots__))
    frame = {"type": "operator.changed", "operator": operator_json(operator)}
    transaction.on_commit(lambda: send_frame(frame, to=[STAFF]), robust=True)
    for reason in _turned_for_the_worse(before, after):
        publish(OperatorWentAway(operator.pk, reason))
    if _turned_for_the_better(before, after):
        publish(OperatorCameOnline(operator.pk))
    return operator


def refresh_presence(operator_id: int) -> User:
    """Work out from open consoles where the operator is."""
    operator = lock_operator(operator_id)
    return change_facts(operator, presence=_presence(operator))


def _presence(operator: User) -> str:
    if not Connection.objects.filter(operator=operator).exists():
        return User.Presence.OFFLINE
    return User.Presence.PAUSED if operator.is_paused else User.Presence.ONLINE


def _turned_for_the_worse(before: Facts, after: Facts) -> list[str]:
    turns = {
        "ABSENT": after.is_absent and not before.is_absent,
        "DAY_ENDED": before.working_day == User.WorkingDay.STARTED != after.working_day,
        "PAUSED": after.is_paused and not before.is_paused,
        "OFFLINE": after.presence == User.Presence.OFFLINE != before.presence,
    }
    return [reason for reason, has_turned in turns.items() if has_turned]


def _turned_for_the_better(before: Facts, after: Facts) -> bool:
    return (
        (before.is_absent and not after.is_absent)
        or after.working_day == User.WorkingDay.STARTED != before.working_day
        or (before.is_paused and not after.is_paused)
        or after.presence == User.Presence.ONLINE != before.presence
    )
