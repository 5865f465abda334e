"""The order of a queue while it is being edited: what the buttons do where no script runs."""

from collections.abc import Sequence

from django.db.models import Q

from crm.models import User


def eligible_staff() -> list[User]:
    """Who may stand in a queue or watch a line, by name."""
    staff = User.objects.filter(~Q(role=User.Role.NONE), is_active=True)
    return list(staff.order_by("first_name", "last_name", "pk"))


def rearranged(operators: Sequence[str], action: str, candidate: str = "") -> list[str]:
    """``up:7``, ``down:7``, ``remove:7`` or ``add``; anything else changes nothing."""
    verb, _colon, operator = action.partition(":")
    order = list(operators)
    if verb == "add" and candidate and candidate not in order:
        return [*order, candidate]
    if operator not in order:
        return order
    place = order.index(operator)
    order.pop(place)
    if verb == "remove":
        return order
    order.insert(max(0, place + (-1 if verb == "up" else 1)), operator)
    return order
