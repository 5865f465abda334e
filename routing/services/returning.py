"""Dialogs that come back to the queue: their operator went away, or did not answer in time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from common.events import publish
from common.statements import Statement
from crm.models import User
from openlines.models import Dialog, Message, Timer
from openlines.services.locking import lock_dialog, lock_dialogs
from openlines.services.messages import add_service_line
from openlines.services.timers import cancel_timers, on_timer, set_timer, set_timers
from routing.events import PlacesFreed
from routing.models import Decision, Offer
from routing.services.availability import away_reason, has_left, is_away
from routing.services.distribution import begin_again, distribute, record_decision
from routing.services.offers import end_offer_of

UNANSWERED = "unanswered"
# What is told of who is away, by what the line found.
REASONS = {"ENDED": "DAY_ENDED", "NOT_STARTED": "DAY_NOT_STARTED"}

# Of dialogs in which clients have just written: whose owner is away by the rules of their line, and where nobody
# counts the seconds yet. Pinned ones stay with whoever pinned them.
WRITTEN_IN = Statement(
    lambda dialog_ids: (
        Dialog.objects.filter(pk__any_of=dialog_ids, state=Dialog.State.ACTIVE, is_pinned=False)
        .annotate(
            owner_is_away=ExpressionWrapper(
                is_away(operator="owner", queue="line__queue") | has_left(operator="owner"),
                output_field=BooleanField(),
            )
        )
        .filter(
            Q(owner_is_away=True)
            | (
                Q(line__queue__return_seconds__isnull=False)
                & ~Exists(Timer.objects.filter(dialog=OuterRef("pk"), kind=UNANSWERED))
            )
        )
        .order_by("pk")
        .values_list("pk", "owner_is_away", "waiting_since", "line__queue__return_seconds")
    )
)


def return_offers(*, operator_id: int, reason: str, now: datetime) -> None:
    """What someone who went away had before them goes to the next, and what they had taken and never answered.

    A break leaves them what they have taken. Dialogs they had answered stay theirs until the client writes.
    """
    concerned = Q(offered_to__contains=[operator_id], state=Dialog.State.OFFERED)
    if reason != "PAUSED":
        concerned |= Q(owner_id=operator_id, state=Dialog.State.ACTIVE, waiting_since__isnull=False, is_pinned=False)
    for dialog_id in list(Dialog.objects.filter(concerned).order_by("pk").values_list("pk", flat=True)):
        _return(dialog_id, operator_id, now)


@transaction.atomic
def _return(dialog_id: int, operator_id: int, now: datetime) -> None:
    dialog = lock_dialog(dialog_id)
    operator = User.objects.get(pk=operator_id)
    found = away_reason(operator, dialog.line.queue)
    if found is None:
        return
    reason = REASONS.get(found, found)
    if dialog.state == Dialog.State.OFFERED and operator_id in dialog.offered_to:
        _return_offer(dialog, operator, reason, now)
    elif _waits_in_vain(dialog, operator):
        take_back(dialog, operator=operator, reason=reason, now=now)


def _return_offer(dialog: Dialog, operator: User, reason: str, now: datetime) -> None:
    record_decision(dialog, Decision.Outcome.RETURNED, code=reason, operators=[operator.name], now=now)
    if end_offer_of(dialog, operator.pk, outcome=Offer.Outcome.WITHDRAWN, now=now):
        return
    add_service_line(dialog, "RETURNED_TO_QUEUE", now=now, operator=operator.name, reason=reason)
    distribute(dialog, now=now)


def _waits_in_vain(dialog: Dialog, operator: User) -> bool:
    """The client waits, and this operator has not said a word in this dialog."""
    is_theirs = dialog.state == Dialog.State.ACTIVE and dialog.owner_id == operator.pk
    if not is_theirs or not _waits(dialog):
        return False
    said = dialog.messages.filter(author=operator, visibility=Message.Visibility.PUBLIC)
    return not said.exists()


def _waits(dialog: Dialog) -> bool:
    """The client waits for a word; neither is the dialog at its end nor kept by a pin."""
    return dialog.waiting_since is not None and dialog.closing_at is None and not dialog.is_pinned


def take_back(dialog: Dialog, *, operator: User, reason: str, now: datetime) -> None:
    """A locked dialog goes back to the queue and is distributed; whoever had it is not asked first."""
    cancel_timers([dialog.pk], UNANSWERED)
    if dialog.owner_id == operator.pk:
        publish(PlacesFreed((operator.pk,)))
    add_service_line(dialog, "RETURNED_TO_QUEUE", now=now, operator=operator.name, reason=reason)
    record_decision(dialog, Decision.Outcome.RETURNED, code=reason, operators=[operator.name], now=now)
    begin_again(dialog, except_for=[operator.pk], now=now)


def look_after_dialogs_written_in(*, dialog_ids: Collection[int], now: datetime) -> None:
    """Clients wrote: what belongs to someone who is away is given to others, and answers are waited for."""
    rows = WRITTEN_IN.rows(dialog_ids=list(dialog_ids))
    away = [pk for pk, is_owner_away, _since, _seconds in rows if is_owner_away]
    due = [(since + timedelta(seconds=seconds), pk) for pk, is_owner_away, since, seconds in rows if not is_owner_away]
    for moment, group in groupby(sorted(due), key=itemgetter(0)):
        set_timers([pk for _moment, pk in group], UNANSWERED, moment)
    for dialog in lock_dialogs(away) if away else ():
        _take_back_from_owner(dialog, now)


def _take_back_from_owner(dialog: Dialog, now: datetime) -> None:
    owner = dialog.owner
    if owner is None:
        return
    found = away_reason(owner, dialog.line.queue) or owner.presence
    reason = REASONS.get(found, found) if owner.works_with_clients else "DISMISSED"
    take_back(dialog, operator=owner, reason=reason, now=now)


def expect_answer(*, dialog_id: int, now: datetime) -> None:
    """Somebody has a dialog in which the client waits: from now on their seconds count."""
    waits = Q(state=Dialog.State.ACTIVE, waiting_since__isnull=False, is_pinned=False)
    dialogs = Dialog.objects.filter(waits, pk=dialog_id, line__queue__return_seconds__isnull=False)
    for seconds in dialogs.values_list("line__queue__return_seconds", flat=True):
        set_timer(dialog_id, UNANSWERED, now + timedelta(seconds=seconds or 0))


@on_timer(UNANSWERED)
def return_unanswered_dialog(dialog: Dialog, now: datetime) -> None:
    """The operator has not answered in the time that the line gives: somebody else may."""
    is_switched_off = dialog.line.queue.return_seconds is None
    is_put_aside = dialog.snoozed_at is not None
    if is_switched_off or is_put_aside or dialog.state != Dialog.State.ACTIVE or not _waits(dialog):
        return
    if dialog.owner is not None:
        take_back(dialog, operator=dialog.owner, reason="UNANSWERED", now=now)
