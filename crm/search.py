"""Finding clients by what people type: a name, a piece of it, a number with or without its dashes."""

import re

from django.db.models import Q, QuerySet

from crm.addresses import phone_number
from crm.models import Client, Identity

FEWEST_DIGITS = 4


def matching_clients(clients: QuerySet[Client], search: str) -> QuerySet[Client]:
    wanted = Q(value__icontains=search) | Q(title__icontains=search)
    for number in _numbers(search):
        wanted |= Q(value__contains=number)
    addressed = Identity.objects.filter(wanted).values("client_id")
    return clients.filter(Q(name__icontains=search) | Q(pk__in=addressed))


def _numbers(search: str) -> set[str]:
    """A phone as it is stored, whatever way it was written down."""
    digits = re.sub(r"\D", "", search)
    is_number = len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s()+.\-]", search)
    return {digits, phone_number(search) or digits} if is_number else set()
