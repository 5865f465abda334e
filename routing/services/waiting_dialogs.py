"""What waits is offered the moment somebody could have it: a place frees, an operator comes, a line opens."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from common.statements import Statement
from crm.models import User
from openlines.models import Dialog, Line, QueueMember
from openlines.services.locking import hold, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line
from openlines.services.timers import on_timer, set_timer
from routing.models import Offer, Queue, Turn
from routing.services.availability import is_there
from routing.services.choosing import is_available
from routing.services.distribution import distribute, distribute_all
from routing.services.off_hours import is_closed_now
from routing.services.offers import OFFER, let_offers_expire
from routing.services.people import least_share, members_of
from routing.services.turns import level_turn, lock_queues

BATCH = 50
GROWTH = 4
WAITING = (Dialog.State.QUEUED, Dialog.State.NEW)
LIMITED = Q(dialog_limit__isnull=False) | Q(operator__dialog_limit__isnull=False)
SHORT_OF_PLACES = Statement(
    lambda operator_ids: (
        QueueMember.objects.filter(LIMITED, operator_id__any_of=operator_ids)
        .order_by("line_id")
        .values_list("line_id")
        .distinct()
    )
)
# Those who have a limit, in lines where something waits.
WANTED = Statement(
    lambda operator_ids: (
        QueueMember.objects.filter(LIMITED, operator_id__any_of=operator_ids)
        .filter(Exists(Dialog.objects.filter(line_id=OuterRef("line_id"), state=Dialog.State.QUEUED)))
        .order_by("operator_id")
        .values_list("operator_id")
        .distinct()
    )
)


@on_timer(OFFER)
def pass_on_expired_offer(dialog: Dialog, now: datetime) -> None:
    """Nobody answered in time: to the next."""
    if dialog.state != Dialog.State.OFFERED:
        return
    names = [operator.name for operator in User.objects.filter(pk__in=dialog.offered_to)]
    let_offers_expire(dialog, now=now)
    add_service_line(dialog, "OFFER_EXPIRED", now=now, operator=", ".join(names))
    distribute(dialog, now=now)


def offer_waiting(*, line_id: int, now: datetime) -> int:
    """Something in the line is another: offer what waits, in its order; returns how many were offered.

    It stops at the first that nobody can have: those behind it have no better claim. Those that were transferred to a
    group wait for its members only and hold up nobody else. Outside the line's hours nothing is offered.
    """
    if is_closed_now(line_id, now):
        return 0
    give_deadlines(line_id=line_id, now=now)
    offered = 0
    for group_id in _waiting_groups(line_id):
        size = 1
        while (count := _offer_batch(line_id, group_id, size, now)) == size:
            offered += count
            size = min(size * GROWTH, BATCH)
        offered += count
    return offered


def offer_waiting_to(*, operator_id: int, now: datetime) -> None:
    """The operator has come, or has a place again: what waits longest in any of their lines comes first."""
    lines = lines_served_by(operator_id)
    for line_id in lines:
        give_deadlines(line_id=line_id, now=now)
    if _is_limited(operator_id):
        _offer_across(lines, now)
    else:
        for line_id in _by_need(lines):
            offer_waiting(line_id=line_id, now=now)
    _offer_own_clients(operator_id, now)


def fill_places(*, operator_ids: Collection[int], now: datetime) -> None:
    """Places of these operators are free again; only who has a limit was short of them."""
    lines = [line_id for (line_id,) in SHORT_OF_PLACES.rows(operator_ids=sorted(operator_ids))]
    if not lines:
        return
    _let_decisions_end(lines)
    for (operator_id,) in WANTED.rows(operator_ids=sorted(operator_ids)):
        offer_waiting_to(operator_id=operator_id, now=now)


def welcome_back(*, operator_id: int, now: datetime) -> None:
    """Somebody is available again. They take part from here on and don't make up for the time they were away."""
    for line_id in lines_served_by(operator_id):
        with transaction.atomic():
            _level(line_id, [operator_id], now)
    offer_waiting_to(operator_id=operator_id, now=now)


@transaction.atomic
def welcome_new_members(*, line_id: int, now: datetime) -> None:
    """Whoever joins a queue takes part from here on as well, and there may be something for them."""
    known = Turn.objects.filter(line_id=line_id)
    new = QueueMember.objects.filter(line_id=line_id).exclude(operator__in=known.values("operator"))
    _level(line_id, list(new.order_by("operator_id").values_list("operator_id", flat=True)), now)


def _level(line_id: int, operator_ids: Collection[int], now: datetime) -> None:
    queue = lock_queues([line_id])[line_id]
    others = [member for member in members_of(queue, now=now) if member.operator_id not in operator_ids]
    for operator_id in operator_ids:
        level_turn(line_id=line_id, operator_id=operator_id, share=least_share(others, queue), now=now)


def lines_served_by(operator_id: int) -> list[int]:
    members = QueueMember.objects.filter(operator_id=operator_id)
    return list(members.order_by("line_id").values_list("line_id", flat=True))


def lines_to_sweep() -> list[int]:
    """Where a dialog waits although somebody could have it: what the nudges missed."""
    waiting = Q(dialogs__state=Dialog.State.QUEUED, is_active=True)
    present = Q(queue_members__operator__is_active=True) & is_there(operator="queue_members__operator", queue="queue")
    lines = Line.objects.filter(Q(dialogs__state=Dialog.State.NEW) | (waiting & present))
    return list(lines.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def give_deadlines(*, line_id: int, now: datetime) -> None:
    """Who was alone kept their offers without end. Now somebody else is there to pass them on to."""
    endless = Dialog.objects.filter(line_id=line_id, state=Dialog.State.OFFERED, offer_expires_at=None)
    if not endless.exists():
        return
    queue = Queue.objects.select_related("line").get(line_id=line_id)
    present = {member.operator_id for member in members_of(queue, now=now) if is_available(member, queue)}
    expires_at = now + timedelta(seconds=queue.offer_seconds)
    for dialog in lock_open_dialogs(line_id=line_id, state=Dialog.State.OFFERED, offer_expires_at=None):
        if present - set(dialog.offered_to):
            dialog.offers.filter(outcome=Offer.Outcome.PENDING).update(expires_at=expires_at)
            dialog.offer_expires_at = expires_at
            save_changes(dialog, "offer_expires_at")
            set_timer(dialog.pk, OFFER, expires_at)


def _waiting_groups(line_id: int) -> list[int | None]:
    waiting = Dialog.objects.filter(line_id=line_id, state__in=WAITING)
    return list(waiting.order_by("group_id").values_list("group_id", flat=True).distinct())


def _is_limited(operator_id: int) -> bool:
    places = QueueMember.objects.filter(LIMITED, operator_id=operator_id)
    return places.exists()


def _offer_across(line_ids: Collection[int], now: datetime) -> None:
    """One by one over several lines, so that scarce places go to those who wait longest, whatever their line."""
    left = set(line_ids)
    while lines := _by_need(left):
        groups = _waiting_groups(lines[0])
        if not sum(_offer_batch(lines[0], group_id, 1, now) for group_id in groups):
            left.discard(lines[0])


def _by_need(line_ids: Collection[int]) -> list[int]:
    """Those of the lines where something waits, the one that waits longest first."""
    waiting = Dialog.objects.filter(state__in=WAITING, line_id__in=line_ids)
    lines = waiting.values("line_id").annotate(first=Min("ranked_at")).order_by("first", "line_id")
    return [line["line_id"] for line in lines]


@transaction.atomic
def _let_decisions_end(line_ids: Collection[int]) -> None:
    """Whoever decides at this moment holds a queue's lock and may leave a dialog waiting for what is free by now.
    After this it can be seen."""
    lock_queues(line_ids)


@transaction.atomic
def _offer_batch(line_id: int, group_id: int | None, size: int, now: datetime) -> int:
    """The first is waited for, should somebody hold it; of many, those that are held have their turn later."""
    waiting = (
        Dialog.objects.select_for_update(of=("self",), skip_locked=size > 1)
        .filter(line_id=line_id, group_id=group_id, state__in=WAITING)
        .order_by("ranked_at", "pk")[:size]
    )
    return _offer_held([hold(dialog) for dialog in waiting], now)


def _offer_held(dialogs: Collection[Dialog], now: datetime) -> int:
    distribute_all(dialogs, now=now)
    return sum(dialog.state == Dialog.State.OFFERED for dialog in dialogs)


def _offer_own_clients(operator_id: int, now: datetime) -> None:
    """Clients for whom the operator is responsible, and what was transferred to their groups, may wait in lines where
    they are not in the queue."""
    own = Q(client__responsible_id=operator_id) | Q(lead__responsible_id=operator_id)
    own |= Q(group__members=operator_id)
    waiting = Dialog.objects.filter(own, state=Dialog.State.QUEUED).order_by("ranked_at", "pk")
    for dialog_id in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            held = Dialog.objects.select_for_update(of=("self",), skip_locked=True).filter(
                pk=dialog_id, state=Dialog.State.QUEUED
            )
            _offer_held([hold(dialog) for dialog in held], now)
