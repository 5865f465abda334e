"""The life of offers once they are made: accepted, skipped, expired, withdrawn. The dialog is locked by the caller."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from common.events import publish
from crm.models import User
from openlines.models import Dialog
from openlines.services.lifecycle import put_before
from openlines.services.timers import cancel_timers
from routing.events import PlacesFreed
from routing.models import Offer
from routing.services.turns import count_taken, give_back, lock_queues

OFFER = "offer"
END = """
    UPDATE routing_offer SET outcome = %(outcome)s, ended_at = %(now)s
    WHERE dialog_id = ANY(%(dialogs)s) AND outcome = 'PENDING' RETURNING operator_id
"""


def accept_offer(dialog: Dialog, operator: User, *, now: datetime) -> None:
    """The operator takes the dialog, offered to them or not; the others' offers end."""
    lock_queues([dialog.line_id])
    pending = dialog.offers.filter(outcome=Offer.Outcome.PENDING, operator=operator)
    was_offered = pending.update(outcome=Offer.Outcome.ACCEPTED, ended_at=now) > 0
    withdraw_all([dialog.pk], now=now)
    count_taken(line_id=dialog.line_id, operator_id=operator.pk, was_offered=was_offered, now=now)


def withdraw_offers(dialog: Dialog, *, now: datetime) -> None:
    """Nobody has to answer any more."""
    lock_queues([dialog.line_id])
    withdraw_all([dialog.pk], now=now)


def withdraw_all(dialog_ids: Sequence[int], *, now: datetime) -> None:
    """The same for many, whose lines' queues are locked."""
    if dialog_ids:
        give_back(dialog_ids, now=now)
        _end(dialog_ids, Offer.Outcome.WITHDRAWN, now)


def let_offers_expire(dialog: Dialog, *, now: datetime) -> None:
    """Whoever did not answer had their turn."""
    _end([dialog.pk], Offer.Outcome.EXPIRED, now)
    dialog.offered_to = []


def _end(dialog_ids: Sequence[int], outcome: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(END, {"dialogs": list(dialog_ids), "outcome": outcome, "now": now})
        freed = {operator_id for (operator_id,) in cursor.fetchall()}
    cancel_timers(dialog_ids, OFFER)
    if freed:
        publish(PlacesFreed(tuple(sorted(freed))))


def end_offer_of(dialog: Dialog, operator_id: int, *, outcome: str, now: datetime) -> bool:
    """One of them drops out, by their will or because they left; says whether others still have the offer."""
    lock_queues([dialog.line_id])
    give_back([dialog.pk], operator_ids=[operator_id], now=now)
    pending = dialog.offers.filter(outcome=Offer.Outcome.PENDING, operator_id=operator_id)
    pending.update(outcome=outcome, ended_at=now)
    publish(PlacesFreed((operator_id,)))
    others = [pk for pk in dialog.offered_to if pk != operator_id]
    if others:
        started_at = dialog.offer_started_at or dialog.opened_at
        put_before(dialog, operator_ids=others, started_at=started_at, expires_at=dialog.offer_expires_at)
    else:
        cancel_timers([dialog.pk], OFFER)
        dialog.offered_to = []
    return bool(others)
