"""Deciding who is offered dialogs. Every decision is stored with those considered and the reason.

Any number of dialogs of a line costs the same statements: ``choosing`` decides about one after the other in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from common.rows import insert_rows
from common.statements import Statement
from crm.models import User
from openlines.models import Chat, Dialog, Line, Message, QueueMember
from openlines.services.lifecycle import ASSIGNMENT, put_before, set_assignment
from openlines.services.locking import hold, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line, append_all, service_line
from openlines.services.timers import cancel_timers, on_timer, set_timer, set_timers
from routing.models import Decision, Offer, Queue, Turn
from routing.services.choosing import Choice, Desk, Past, is_available
from routing.strategies import Candidate

OFFER = "offer"
BATCH = 50

QUEUE = Statement(
    lambda line_id: Queue.objects.select_for_update(of=("self",)).select_related("line").filter(line_id=line_id)
)
TURNS = Statement(lambda line_id: Turn.objects.filter(line_id=line_id).values_list("operator_id", "last_offered_at"))
MEMBERS = Statement(
    lambda line_id: (
        QueueMember.objects.filter(line_id=line_id, operator__is_active=True)
        .select_related("operator")
        .order_by("position")
    )
)
OFFERS = Statement(
    lambda dialog_ids: (
        Offer.objects.filter(dialog_id__any_of=dialog_ids).order_by().values_list("dialog_id", "round", "operator_id")
    )
)
# Who spoke with the client last, and is there.
LAST_OPERATORS = Statement(
    lambda chat_ids: (
        Chat.objects.filter(
            pk__any_of=chat_ids, last_operator__is_active=True, last_operator__presence=User.Presence.ONLINE
        )
        .exclude(last_operator__role=User.Role.NONE)
        .select_related("last_operator")
    )
)
RECORD_TURNS = """
    INSERT INTO routing_turn (line_id, operator_id, accepted, share, last_offered_at)
    SELECT %s, operator_id, 0, 0, moment FROM unnest(%s::bigint[], %s::timestamptz[]) AS used (operator_id, moment)
    ON CONFLICT (line_id, operator_id) DO UPDATE SET last_offered_at = EXCLUDED.last_offered_at
"""


def distribute(dialog: Dialog, *, now: datetime) -> None:
    """Offer a locked dialog to whoever is next, or leave it in the queue."""
    distribute_all([dialog], now=now)


def distribute_all(dialogs: Iterable[Dialog], *, now: datetime) -> None:
    """The same for many, in the order given. Lines' queues are locked in the order of their ids."""
    by_line = defaultdict(list)
    for dialog in dialogs:
        by_line[dialog.line_id].append(dialog)
    for line_id in sorted(by_line):
        _distribute(line_id, by_line[line_id], now)


def _distribute(line_id: int, dialogs: Sequence[Dialog], now: datetime) -> None:
    queue = _lock_queue(line_id)
    desk = Desk(queue, _members(line_id), now=now)
    pasts = _pasts(dialogs, queue)
    choices = [desk.choose(dialog, pasts[dialog.pk]) for dialog in dialogs]
    _withdraw([dialog.pk for dialog in dialogs if pasts[dialog.pk].tried], now=now)
    _put_before([choice for choice in choices if choice.chosen], queue, now)
    _put_in_queue([choice.dialog for choice in choices if not choice.chosen], now)
    _record_turns(desk)
    insert_rows([_decision(choice, now) for choice in choices])


def _lock_queue(line_id: int) -> Queue:
    """Turns are taken one dialog at a time: the line's queue is locked after its dialogs, never before."""
    (queue,) = QUEUE.objects(line_id=line_id)
    return queue


def _members(line_id: int) -> list[Candidate]:
    turns: dict[int, datetime | None] = dict(TURNS.rows(line_id=line_id))
    return [
        Candidate(
            operator_id=member.operator_id,
            name=member.operator.name,
            position=member.position,
            presence=member.operator.presence,
            last_offered_at=turns.get(member.operator_id),
        )
        for member in MEMBERS.objects(line_id=line_id)
    ]


def _pasts(dialogs: Sequence[Dialog], queue: Queue) -> dict[int, Past]:
    rounds: dict[int, dict[int, set[int]]] = {dialog.pk: defaultdict(set) for dialog in dialogs}
    for dialog_id, number, operator_id in OFFERS.rows(dialog_ids=list(rounds)):
        rounds[dialog_id][number].add(operator_id)
    untried = [dialog for dialog in dialogs if not rounds[dialog.pk]]
    remembered = _last_operators(untried) if queue.prefers_last_operator else {}
    pasts = {dialog.pk: Past(remembered=remembered.get(dialog.chat_id)) for dialog in untried}
    for dialog_id, tried in rounds.items():
        if tried:
            pasts[dialog_id] = Past(round=max(tried), tried=frozenset(tried[max(tried)]))
    return pasts


def _last_operators(dialogs: Sequence[Dialog]) -> dict[int, Candidate]:
    """By chat: who is asked once, before the queue."""
    chats = LAST_OPERATORS.objects(chat_ids=[dialog.chat_id for dialog in dialogs])
    operators = ((chat.pk, chat.last_operator) for chat in chats)
    return {
        chat_id: Candidate(operator_id=operator.pk, name=operator.name, position=0, presence=operator.presence)
        for chat_id, operator in operators
        if operator is not None
    }


def _put_before(choices: Sequence[Choice], queue: Queue, now: datetime) -> None:
    """One operator alone keeps the offer without a deadline: there is nobody to pass it on to."""
    deadline = now + timedelta(seconds=queue.offer_seconds)
    for choice in choices:
        set_assignment(
            choice.dialog,
            state=Dialog.State.OFFERED,
            offered_to=choice.operator_ids,
            started_at=now,
            expires_at=None if choice.is_alone else deadline,
        )
    append_all([(choice.dialog, _offer_line(choice)) for choice in choices], *ASSIGNMENT, now=now)
    insert_rows([offer for choice in choices for offer in _offers(choice, now)])
    set_timers([choice.dialog.pk for choice in choices if not choice.is_alone], OFFER, deadline)


def _offer_line(choice: Choice) -> Message:
    if len(choice.chosen) == 1:
        return service_line("DIALOG_OFFERED", operator=choice.names[0])
    return service_line("DIALOG_OFFERED", operators=len(choice.chosen))


def _offers(choice: Choice, now: datetime) -> list[Offer]:
    expires_at = choice.dialog.offer_expires_at
    return [
        Offer(dialog=choice.dialog, operator_id=pk, round=choice.round, offered_at=now, expires_at=expires_at)
        for pk in choice.operator_ids
    ]


def _put_in_queue(dialogs: Sequence[Dialog], now: datetime) -> None:
    news = [dialog for dialog in dialogs if dialog.state != Dialog.State.QUEUED]
    for dialog in news:
        set_assignment(dialog, state=Dialog.State.QUEUED)
    append_all([(dialog, service_line("DIALOG_QUEUED")) for dialog in news], *ASSIGNMENT, now=now)


def _record_turns(desk: Desk) -> None:
    turns = sorted(desk.turns.items())
    with connection.cursor() as cursor:
        cursor.execute(RECORD_TURNS, [desk.queue.line_id, [pk for pk, _ in turns], [moment for _, moment in turns]])


def _decision(choice: Choice, now: datetime) -> Decision:
    reason: dict[str, object] = {"code": choice.code, "operators": choice.names, "of": len(choice.considered)}
    if choice.chosen:
        reason |= {"round": choice.round, "alone": choice.is_alone}
    outcome = Decision.Outcome.OFFERED if choice.chosen else Decision.Outcome.QUEUED
    return Decision(dialog=choice.dialog, outcome=outcome, reason=reason, considered=choice.considered, decided_at=now)


def record_decision(dialog: Dialog, outcome: str, *, code: str, operators: list[str], now: datetime) -> None:
    """A decision that people made: answered, transferred, returned."""
    Decision.objects.create(
        dialog=dialog, outcome=outcome, reason={"code": code, "operators": operators}, considered=[], decided_at=now
    )


def withdraw_offers(dialog: Dialog, *, now: datetime, outcome: str = Offer.Outcome.WITHDRAWN) -> None:
    _withdraw([dialog.pk], now=now, outcome=outcome)


def _withdraw(dialog_ids: Sequence[int], *, now: datetime, outcome: str = Offer.Outcome.WITHDRAWN) -> None:
    if dialog_ids:
        pending = Offer.objects.filter(dialog_id__any_of=dialog_ids, outcome=Offer.Outcome.PENDING)
        pending.update(outcome=outcome, ended_at=now)
        cancel_timers(dialog_ids, OFFER)


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
    waiting = Q(dialogs__state=Dialog.State.QUEUED, is_active=True)
    present = Q(queue_members__operator__is_active=True)
    unasked = Q(queue__checks_presence=False) | Q(queue_members__operator__presence=User.Presence.ONLINE)
    lines = Line.objects.filter(Q(dialogs__state=Dialog.State.NEW) | (waiting & present & unasked))
    return list(lines.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def give_deadlines(*, line_id: int, now: datetime) -> None:
    """Who was alone kept their offers without end. Now somebody else is there to pass them on to."""
    queue = Queue.objects.get(line_id=line_id)
    present = {c.operator_id for c in _members(line_id) if is_available(c, queue)}
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
    distribute_all(dialogs, now=now)
    return sum(dialog.state == Dialog.State.OFFERED for dialog in dialogs)
