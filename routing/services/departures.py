"""When someone no longer works here: what they had goes to the others."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crm.models import User
from openlines.models import Dialog
from openlines.services.closing import close_dialog
from openlines.services.locking import lock_dialog
from routing.models import Connection
from routing.services.facts import refresh_presence
from routing.services.returning import take_back
from routing.services.working_day import end_day


def hand_on_dialogs_of(*, operator_id: int, now: datetime) -> None:
    """Their consoles are forgotten and their day ends; their open dialogs, answered or not, are distributed anew;
    those that they have finished are closed."""
    with transaction.atomic():
        Connection.objects.filter(operator_id=operator_id).delete()
        operator = refresh_presence(operator_id)
        if operator.working_day == User.WorkingDay.STARTED:
            end_day(operator=operator, now=now)
    concerned = Q(owner_id=operator_id) | Q(offered_to__contains=[operator_id])
    held = Dialog.objects.filter(concerned).exclude(state=Dialog.State.CLOSED).order_by("pk")
    for dialog_id in list(held.values_list("pk", flat=True)):
        _hand_on(dialog_id, operator_id, now)


@transaction.atomic
def _hand_on(dialog_id: int, operator_id: int, now: datetime) -> None:
    dialog = lock_dialog(dialog_id)
    if not dialog.is_open or (dialog.owner_id != operator_id and operator_id not in dialog.offered_to):
        return
    if dialog.closing_at is not None:
        close_dialog(dialog, reason=dialog.close_reason, now=now)
        return
    take_back(dialog, operator=User.objects.get(pk=operator_id), reason="DISMISSED", now=now)
