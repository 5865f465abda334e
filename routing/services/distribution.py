"""Deciding who is offered dialogs. Every decision is stored with those considered and the reason.

Any number of dialogs of a line costs the same statements: ``choosing`` decides about one after the other in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from common.events import publish
from common.rows import insert_rows
from crm.models import User
from openlines.events import DialogOffered
from openlines.models import Dialog, Message
from openlines.services.lifecycle import ASSIGNMENT, set_assignment
from openlines.services.locking import save_all, save_changes
from openlines.services.messages import append_all, service_line
from openlines.services.timers import set_timers
from routing.events import PlaceInQueueAwaited
from routing.models import Decision, Offer, Queue
from routing.services.choosing import Choice, Desk, patience
from routing.services.expecting import expect_answers
from routing.services.off_hours import keep_until_opening
from routing.services.offers import OFFER, withdraw_all
from routing.services.pasts import pasts_of
from routing.services.people import members_of, staff_for
from routing.services.ranking import overtaking, rank
from routing.services.turns import lock_queues, record_turns
from routing.strategies import Candidate

PLACED = (*ASSIGNMENT, "ranked_at", "priority")


def distribute(dialog: Dialog, *, now: datetime) -> None:
    """Offer a locked dialog to whoever is next, or leave it in the queue."""
    distribute_all([dialog], now=now)


def distribute_all(dialogs: Iterable[Dialog], *, now: datetime) -> None:
    """The same for many, in the order given. All lines' queues are locked before anything is decided."""
    by_line = defaultdict(list)
    for dialog in dialogs:
        by_line[dialog.line_id].append(dialog)
    for line_id, queue in lock_queues(sorted(by_line)).items():
        _distribute(queue, by_line[line_id], now)


def distribute_anew(dialogs: Sequence[Dialog], *, now: datetime) -> None:
    """The same for dialogs that were closed: rounds before the end count no more, see ``pasts.goes_on``."""
    offers = Offer.objects.filter(dialog_id__any_of=[dialog.pk for dialog in dialogs]).order_by()
    last = dict(offers.values_list("dialog").annotate(Max("round")))
    for dialog in dialogs:
        dialog.first_round = max(last.get(dialog.pk, 0), dialog.first_round) + 1
    save_all(dialogs, "first_round")
    distribute_all(dialogs, now=now)


def _distribute(queue: Queue, dialogs: Sequence[Dialog], now: datetime) -> None:
    new = [dialog for dialog in dialogs if dialog.state == Dialog.State.NEW]
    waited = {dialog.pk for dialog in dialogs if dialog.state == Dialog.State.QUEUED}
    if new:
        rank(new, queue)
    withdraw_all([dialog.pk for dialog in dialogs if dialog.offered_to], now=now)
    if keep_until_opening(dialogs, queue=queue, now=now):
        return
    expect_answers(new, queue, since=now)
    pasts = pasts_of(dialogs, queue, now=now)
    desk = desk_of(queue, groups={dialog.group_id for dialog in dialogs if dialog.group_id}, now=now)
    behind = overtaking([dialog for dialog in dialogs if dialog.pk not in waited], queue)
    choices = [desk.choose(dialog, pasts[dialog.pk], is_behind=dialog.pk in behind) for dialog in dialogs]
    put_before([choice for choice in choices if choice.chosen], now)
    _put_in_queue([choice for choice in choices if not choice.chosen], now)
    record_turns(queue.line_id, desk.given.values(), now=now)
    # What waits on and on for the same reason needs no decision each time that somebody looks.
    insert_rows([_decision(choice, now) for choice in choices if choice.chosen or choice.dialog.pk not in waited])
    if any(choice.code == "BEHIND_OTHERS" for choice in choices):
        publish(PlaceInQueueAwaited(queue.line_id))


def desk_of(queue: Queue, *, groups: Iterable[int] = (), now: datetime) -> Desk:
    """The line as it stands: to decide with under the queue's lock, or to look at without."""
    members_of_groups = {pk: staff_for(queue, _staff_of_group(pk), now=now) for pk in sorted(groups)}
    return Desk(queue, members_of(queue, now=now), groups=members_of_groups, now=now)


def _staff_of_group(group_id: int) -> list[int]:
    return list(User.objects.filter(staff_groups=group_id).order_by("pk").values_list("pk", flat=True))


def put_before(choices: Sequence[Choice], now: datetime) -> None:
    """One operator alone keeps the offer without a deadline: there is nobody to pass it on to."""
    deadlines: dict[int, list[int]] = defaultdict(list)
    for choice in choices:
        if not choice.is_alone:
            deadlines[choice.seconds].append(choice.dialog.pk)
        set_assignment(
            choice.dialog,
            state=Dialog.State.OFFERED,
            offered_to=choice.operator_ids,
            started_at=now,
            expires_at=None if choice.is_alone else now + timedelta(seconds=choice.seconds),
        )
    append_all([(choice.dialog, _offer_line(choice)) for choice in choices], *PLACED, now=now)
    insert_rows([offer for choice in choices for offer in _offers(choice, now)])
    for seconds, dialog_ids in deadlines.items():
        set_timers(dialog_ids, OFFER, now + timedelta(seconds=seconds))
    for choice in choices:
        publish(DialogOffered(choice.dialog.pk, tuple(choice.operator_ids)))


def _offer_line(choice: Choice) -> Message:
    if choice.by:
        return service_line("TRANSFER_OFFERED", **{"from": choice.by, "to": choice.names[0]})
    if len(choice.chosen) == 1:
        return service_line("DIALOG_OFFERED", operator=choice.names[0])
    return service_line("DIALOG_OFFERED", operators=len(choice.chosen))


def _offers(choice: Choice, now: datetime) -> list[Offer]:
    ends = {"offered_at": now, "expires_at": choice.dialog.offer_expires_at}
    return [
        Offer(dialog=choice.dialog, operator_id=pk, kind=choice.kind, round=choice.round, **ends)
        for pk in choice.operator_ids
    ]


def _put_in_queue(choices: Sequence[Choice], now: datetime) -> None:
    news = [choice for choice in choices if choice.dialog.state != Dialog.State.QUEUED]
    for choice in news:
        set_assignment(choice.dialog, state=Dialog.State.QUEUED, waits_on_id=choice.waits_on)
    append_all([(choice.dialog, service_line("DIALOG_QUEUED")) for choice in news], *PLACED, now=now)


def _decision(choice: Choice, now: datetime) -> Decision:
    reason: dict[str, object] = {"code": choice.code, "operators": choice.names, "of": len(choice.considered)}
    if choice.chosen:
        reason |= {"round": choice.round, "alone": choice.is_alone, "by": choice.by}
    outcome = Decision.Outcome.OFFERED if choice.chosen else Decision.Outcome.QUEUED
    return Decision(dialog=choice.dialog, outcome=outcome, reason=reason, considered=choice.considered, decided_at=now)


def record_decision(dialog: Dialog, outcome: str, *, code: str, operators: list[str], now: datetime) -> None:
    """A decision that people made: answered, transferred, returned."""
    Decision.objects.create(
        dialog=dialog, outcome=outcome, reason={"code": code, "operators": operators}, considered=[], decided_at=now
    )


def begin_again(dialog: Dialog, *, except_for: Sequence[int] = (), now: datetime) -> None:
    """Distribute a locked dialog as if it were new: in another line, or when somebody gave it back.

    ``except_for`` are those who had it and are not asked first.
    """
    _begin_round(dialog, now)
    insert_rows([_marker(dialog, operator_id, now) for operator_id in except_for])
    queue = Queue.objects.select_related("line").get(line_id=dialog.line_id)
    rank([dialog], queue)
    save_changes(dialog, "first_round", "line", "group", "ranked_at", "priority")
    expect_answers([dialog], queue, since=now)
    distribute(dialog, now=now)


def _begin_round(dialog: Dialog, now: datetime) -> None:
    """Offers so far count no more; one of them may have been accepted, and only one of a round can be."""
    withdraw_all([dialog.pk], now=now)
    last = dialog.offers.order_by("-round").values_list("round", flat=True).first() or 0
    dialog.first_round = last + 1


def _marker(dialog: Dialog, operator_id: int, now: datetime) -> Offer:
    """Counts as asked before the queue, so that others may be asked before it still."""
    return Offer(
        dialog=dialog, operator_id=operator_id, kind=Offer.Kind.LAST_OPERATOR, round=dialog.first_round,
        outcome=Offer.Outcome.WITHDRAWN, offered_at=now, ended_at=now,
    )  # fmt: skip


def offer_to(
    dialog: Dialog,
    operator: User,
    *,
    by: User,
    except_for: Sequence[int] = (),
    now: datetime,
) -> None:
    """Put a locked dialog before one person, to whom somebody hands it over; nobody owns it until they answer. Skipped
    or expired, it goes to the queue, where those named in ``except_for`` are asked last."""
    kind = Offer.Kind.TRANSFER
    queue = lock_queues([dialog.line_id])[dialog.line_id]
    _begin_round(dialog, now)
    insert_rows([_marker(dialog, operator_id, now) for operator_id in except_for])
    save_changes(dialog, "first_round")
    (person,) = staff_for(queue, [operator.pk], now=now) or [_unknown(operator)]
    choice = Choice(
        dialog=dialog, code="TRANSFER_OFFERED", chosen=[person], kind=kind, round=dialog.first_round,
        seconds=patience(queue, kind), by=by.name,
    )  # fmt: skip
    put_before([choice], now)
    insert_rows([_decision(choice, now)])


def _unknown(operator: User) -> Candidate:
    return Candidate(operator_id=operator.pk, name=operator.name, position=0, presence=operator.presence)
