"""Finding clients by what people type: names in any order, pieces of them, a number with or without its dashes."""

import re

from django.db.models import Q, QuerySet

from common.words import NUMBER_DIGITS, Folded, folded, number_word, shown
from crm.addresses import phone_number
from crm.models import Client, Identity

FEWEST_DIGITS = 4
MOST_WORDS = 8
TRIGRAM = 3


def matching_clients(clients: QuerySet[Client], search: str) -> QuerySet[Client]:
    """Those of the clients whom the words name. Each way of finding has an index of its own, so they are united rather
    than put into one condition."""
    words = name_parts(search)
    named = Client.objects.alias(found_by=Folded("name"))
    for word in words:
        named = named.filter(_has(word) | _has(f" {word}", anywhere=True) if len(word) < TRIGRAM else _has(word))
    if not words:
        return clients.none()
    addressed = (
        Identity.objects.alias(found_by=Folded(column)).filter(_has(part)).values("client_id")
        for part in address_parts(search)
        for column in ("value", "title")
    )
    return clients.filter(pk__in=named.order_by().values("pk").union(*addressed))


def _has(part: str, *, anywhere: bool = False) -> Q:
    """One or two letters are the beginning of a word: in its middle no index would find them."""
    is_inside = anywhere or len(part) >= TRIGRAM
    return Q(found_by__contains=part) if is_inside else Q(found_by__startswith=part)


def name_parts(search: str) -> list[str]:
    return folded(shown(search)).split()[:MOST_WORDS]


def address_parts(search: str) -> list[str]:
    """What was typed, and as a phone is stored, whatever way it was written down."""
    return sorted({folded(shown(search)).strip(), *_numbers(search)} - {""})


def _numbers(search: str) -> set[str]:
    digits = re.sub(r"\D", "", search)
    is_number = len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s()+.\-]", search)
    if not is_number:
        return set()
    own = number_word(digits) if len(digits) > NUMBER_DIGITS else digits
    return {own, phone_number(search) or own}
