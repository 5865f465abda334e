"""How routing hears of conversations and consoles."""

from django.utils import timezone

from common.events import after_commit, in_transaction
from crm.events import StaffChanged
from crm.models import User
from openlines.events import (
    ConsoleBeat,
    ConsoleClosed,
    ConsoleOpened,
    DialogClosed,
    DialogsOpened,
    LineCreated,
    QueueMembersChanged,
)
from openlines.models import Dialog
from openlines.services.locking import lock_dialogs
from routing.events import OperatorCameOnline, OperatorWentAway
from routing.models import Queue, Schedule
from routing.services.departures import hand_on_dialogs_of
from routing.services.distribution import distribute_all, offer_waiting, withdraw_offers
from routing.services.presence import keep_alive, let_go, lines_served_by, return_offers


@in_transaction(LineCreated)
def give_line_a_queue_and_hours(event: LineCreated) -> None:
    Queue.objects.create(line_id=event.line_id)
    Schedule.objects.create(line_id=event.line_id)


@in_transaction(DialogsOpened)
def offer_to_next_operators(event: DialogsOpened) -> None:
    distribute_all(lock_dialogs(event.dialog_ids), now=timezone.now())


@in_transaction(DialogClosed)
def withdraw_what_was_offered(event: DialogClosed) -> None:
    withdraw_offers(Dialog.objects.get(pk=event.dialog_id), now=timezone.now())


@after_commit(QueueMembersChanged)
def offer_to_new_members(event: QueueMembersChanged) -> None:
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
    for line_id in lines_served_by(event.operator_id):
        offer_waiting(line_id=line_id, now=timezone.now())


@after_commit(OperatorWentAway)
def return_unanswered_offers(event: OperatorWentAway) -> None:
    return_offers(operator_id=event.operator_id, reason=event.reason, now=timezone.now())


@after_commit(StaffChanged)
def hand_on_dialogs_of_who_left(event: StaffChanged) -> None:
    if not User.objects.get(pk=event.user_id).works_with_clients:
        hand_on_dialogs_of(operator_id=event.user_id, now=timezone.now())
