"""How routing hears of conversations and consoles."""

from django.utils import timezone

from common.events import after_commit, in_transaction, publish
from crm.events import StaffChanged, StaffGroupChanged
from crm.models import User
from openlines.events import (
    AnsweredElsewhere,
    ConsoleBeat,
    ConsoleClosed,
    ConsoleOpened,
    DialogAssigned,
    DialogClosed,
    DialogClosing,
    DialogsContinued,
    DialogSnoozed,
    DialogsOpened,
    DialogsReopened,
    DialogWoken,
    LineCopied,
    LineCreated,
    LineSwitchedOn,
    OperatorReplied,
    PrioritiesChanged,
    QueueMembersChanged,
)
from openlines.models import Dialog
from openlines.services.locking import lock_dialogs
from openlines.services.timers import cancel_timers
from routing.events import LineOpened, OperatorCameOnline, OperatorWentAway, PlaceInQueueAwaited, PlacesFreed
from routing.models import Queue, Schedule
from routing.services import no_answer  # noqa: F401 - registers its timer
from routing.services.departures import hand_on_dialogs_of
from routing.services.distribution import distribute_all, distribute_anew
from routing.services.line_copies import copy_rules_and_hours
from routing.services.off_hours import tell_who_writes_on
from routing.services.offers import withdraw_offers
from routing.services.presence import keep_alive, let_go
from routing.services.ranking import rank_anew
from routing.services.returning import UNANSWERED, expect_answer, look_after_dialogs_written_in, return_offers
from routing.services.waiting_dialogs import (
    fill_places,
    offer_waiting,
    offer_waiting_to,
    welcome_back,
    welcome_new_members,
)


@in_transaction(LineCreated)
def give_line_a_queue_and_hours(event: LineCreated) -> None:
    Queue.objects.create(line_id=event.line_id)
    Schedule.objects.create(line_id=event.line_id)


@in_transaction(LineCopied)
def give_the_copy_the_same_rules(event: LineCopied) -> None:
    copy_rules_and_hours(from_line_id=event.from_line_id, line_id=event.line_id)


@in_transaction(DialogsOpened)
def offer_to_next_operators(event: DialogsOpened) -> None:
    distribute_all(lock_dialogs(event.dialog_ids), now=timezone.now())


@in_transaction(DialogsReopened)
def offer_to_who_had_them(event: DialogsReopened) -> None:
    distribute_anew(lock_dialogs(event.dialog_ids), now=timezone.now())


@in_transaction(DialogsContinued)
def tell_of_hours_again(event: DialogsContinued) -> None:
    tell_who_writes_on(channel_id=event.channel_id, dialog_ids=event.dialog_ids, now=timezone.now())


@after_commit(LineOpened)
def offer_what_waited_for_the_opening(event: LineOpened) -> None:
    offer_waiting(line_id=event.line_id, now=timezone.now())


@after_commit(LineSwitchedOn)
def offer_what_waited_meanwhile(event: LineSwitchedOn) -> None:
    offer_waiting(line_id=event.line_id, now=timezone.now())


@in_transaction(DialogClosed)
def withdraw_what_was_offered(event: DialogClosed) -> None:
    dialog = Dialog.objects.get(pk=event.dialog_id)
    withdraw_offers(dialog, now=timezone.now())
    if dialog.owner_id is not None:
        publish(PlacesFreed((dialog.owner_id,)))


@in_transaction(DialogsContinued)
def give_on_what_who_is_away_has(event: DialogsContinued) -> None:
    look_after_dialogs_written_in(dialog_ids=event.dialog_ids, now=timezone.now())


@in_transaction(DialogAssigned)
def wait_for_an_answer(event: DialogAssigned) -> None:
    expect_answer(dialog_id=event.dialog_id, now=timezone.now())


@in_transaction(OperatorReplied)
def stop_waiting_for_an_answer(event: OperatorReplied) -> None:
    cancel_timers([event.dialog_id], UNANSWERED)


@in_transaction(AnsweredElsewhere)
def stop_waiting_for_who_answered_elsewhere(event: AnsweredElsewhere) -> None:
    cancel_timers([event.dialog_id], UNANSWERED)


@in_transaction(DialogClosing)
def free_the_place_of_what_is_finished(event: DialogClosing) -> None:
    publish(PlacesFreed((event.operator_id,)))


@in_transaction(DialogSnoozed)
def free_the_place_of_what_is_put_aside(event: DialogSnoozed) -> None:
    publish(PlacesFreed((event.operator_id,)))


@in_transaction(DialogWoken)
def wait_for_an_answer_again(event: DialogWoken) -> None:
    expect_answer(dialog_id=event.dialog_id, now=timezone.now())


@after_commit(QueueMembersChanged)
def offer_to_new_members(event: QueueMembersChanged) -> None:
    welcome_new_members(line_id=event.line_id, now=timezone.now())
    offer_waiting(line_id=event.line_id, now=timezone.now())


@after_commit(ConsoleOpened)
def bring_operator_online(event: ConsoleOpened) -> None:
    keep_alive(connection_id=event.connection_id, operator_id=event.operator_id, now=timezone.now())


@after_commit(ConsoleBeat)
def keep_operator_online(event: ConsoleBeat) -> None:
    keep_alive(connection_id=event.connection_id, operator_id=event.operator_id, now=timezone.now())


@after_commit(ConsoleClosed)
def let_console_go(event: ConsoleClosed) -> None:
    let_go(connection_id=event.connection_id, now=timezone.now())


@after_commit(OperatorCameOnline)
def offer_what_waits(event: OperatorCameOnline) -> None:
    welcome_back(operator_id=event.operator_id, now=timezone.now())


@after_commit(PlacesFreed)
def give_free_places_to_those_who_wait(event: PlacesFreed) -> None:
    fill_places(operator_ids=event.operator_ids, now=timezone.now())


@after_commit(OperatorReplied)
def fill_the_place_of_what_was_answered(event: OperatorReplied) -> None:
    fill_places(operator_ids=sorted({event.operator_id, event.owner_id}), now=timezone.now())


@after_commit(AnsweredElsewhere)
def fill_the_place_of_what_was_answered_elsewhere(event: AnsweredElsewhere) -> None:
    if event.owner_id is not None:
        fill_places(operator_ids=[event.owner_id], now=timezone.now())


@in_transaction(PrioritiesChanged)
def change_places_in_the_queue(event: PrioritiesChanged) -> None:
    if event.client_id is not None:
        rank_anew(client_id=event.client_id)
    if event.line_id is not None:
        rank_anew(line_id=event.line_id)


@after_commit(PlaceInQueueAwaited)
def offer_to_those_before(event: PlaceInQueueAwaited) -> None:
    offer_waiting(line_id=event.line_id, now=timezone.now())


@after_commit(OperatorWentAway)
def return_unanswered_offers(event: OperatorWentAway) -> None:
    return_offers(operator_id=event.operator_id, reason=event.reason, now=timezone.now())


@after_commit(StaffChanged)
def hand_on_dialogs_of_who_left(event: StaffChanged) -> None:
    """Whoever stays may have another limit."""
    if User.objects.get(pk=event.user_id).works_with_clients:
        offer_waiting_to(operator_id=event.user_id, now=timezone.now())
    else:
        hand_on_dialogs_of(operator_id=event.user_id, now=timezone.now())


@after_commit(StaffGroupChanged)
def offer_what_waits_for_the_group(event: StaffGroupChanged) -> None:
    waiting = Dialog.objects.filter(group_id=event.group_id, state=Dialog.State.QUEUED).order_by("line_id")
    for line_id in list(waiting.values_list("line_id", flat=True).distinct()):
        offer_waiting(line_id=line_id, now=timezone.now())
