"""Closed dialogs that operators take up again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, NotAllowed
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.models import Dialog
from openlines.services.continuing import forget_who_left
from openlines.services.lifecycle import assign_dialog
from openlines.services.lines import require_in_use
from openlines.services.locking import hold_channel, lock_dialog
from openlines.services.messages import add_service_line
from routing.models import Decision
from routing.services.distribution import record_decision


class AlreadyOpen(DomainError):
    code = "already_open"
    message = gettext_lazy("This dialog is open.")


class AnotherIsOpen(DomainError):
    code = "another_open"


@transaction.atomic
def reopen_dialog(*, dialog_id: int, actor: User, now: datetime) -> Dialog:
    """Whoever had a closed dialog, or steers its line, goes on with it as its operator; also with spam that is none.
    Asking again for one's own changes nothing.

    Raises ``NotFound``, ``NotAllowed``, ``AlreadyOpen``, ``AnotherIsOpen``, ``LineIsArchived``.
    """
    # Its client can't begin another one meanwhile.
    hold_channel(visible_dialog(actor, dialog_id).channel_id)
    dialog = lock_dialog(dialog_id)
    if dialog.is_open and dialog.owner_id == actor.pk:
        return dialog
    _check(dialog, actor)
    forget_who_left([dialog])
    assign_dialog(dialog, operator=actor, now=now)
    add_service_line(dialog, "DIALOG_REOPENED", now=now, operator=actor.name)
    record_decision(dialog, Decision.Outcome.ASSIGNED, code="REOPENED", operators=[actor.name], now=now)
    return dialog


def _check(dialog: Dialog, actor: User) -> None:
    if dialog.is_open:
        raise AlreadyOpen
    if dialog.owner_id != actor.pk and not steers(actor, dialog.line_id):
        raise NotAllowed(_("Only whoever had this dialog or a supervisor can reopen it."))
    require_in_use(dialog.line)
    other = Dialog.objects.filter(chat_id=dialog.chat_id).exclude(state=Dialog.State.CLOSED).first()
    if other is not None:
        words = _("Dialog No. %(number)d with this client is open already: go on there.")
        raise AnotherIsOpen(words % {"number": other.pk})
