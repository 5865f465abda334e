"""Dialogs put aside: until a time, or until the client writes. Whatever is said or done in them brings them back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.events import DialogSnoozed, DialogWoken
from openlines.models import Dialog
from openlines.services.lifecycle import SILENCE, SNOOZE, expect_client, require_open
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line
from openlines.services.timers import cancel_timers, on_timer, set_timer

LONGEST = timedelta(days=366)


class NothingToPutAside(DomainError):
    code = "nothing_to_put_aside"
    message = gettext_lazy("Only a dialog in work can be put aside.")


@transaction.atomic
def snooze_dialog(*, dialog_id: int, operator: User, until: datetime | None, now: datetime) -> Dialog:
    """Put a dialog in work aside; without a time until the client writes, who brings it back in any case.

    It frees its place for the next one, and silence does not count meanwhile. Raises ``NotFound``, ``NotAllowed``
    (neither its operator nor a supervisor), ``InvalidInput``, ``DialogAlreadyClosed``, ``NothingToPutAside``.
    """
    dialog = _held(dialog_id, operator)
    if until is not None and not now < until <= now + LONGEST:
        words = _("Choose a time from now on, within a year.")
        raise InvalidInput(words, fields={"until": [words]})
    if dialog.state != Dialog.State.ACTIVE or dialog.owner_id is None or dialog.closing_at is not None:
        raise NothingToPutAside
    dialog.snoozed_at, dialog.snoozed_until = now, until
    save_changes(dialog, "snoozed_at", "snoozed_until")
    cancel_timers([dialog.pk], SILENCE, SNOOZE)
    if until is not None:
        set_timer(dialog.pk, SNOOZE, until)
    add_service_line(
        dialog, "SNOOZED", now=now, operator=operator.name, until=until.isoformat() if until is not None else None
    )
    publish(DialogSnoozed(dialog.pk, dialog.owner_id))
    return dialog


@transaction.atomic
def end_snooze(*, dialog_id: int, operator: User, now: datetime) -> Dialog:
    """Back to work before its time; one that is in work stays as it is. Raises ``NotFound``, ``NotAllowed``."""
    dialog = _held(dialog_id, operator)
    if dialog.snoozed_at is not None:
        _wake(dialog, now=now)
        cancel_timers([dialog.pk], SNOOZE)
    return dialog


@on_timer(SNOOZE)
def wake_dialog(dialog: Dialog, now: datetime) -> None:
    """Its time has come. A timer that was overtaken by events wakes nothing."""
    if dialog.snoozed_until is not None and dialog.snoozed_until <= now:
        _wake(dialog, now=now)
        add_service_line(dialog, "SNOOZE_OVER", now=now)


def _held(dialog_id: int, operator: User) -> Dialog:
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if dialog.owner_id != operator.pk and not steers(operator, dialog.line_id):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can put it aside."))
    return dialog


def _wake(dialog: Dialog, *, now: datetime) -> None:
    """Whose turn it is counts again: the client's silence, or our answer."""
    dialog.snoozed_at = dialog.snoozed_until = None
    save_changes(dialog, "snoozed_at", "snoozed_until")
    if dialog.waiting_since is None:
        expect_client(dialog, now=now)
    publish(DialogWoken(dialog.pk))
