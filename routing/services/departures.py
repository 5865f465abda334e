"""When someone no longer works here: what they had goes to the others."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crm.models import User
from openlines.models import Dialog
from openlines.services.closing import close_dialog
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_service_line
from routing.models import Connection, Decision
from routing.services.distribution import begin_again, record_decision
from routing.services.presence import refresh_presence


def hand_on_dialogs_of(*, operator_id: int, now: datetime) -> None:
    """Their consoles are forgotten; their open dialogs, answered or only offered, are distributed anew; those
    that they have finished are closed."""
    with transaction.atomic():
        Connection.objects.filter(operator_id=operator_id).delete()
        refresh_presence(operator_id)
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
    name = User.objects.get(pk=operator_id).name
    add_service_line(dialog, "RETURNED_TO_QUEUE", now=now, operator=name, reason="OFFLINE")
    record_decision(dialog, Decision.Outcome.RETURNED, code="OFFLINE", operators=[name], now=now)
    begin_again(dialog, except_for=[operator_id], now=now)
