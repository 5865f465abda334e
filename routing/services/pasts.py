"""What was tried with dialogs already, and who is to be asked before the queue."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

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
        .values_list("dialog_id", "round", "operator_id", "kind", "offered_at")
    )
)
WHO_KNOWS = Statement(
    lambda dialog_ids: Dialog.objects.filter(pk__any_of=dialog_ids).values_list(
        "pk", "client__responsible_id", "lead__responsible_id", "chat__last_operator_id"
    )
)
BEFORE_QUEUE = frozenset({Offer.Kind.RESPONSIBLE, Offer.Kind.LAST_OPERATOR})


class Made(NamedTuple):
    """An offer that was made."""

    round: int
    operator_id: int
    offered_at: datetime


def pasts_of(dialogs: Sequence[Dialog], queue: Queue, *, now: datetime) -> dict[int, Past]:
    """By dialog. Offers of rounds before the dialog's first one belong to another line, or to before a return."""
    offers = _offers(dialogs)
    fresh = [dialog for dialog in dialogs if offers[dialog.pk].keys() <= BEFORE_QUEUE]
    first_asked = _first_asked([dialog for dialog in fresh if dialog.group_id is None], queue, now)
    pasts = {}
    for dialog in dialogs:
        made = [offer for items in offers[dialog.pk].values() for offer in items]
        number = max((offer.round for offer in made), default=dialog.first_round)
        tried = frozenset(offer.operator_id for offer in made if offer.round == number)
        last_at = max((offer.offered_at for offer in made), default=None)
        last = frozenset(offer.operator_id for offer in made if offer.offered_at == last_at)
        untried = [item for item in first_asked.get(dialog.pk, ()) if item[1].operator_id not in tried]
        pasts[dialog.pk] = Past(round=number, tried=tried, last=last, first_asked=untried)
    return pasts


def goes_on(dialog: Dialog) -> bool:
    """It was closed, and its client has written again: whoever had it is asked first, whatever the queue prefers."""
    return dialog.state == Dialog.State.NEW and dialog.first_round > 1


def _offers(dialogs: Sequence[Dialog]) -> dict[int, dict[str, list[Made]]]:
    """By dialog and kind."""
    found: dict[int, dict[str, list[Made]]] = {dialog.pk: defaultdict(list) for dialog in dialogs}
    known = {dialog.pk: dialog.first_round for dialog in dialogs if dialog.state != Dialog.State.NEW}
    for dialog_id, number, operator_id, kind, offered_at in OFFERS.rows(dialog_ids=list(known)) if known else ():
        if number >= known[dialog_id]:
            found[dialog_id][kind].append(Made(number, operator_id, offered_at))
    return found


def _first_asked(dialogs: Sequence[Dialog], queue: Queue, now: datetime) -> dict[int, list[tuple[str, Candidate]]]:
    """Whoever is responsible for the client, then who spoke with them last, as far as the line wants it."""
    going_on = {dialog.pk for dialog in dialogs if goes_on(dialog)}
    if not dialogs or not (going_on or queue.prefers_responsible or queue.prefers_last_operator):
        return {}
    wanted: dict[int, list[tuple[str, int]]] = {}
    for pk, of_client, of_lead, last in WHO_KNOWS.rows(dialog_ids=[dialog.pk for dialog in dialogs]):
        responsible = of_client or of_lead
        wanted[pk] = [(Offer.Kind.LAST_OPERATOR, last)] if pk in going_on and last else []
        if queue.prefers_responsible and responsible and not (pk in going_on and responsible == last):
            wanted[pk].append((Offer.Kind.RESPONSIBLE, responsible))
        asked = {operator for _kind, operator in wanted[pk]}
        if queue.prefers_last_operator and last and last not in asked:
            wanted[pk].append((Offer.Kind.LAST_OPERATOR, last))
    ids = {operator for items in wanted.values() for _kind, operator in items}
    people = {person.operator_id: person for person in staff_for(queue, ids, now=now)} if ids else {}
    return {
        pk: [(kind, people[operator]) for kind, operator in items if operator in people]
        for pk, items in wanted.items()
    }  # fmt: skip
