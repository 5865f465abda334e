"""What people do with an offered dialog: answer, skip, transfer, take over. Exactly one wins."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotAllowed
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.models import Dialog, QueueMember
from openlines.services.lifecycle import assign_dialog, require_open
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_service_line
from routing.models import Decision, Offer
from routing.services.distribution import distribute, record_decision
from routing.services.offers import accept_offer, end_offer_of, withdraw_offers


class AlreadyTaken(DomainError):
    code = "already_taken"


class NotOffered(DomainError):
    code = "not_offered"
    message = _("This dialog is not offered to you any more.")


@transaction.atomic
def answer_dialog(*, dialog_id: int, operator: User, now: datetime) -> Dialog:
    """Take a dialog that is offered to the operator or waits in their queue. The first one wins, the others get
    ``AlreadyTaken``; asking again for one's own dialog changes nothing. Raises ``NotFound``, ``NotOffered``."""
    dialog = _lock_for_answer(dialog_id, operator)
    if dialog.owner_id == operator.pk:
        return dialog
    if dialog.owner is not None:
        raise AlreadyTaken(_("%(operator)s has already answered this dialog.") % {"operator": dialog.owner.name})
    if not _may_answer(dialog, operator):
        raise NotOffered
    accept_offer(dialog, operator, now=now)
    assign_dialog(dialog, operator=operator, now=now)
    seconds = int((now - dialog.opened_at).total_seconds())
    add_service_line(dialog, "DIALOG_ACCEPTED", now=now, operator=operator.name, seconds=seconds)
    record_decision(dialog, Decision.Outcome.ASSIGNED, code="ANSWERED", operators=[operator.name], now=now)
    return dialog


def _lock_for_answer(dialog_id: int, operator: User) -> Dialog:
    """An operator who just lost the race may no longer see the dialog, but deserves to hear who won."""
    was_offered = Offer.objects.filter(dialog_id=dialog_id, operator=operator).exists()
    if not was_offered and not _works_in_its_line(dialog_id, operator):
        visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    return dialog


def _works_in_its_line(dialog_id: int, operator: User) -> bool:
    return QueueMember.objects.filter(line__dialogs=dialog_id, operator=operator).exists()


def _may_answer(dialog: Dialog, operator: User) -> bool:
    if operator.pk in dialog.offered_to or steers(operator, dialog.line_id):
        return True
    in_queue = QueueMember.objects.filter(line_id=dialog.line_id, operator=operator).exists()
    return in_queue and dialog.state in {Dialog.State.QUEUED, Dialog.State.NEW}


@transaction.atomic
def skip_dialog(*, dialog_id: int, operator: User, now: datetime) -> Dialog:
    """Not me: the offer goes to the next. Raises ``NotFound``, ``NotOffered``."""
    dialog = _lock_for_answer(dialog_id, operator)
    if dialog.state != Dialog.State.OFFERED or operator.pk not in dialog.offered_to:
        raise NotOffered
    add_service_line(dialog, "OFFER_SKIPPED", now=now, operator=operator.name)
    if not end_offer_of(dialog, operator.pk, outcome=Offer.Outcome.SKIPPED, now=now):
        distribute(dialog, now=now)
    return dialog


@transaction.atomic
def transfer_dialog(*, dialog_id: int, actor: User, operator_id: int, now: datetime) -> Dialog:
    """Hand the dialog with its whole history to a colleague, who owns it at once.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput`` (unknown colleague, oneself), ``DialogAlreadyClosed``.
    """
    visible_dialog(actor, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if not _may_transfer(dialog, actor):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can transfer it."))
    target = _colleague(operator_id)
    if dialog.owner_id == target.pk:
        raise InvalidInput(
            _("The dialog is already with this operator."), fields={"operator_id": [_("Choose another.")]}
        )
    withdraw_offers(dialog, now=now)
    assign_dialog(dialog, operator=target, now=now)
    add_service_line(dialog, "DIALOG_TRANSFERRED", now=now, **{"from": actor.name, "to": target.name})
    record_decision(dialog, Decision.Outcome.ASSIGNED, code="TRANSFERRED", operators=[target.name], now=now)
    return dialog


def _may_transfer(dialog: Dialog, actor: User) -> bool:
    return dialog.owner_id == actor.pk or actor.pk in dialog.offered_to or steers(actor, dialog.line_id)


def _colleague(operator_id: int) -> User:
    target = User.objects.filter(pk=operator_id, is_active=True).exclude(role=User.Role.NONE).first()
    if target is None:
        raise InvalidInput(_("There is no such operator."), fields={"operator_id": [_("Choose a colleague.")]})
    return target


@transaction.atomic
def take_over(*, dialog_id: int, actor: User, now: datetime) -> Dialog:
    """A supervisor takes the dialog whoever has it. Raises ``NotFound``, ``NotAllowed``, ``DialogAlreadyClosed``."""
    visible_dialog(actor, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if dialog.owner_id == actor.pk:
        return dialog
    if not steers(actor, dialog.line_id):
        raise NotAllowed(_("Only supervisors of the line can take a dialog over."))
    previous = dialog.owner.name if dialog.owner else ""
    withdraw_offers(dialog, now=now)
    assign_dialog(dialog, operator=actor, now=now)
    add_service_line(dialog, "DIALOG_TAKEN_OVER", now=now, **{"operator": actor.name, "from": previous})
    record_decision(dialog, Decision.Outcome.ASSIGNED, code="TAKEN_OVER", operators=[actor.name], now=now)
    return dialog
