"""Dialogs change hands: to a colleague, a group of them, another line, back to the queue, or to who takes them over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotAllowed
from common.events import publish
from crm.models import StaffGroup, User
from openlines.access import steers, visible_dialog
from openlines.models import Dialog, Line, Message, QueueMember
from openlines.services.handovers import make_responsible, note_handover
from openlines.services.lifecycle import assign_dialog, require_open
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_operator_message, add_service_line
from openlines.services.timers import cancel_timers
from routing.events import PlacesFreed
from routing.models import Decision
from routing.services.distribution import begin_again, offer_to
from routing.services.expecting import NO_ANSWER
from routing.services.off_hours import OPENING
from routing.services.offers import withdraw_offers
from routing.services.turns import lock_queues
from routing.types import Target, ToGroup, ToLine, ToOperator

LONGEST_NOTE = 2000


class NothingToReturn(DomainError):
    code = "nothing_to_return"
    message = _("Nobody has taken this dialog yet.")


@transaction.atomic
def transfer_dialog(*, dialog_id: int, actor: User, target: Target, note: str = "", now: datetime) -> Dialog:
    """Hand the dialog with its whole history to a colleague, a group of them or another line.

    A colleague owns it at once, or, where the line says so, is offered it: nobody owns it then, and unanswered it goes
    to the queue. Groups and lines distribute it from the start, and whoever handed it over is asked last.
    The note becomes a whisper. Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``, ``DialogAlreadyClosed``.
    """
    dialog = _held(dialog_id, actor, note)
    if not (dialog.owner_id == actor.pk or actor.pk in dialog.offered_to or steers(actor, dialog.line_id)):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can transfer it."))
    match target:
        case ToOperator(operator_id):
            _to_operator(dialog, _colleague(dialog, operator_id), actor, note, now)
        case ToLine(line_id):
            _to_line(dialog, _other_line(dialog, line_id), actor, note, now)
        case ToGroup(group_id):
            _to_group(dialog, _group_at_work(group_id), actor, note, now)
    return dialog


def _held(dialog_id: int, actor: User, note: str) -> Dialog:
    visible_dialog(actor, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(fields={"note": [_("Too long.")]})
    return dialog


def _colleague(dialog: Dialog, operator_id: int) -> User:
    target = User.objects.filter(pk=operator_id).first()
    if target is None or not target.works_with_clients:
        raise InvalidInput(_("There is no such operator."), fields={"operator_id": [_("Choose a colleague.")]})
    if dialog.owner_id == target.pk:
        raise InvalidInput(
            _("The dialog is already with this operator."), fields={"operator_id": [_("Choose another.")]}
        )
    return target


def _other_line(dialog: Dialog, line_id: int) -> Line:
    line = Line.objects.filter(pk=line_id, is_active=True, archived_at=None).first()
    if line is None:
        raise InvalidInput(_("There is no such line at work."), fields={"line_id": [_("Choose a line.")]})
    if dialog.line_id == line.pk:
        raise InvalidInput(_("The dialog is already in this line."), fields={"line_id": [_("Choose another.")]})
    return line


def _group_at_work(group_id: int) -> StaffGroup:
    group = StaffGroup.objects.filter(pk=group_id).first()
    if group is None:
        raise InvalidInput(_("There is no such group."), fields={"group_id": [_("Choose a group.")]})
    if not any(member.works_with_clients for member in group.members.all()):
        raise InvalidInput(_("Nobody is in this group."), fields={"group_id": [_("Choose another.")]})
    return group


def _to_operator(dialog: Dialog, colleague: User, actor: User, note: str, now: datetime) -> None:
    queue = dialog.line.queue
    if queue.transfers_as_offer and colleague != actor:
        had_it = _let_go(dialog, actor, note, now)
        offer_to(dialog, colleague, by=actor, except_for=had_it, now=now)
        _whisper(dialog, actor, note, now)
        return
    _take_from_those_who_have_it(dialog, now)
    assign_dialog(dialog, operator=colleague, now=now)
    if queue.moves_responsible:
        make_responsible(dialog, colleague)
    add_service_line(dialog, "DIALOG_TRANSFERRED", now=now, **{"from": actor.name, "to": colleague.name})
    _whisper(dialog, actor, note, now)
    _record(dialog, Decision.Outcome.ASSIGNED, "TRANSFERRED", now, operators=[colleague.name], by=actor.name)


def _to_line(dialog: Dialog, line: Line, actor: User, note: str, now: datetime) -> None:
    had_it = _let_go(dialog, actor, note, now, line=line)
    cancel_timers([dialog.pk], NO_ANSWER, OPENING)
    add_service_line(dialog, "TRANSFERRED_TO_LINE", now=now, **{"from": actor.name, "line": line.name})
    _whisper(dialog, actor, note, now)
    _record(dialog, Decision.Outcome.RETURNED, "TRANSFERRED_TO_LINE", now, by=actor.name, line=line.name)
    begin_again(dialog, except_for=had_it, now=now)


def _to_group(dialog: Dialog, group: StaffGroup, actor: User, note: str, now: datetime) -> None:
    had_it = _let_go(dialog, actor, note, now, group=group)
    add_service_line(dialog, "TRANSFERRED_TO_GROUP", now=now, **{"from": actor.name, "group": group.name})
    _whisper(dialog, actor, note, now)
    _record(dialog, Decision.Outcome.RETURNED, "TRANSFERRED_TO_GROUP", now, by=actor.name, group=group.name)
    begin_again(dialog, except_for=had_it, now=now)


def _let_go(
    dialog: Dialog,
    actor: User,
    note: str,
    now: datetime,
    *,
    line: Line | None = None,
    group: StaffGroup | None = None,
) -> list[int]:
    """Nobody has it any more; returns those who come last in the round that begins."""
    if line is not None:
        lock_queues([dialog.line_id, line.pk])
    had_it = {actor.pk} if dialog.owner_id is None else {actor.pk, dialog.owner_id}
    _take_from_those_who_have_it(dialog, now)
    note_handover(dialog, actor=actor, note=note.strip(), line=line, group=group)
    return sorted(had_it)


def _take_from_those_who_have_it(dialog: Dialog, now: datetime) -> None:
    withdraw_offers(dialog, now=now)
    if dialog.owner_id is not None:
        publish(PlacesFreed((dialog.owner_id,)))


def _whisper(dialog: Dialog, actor: User, note: str, now: datetime) -> None:
    if not note.strip():
        return
    add_operator_message(
        dialog, operator=actor, text=note.strip(), visibility=Message.Visibility.STAFF, kind=Message.Kind.TEXT,
        command_id=None, reply_to=None, has_attachments=False, now=now,
    )  # fmt: skip


def _record(dialog: Dialog, outcome: str, code: str, now: datetime, **facts: object) -> None:
    Decision.objects.create(dialog=dialog, outcome=outcome, reason={"code": code, **facts}, decided_at=now)


@transaction.atomic
def return_to_queue(*, dialog_id: int, actor: User, note: str = "", now: datetime) -> Dialog:
    """The operator of the dialog, or a supervisor, gives it back: the queue is asked anew, its operator last.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``, ``NothingToReturn``, ``DialogAlreadyClosed``.
    """
    dialog = _held(dialog_id, actor, note)
    if dialog.owner_id != actor.pk and not steers(actor, dialog.line_id):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can return it."))
    if dialog.owner is None:
        raise NothingToReturn
    previous = dialog.owner.name
    had_it = _let_go(dialog, actor, note, now)
    add_service_line(dialog, "RETURNED_TO_QUEUE", now=now, operator=previous, reason="BY_HAND", by=actor.name)
    _whisper(dialog, actor, note, now)
    _record(dialog, Decision.Outcome.RETURNED, "RETURNED_BY_HAND", now, operators=[previous], by=actor.name)
    begin_again(dialog, except_for=had_it, now=now)
    return dialog


@transaction.atomic
def take_over(*, dialog_id: int, actor: User, now: datetime) -> Dialog:
    """A supervisor takes the dialog whoever has it, and so do operators of the line where it lets them.

    Raises ``NotFound``, ``NotAllowed``, ``DialogAlreadyClosed``.
    """
    dialog = _held(dialog_id, actor, note="")
    if dialog.owner_id == actor.pk:
        return dialog
    if not steers(actor, dialog.line_id) and not _is_let_by_line(dialog, actor):
        raise NotAllowed(_("Only supervisors of the line can take a dialog over."))
    previous = dialog.owner.name if dialog.owner else ""
    _take_from_those_who_have_it(dialog, now)
    assign_dialog(dialog, operator=actor, now=now)
    add_service_line(dialog, "DIALOG_TAKEN_OVER", now=now, **{"operator": actor.name, "from": previous})
    _record(dialog, Decision.Outcome.ASSIGNED, "TAKEN_OVER", now, operators=[actor.name])
    return dialog


def _is_let_by_line(dialog: Dialog, actor: User) -> bool:
    """Colleagues take over what somebody has; what is only offered has its turn."""
    if dialog.owner_id is None or not dialog.line.queue.colleagues_take_over:
        return False
    return QueueMember.objects.filter(line_id=dialog.line_id, operator=actor).exists()
