"""What was tried with dialogs already, and who is to be asked before the queue."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from common.statements import Statement
from openlines.models import Dialog
from routing.models import Offer, Queue
from routing.services.choosing import Past
from routing.services.people import staff_for
from routing.strategies import Candidate

OFFERS = Statement(
    lambda dialog_ids: (
        Offer.objects.filter(dialog_id__any_of=dialog_ids)
        .order_by()
        .values_list("dialog_id", "round", "operator_id", "kind")
    )
)
WHO_KNOWS = Statement(
    lambda dialog_ids: Dialog.objects.filter(pk__any_of=dialog_ids).values_list(
        "pk", "client__responsible_id", "lead__responsible_id", "chat__last_operator_id"
    )
)
BEFORE_QUEUE = frozenset({Offer.Kind.RESPONSIBLE, Offer.Kind.LAST_OPERATOR})


def pasts_of(dialogs: Sequence[Dialog], queue: Queue, *, now: datetime) -> dict[int, Past]:
    """By dialog. Offers of rounds before the dialog's first one belong to another line, or to before a return."""
    offers = _offers(dialogs)
    fresh = [dialog for dialog in dialogs if offers[dialog.pk].keys() <= BEFORE_QUEUE]
    first_asked = _first_asked([dialog for dialog in fresh if dialog.group_id is None], queue, now)
    pasts = {}
    for dialog in dialogs:
        rounds = [item for items in offers[dialog.pk].values() for item in items]
        number = max((number for number, _operator in rounds), default=dialog.first_round)
        tried = frozenset(operator for offered_in, operator in rounds if offered_in == number)
        untried = [item for item in first_asked.get(dialog.pk, ()) if item[1].operator_id not in tried]
        pasts[dialog.pk] = Past(round=number, tried=tried, first_asked=untried)
    return pasts


def _offers(dialogs: Sequence[Dialog]) -> dict[int, dict[str, list[tuple[int, int]]]]:
    """By dialog and kind, rounds and operators."""
    found: dict[int, dict[str, list[tuple[int, int]]]] = {dialog.pk: defaultdict(list) for dialog in dialogs}
    known = {dialog.pk: dialog.first_round for dialog in dialogs if dialog.state != Dialog.State.NEW}
    for dialog_id, number, operator_id, kind in OFFERS.rows(dialog_ids=list(known)) if known else ():
        if number >= known[dialog_id]:
            found[dialog_id][kind].append((number, operator_id))
    return found


def _first_asked(dialogs: Sequence[Dialog], queue: Queue, now: datetime) -> dict[int, list[tuple[str, Candidate]]]:
    """Whoever is responsible for the client, then who spoke with them last, as far as the line wants it."""
    if not dialogs or not (queue.prefers_responsible or queue.prefers_last_operator):
        return {}
    wanted: dict[int, list[tuple[str, int]]] = {}
    for pk, of_client, of_lead, last in WHO_KNOWS.rows(dialog_ids=[dialog.pk for dialog in dialogs]):
        responsible = of_client or of_lead
        wanted[pk] = []
        if queue.prefers_responsible and responsible:
            wanted[pk].append((Offer.Kind.RESPONSIBLE, responsible))
        if queue.prefers_last_operator and last and (Offer.Kind.RESPONSIBLE, last) not in wanted[pk]:
            wanted[pk].append((Offer.Kind.LAST_OPERATOR, last))
    ids = {operator for items in wanted.values() for _kind, operator in items}
    people = {person.operator_id: person for person in staff_for(queue, ids, now=now)} if ids else {}
    return {
        pk: [(kind, people[operator]) for kind, operator in items if operator in people]
        for pk, items in wanted.items()
    }  # fmt: skip
