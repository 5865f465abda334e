"""Who is there: open consoles beat, silent ones are forgotten, and the queue hears of both."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from common.events import publish
from crm.models import User
from openlines.changes import send_frame
from openlines.models import Dialog
from openlines.presenters import operator_json
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_service_line
from openlines.streams import STAFF
from routing.events import OperatorCameOnline, OperatorWentAway
from routing.models import Connection, Decision, Offer
from routing.services.distribution import distribute, record_decision
from routing.services.offers import end_offer_of

# A page that is reloaded or a cut line shall not send the operator away.
GRACE_SECONDS = 10


@transaction.atomic
def keep_alive(*, connection_id: UUID, operator_id: int, now: datetime) -> None:
    """A console beats. The first beat brings the operator online."""
    updated = Connection.objects.filter(pk=connection_id).update(last_seen_at=now)
    if not updated:
        Connection.objects.create(pk=connection_id, operator_id=operator_id, last_seen_at=now)
        refresh_presence(operator_id)


def let_go(*, connection_id: UUID, now: datetime) -> None:
    """A console closed its socket: it is forgotten after a short grace."""
    almost_gone = now - timedelta(seconds=settings.PRESENCE_SECONDS - GRACE_SECONDS)
    Connection.objects.filter(pk=connection_id).update(last_seen_at=almost_gone)


@transaction.atomic
def forget_silent_consoles(*, now: datetime) -> None:
    """Consoles that have not beaten for ``PRESENCE_SECONDS`` are gone, with closed lids and cut cables."""
    silent = Connection.objects.filter(last_seen_at__lt=now - timedelta(seconds=settings.PRESENCE_SECONDS))
    operator_ids = set(silent.values_list("operator_id", flat=True))
    silent.delete()
    for operator_id in sorted(operator_ids):
        refresh_presence(operator_id)


@transaction.atomic
def set_paused(*, operator: User, is_paused: bool) -> User:
    """The operator goes on a break or comes back."""
    User.objects.filter(pk=operator.pk).update(is_paused=is_paused)
    return refresh_presence(operator.pk)


def refresh_presence(operator_id: int) -> User:
    """Work out where the operator is, and tell everyone when that has changed."""
    operator = User.objects.select_for_update(no_key=True).get(pk=operator_id)
    before, after = operator.presence, _presence(operator)
    if before == after:
        return operator
    operator.presence = after
    operator.save(update_fields=["presence"])
    frame = {"type": "operator.changed", "operator": operator_json(operator)}
    transaction.on_commit(lambda: send_frame(frame, to=[STAFF]), robust=True)
    if after == User.Presence.ONLINE:
        publish(OperatorCameOnline(operator.pk))
    elif before == User.Presence.ONLINE:
        publish(OperatorWentAway(operator.pk, after))
    return operator


def _presence(operator: User) -> str:
    if not Connection.objects.filter(operator=operator).exists():
        return User.Presence.OFFLINE
    return User.Presence.PAUSED if operator.is_paused else User.Presence.ONLINE


def return_offers(*, operator_id: int, reason: str, now: datetime) -> None:
    """Offers of someone who went away go to the next; dialogs they had answered stay theirs."""
    offered = Dialog.objects.filter(offered_to__contains=[operator_id], state=Dialog.State.OFFERED)
    for dialog_id in list(offered.order_by("pk").values_list("pk", flat=True)):
        _return_offer(dialog_id, operator_id, reason, now)


@transaction.atomic
def _return_offer(dialog_id: int, operator_id: int, reason: str, now: datetime) -> None:
    dialog = lock_dialog(dialog_id)
    if dialog.state != Dialog.State.OFFERED or operator_id not in dialog.offered_to:
        return
    if not dialog.line.queue.checks_presence:
        return
    name = User.objects.get(pk=operator_id).name
    record_decision(dialog, Decision.Outcome.RETURNED, code=reason, operators=[name], now=now)
    if end_offer_of(dialog, operator_id, outcome=Offer.Outcome.WITHDRAWN, now=now):
        return
    add_service_line(dialog, "RETURNED_TO_QUEUE", now=now, operator=name, reason=reason)
    distribute(dialog, now=now)
