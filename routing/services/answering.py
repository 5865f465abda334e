"""What people do with an offered dialog: answer or skip. Exactly one wins."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.models import Dialog, QueueMember
from openlines.services.handovers import make_responsible
from openlines.services.lifecycle import assign_dialog, require_open
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_service_line
from routing.models import Decision, Offer
from routing.services.distribution import distribute, record_decision
from routing.services.offers import accept_offer, end_offer_of


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
        raise NotOffered(_for_others(dialog))
    accept_offer(dialog, operator, now=now)
    if dialog.handed_over and dialog.line.queue.moves_responsible:
        make_responsible(dialog, operator)
    assign_dialog(dialog, operator=operator, now=now)
    seconds = int((now - (dialog.waiting_since or dialog.opened_at)).total_seconds())
    add_service_line(dialog, "DIALOG_ACCEPTED", now=now, operator=operator.name, seconds=seconds)
    record_decision(dialog, Decision.Outcome.ASSIGNED, code="ANSWERED", operators=[operator.name], now=now)
    return dialog


def _for_others(dialog: Dialog) -> object:
    if dialog.group is None:
        return None
    return _("This dialog waits for the group “%(group)s”.") % {"group": dialog.group.name}


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
    if dialog.state not in {Dialog.State.QUEUED, Dialog.State.NEW}:
        return False
    if operator.pk in dialog.participant_ids:
        return True
    if dialog.group is not None:
        return dialog.group.members.filter(pk=operator.pk).exists()
    return QueueMember.objects.filter(line_id=dialog.line_id, operator=operator).exists()


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
