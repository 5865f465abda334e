"""Deciding who is offered a dialog. Every decision is stored with those considered and the reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from crm.models import User
from openlines.models import Chat, Dialog, Line, QueueMember
from openlines.services.lifecycle import put_before, put_in_queue
from openlines.services.locking import hold, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line
from openlines.services.timers import cancel_timers, on_timer, set_timer
from routing.models import Decision, Offer, Queue, Turn
from routing.strategies import STRATEGIES, Candidate

OFFER = "offer"
BATCH = 50


def distribute(dialog: Dialog, *, now: datetime) -> None:
    """Offer a locked dialog to whoever is next, or leave it in the queue.

    Nobody is offered a dialog twice before everyone available was offered it once; then it goes round again.
    """
    queue = _lock_queue(dialog)
    if not queue.line.is_active:
        _leave_in_queue(dialog, queue, [], now, code="LINE_OFF")
        return
    candidates = _members(queue.line_id)
    tried = set(dialog.offers.filter(round=_round(dialog)).values_list("operator_id", flat=True))
    available = [c for c in candidates if _is_available(c, queue)]
    fresh = [c for c in available if c.operator_id not in tried]
    starts_over = bool(tried) and not fresh
    remembered = _last_operator(dialog, queue, tried)
    if remembered is not None:
        _offer(dialog, queue, [remembered], candidates, tried, kind="LAST_OPERATOR", alone=False, now=now)
        return
    chosen = STRATEGIES[queue.distribution].choose(fresh or available)
    if not chosen:
        _leave_in_queue(dialog, queue, candidates, now)
        return
    if starts_over:
        tried = set()
    alone = len(available) == 1
    _offer(
        dialog, queue, chosen, candidates, tried, kind=queue.distribution, alone=alone, starts_over=starts_over, now=now
    )


def _lock_queue(dialog: Dialog) -> Queue:
    """Turns are taken one dialog at a time: the line's queue is locked after the dialog, never before."""
    return Queue.objects.select_for_update(of=("self",)).select_related("line").get(line_id=dialog.line_id)


def _round(dialog: Dialog) -> int:
    last: int | None = dialog.offers.aggregate(last=Max("round"))["last"]
    return last or 1


def _members(line_id: int) -> list[Candidate]:
    turns = dict(Turn.objects.filter(line_id=line_id).values_list("operator_id", "last_offered_at"))
    members = QueueMember.objects.filter(line_id=line_id, operator__is_active=True).select_related("operator")
    return [
        Candidate(
            operator_id=member.operator_id,
            name=member.operator.name,
            position=member.position,
            presence=member.operator.presence,
            last_offered_at=turns.get(member.operator_id),
        )
        for member in members.order_by("position")
    ]


def _is_available(candidate: Candidate, queue: Queue) -> bool:
    return not queue.checks_presence or candidate.presence == User.Presence.ONLINE


def _last_operator(dialog: Dialog, queue: Queue, tried: set[int]) -> Candidate | None:
    """The operator who spoke with the client last, asked once, before the queue, if they are there."""
    if not queue.prefers_last_operator or tried:
        return None
    operator = (
        User.objects.filter(pk__in=Chat.objects.filter(pk=dialog.chat_id).values("last_operator"), is_active=True)
        .exclude(role=User.Role.NONE)
        .first()
    )
    if operator is None or operator.presence != User.Presence.ONLINE:
        return None
    return Candidate(operator_id=operator.pk, name=operator.name, position=0, presence=operator.presence)


def _offer(
    dialog: Dialog, queue: Queue, chosen: Sequence[Candidate], candidates: Sequence[Candidate], tried: set[int], *,
    kind: str, alone: bool, now: datetime, starts_over: bool = False,
) -> None:  # fmt: skip
    """One operator alone keeps the offer without a deadline: there is nobody to pass it on to."""
    expires_at = None if alone else now + timedelta(seconds=queue.offer_seconds)
    number = _round(dialog) + (1 if starts_over else 0)
    ids = [candidate.operator_id for candidate in chosen]
    withdraw_offers(dialog, now=now)
    Offer.objects.bulk_create(
        Offer(dialog=dialog, operator_id=pk, round=number, offered_at=now, expires_at=expires_at) for pk in ids
    )
    _use_turns(queue.line_id, ids, now)
    put_before(dialog, operator_ids=ids, started_at=now, expires_at=expires_at)
    if expires_at is not None:
        set_timer(dialog.pk, OFFER, expires_at)
    names = [candidate.name for candidate in chosen]
    params: dict[str, object] = {"operator": names[0]} if len(names) == 1 else {"operators": len(names)}
    add_service_line(dialog, "DIALOG_OFFERED", now=now, **params)
    reason = {"code": kind, "operators": names, "round": number, "alone": alone, "of": len(candidates)}
    considered = [_verdict(c, queue, set(ids), tried) for c in candidates]
    _decide(dialog, Decision.Outcome.OFFERED, reason, considered, now)


def _use_turns(line_id: int, operator_ids: Iterable[int], now: datetime) -> None:
    Turn.objects.bulk_create(
        [Turn(line_id=line_id, operator_id=pk, last_offered_at=now) for pk in sorted(operator_ids)],
        update_conflicts=True,
        unique_fields=["line", "operator"],
        update_fields=["last_offered_at"],
    )


def _leave_in_queue(
    dialog: Dialog, queue: Queue, candidates: Sequence[Candidate], now: datetime, *, code: str = "NOBODY_AVAILABLE"
) -> None:
    """Nobody is there: it waits on the one whose turn it is, and anyone in the queue may take it."""
    next_one = STRATEGIES[queue.distribution].choose(candidates)
    withdraw_offers(dialog, now=now)
    if dialog.state != Dialog.State.QUEUED:
        put_in_queue(dialog)
        add_service_line(dialog, "DIALOG_QUEUED", now=now)
    reason = {"code": code, "operators": [c.name for c in next_one[:1]], "of": len(candidates)}
    considered = [_verdict(c, queue, set(), set()) for c in candidates]
    _decide(dialog, Decision.Outcome.QUEUED, reason, considered, now)


def _verdict(candidate: Candidate, queue: Queue, chosen: set[int], tried: set[int]) -> dict[str, object]:
    if candidate.operator_id in chosen:
        verdict = "OFFERED"
    elif not _is_available(candidate, queue):
        verdict = candidate.presence
    elif candidate.operator_id in tried:
        verdict = "ALREADY_OFFERED"
    else:
        verdict = "LATER"
    last = candidate.last_offered_at.isoformat() if candidate.last_offered_at else None
    return {"operator": candidate.name, "position": candidate.position, "verdict": verdict, "last_offered_at": last}


def _decide(
    dialog: Dialog, outcome: str, reason: dict[str, object], considered: list[dict[str, object]], now: datetime
) -> None:
    Decision.objects.create(dialog=dialog, outcome=outcome, reason=reason, considered=considered, decided_at=now)


def record_decision(dialog: Dialog, outcome: str, *, code: str, operators: list[str], now: datetime) -> None:
    """A decision that people made: answered, transferred, returned."""
    _decide(dialog, outcome, {"code": code, "operators": operators}, [], now)


def withdraw_offers(dialog: Dialog, *, now: datetime, outcome: str = Offer.Outcome.WITHDRAWN) -> None:
    dialog.offers.filter(outcome=Offer.Outcome.PENDING).update(outcome=outcome, ended_at=now)
    cancel_timers([dialog.pk], OFFER)


def narrow_offer(dialog: Dialog, operator_ids: Sequence[int]) -> None:
    """The offer goes on without those who declined it or left."""
    put_before(
        dialog,
        operator_ids=operator_ids,
        started_at=dialog.offer_started_at or dialog.opened_at,
        expires_at=dialog.offer_expires_at,
    )


@on_timer(OFFER)
def pass_on_expired_offer(dialog: Dialog, now: datetime) -> None:
    """Nobody answered in time: to the next."""
    if dialog.state != Dialog.State.OFFERED:
        return
    names = [operator.name for operator in User.objects.filter(pk__in=dialog.offered_to)]
    withdraw_offers(dialog, now=now, outcome=Offer.Outcome.EXPIRED)
    add_service_line(dialog, "OFFER_EXPIRED", now=now, operator=", ".join(names))
    distribute(dialog, now=now)


def offer_waiting(*, line_id: int, now: datetime) -> int:
    """Someone came or a line changed: offer what waits, oldest first; returns how many were offered."""
    give_deadlines(line_id=line_id, now=now)
    offered = batch = _offer_batch(line_id, now)
    while batch == BATCH:
        batch = _offer_batch(line_id, now)
        offered += batch
    return offered


def lines_to_sweep() -> list[int]:
    """Where a dialog waits although somebody could have it: what the nudges missed."""
    waiting, present = Q(dialogs__state=Dialog.State.QUEUED), Q(queue_members__operator__is_active=True)
    unasked = Q(queue__checks_presence=False) | Q(queue_members__operator__presence=User.Presence.ONLINE)
    lines = Line.objects.filter(Q(dialogs__state=Dialog.State.NEW) | (waiting & present & unasked))
    return list(lines.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def give_deadlines(*, line_id: int, now: datetime) -> None:
    """Who was alone kept their offers without end. Now somebody else is there to pass them on to."""
    queue = Queue.objects.get(line_id=line_id)
    present = {c.operator_id for c in _members(line_id) if _is_available(c, queue)}
    expires_at = now + timedelta(seconds=queue.offer_seconds)
    for dialog in lock_open_dialogs(line_id=line_id, state=Dialog.State.OFFERED, offer_expires_at=None):
        if present - set(dialog.offered_to):
            dialog.offers.filter(outcome=Offer.Outcome.PENDING).update(expires_at=expires_at)
            dialog.offer_expires_at = expires_at
            save_changes(dialog, "offer_expires_at")
            set_timer(dialog.pk, OFFER, expires_at)


@transaction.atomic
def _offer_batch(line_id: int, now: datetime) -> int:
    waiting = (
        Dialog.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(line_id=line_id, state__in=[Dialog.State.QUEUED, Dialog.State.NEW])
        .order_by("opened_at", "pk")[:BATCH]
    )
    dialogs = [hold(dialog) for dialog in waiting]
    for dialog in dialogs:
        distribute(dialog, now=now)
    return sum(dialog.state == Dialog.State.OFFERED for dialog in dialogs)
