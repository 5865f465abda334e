"""What became of a delivery that was claimed: forward only, and never a guess.

A dialog is locked before its deliveries, and those before their account, as everywhere.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db import IntegrityError, connection, transaction

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery
from channels_connectors.registry import connector_for
from channels_connectors.services.breaker import is_illness, note_illness, note_well, pause_account
from channels_connectors.services.composing import parts_for, speaker_of
from channels_connectors.services.reports import apply_parked
from channels_connectors.services.states import move_state
from common.statements import Statement
from openlines.models import Channel, Chat, Dialog, Message
from openlines.services.client_side import set_reachable
from openlines.services.delivering import move_delivery
from openlines.services.locking import lock_dialog
from openlines.services.moderating import record_moderation, tell_moderation_failed

GIVE_UP_AFTER = timedelta(hours=24)
# A quota of the day may be used up for two days in a row.
GIVE_UP_LATER = timedelta(hours=72)
LONGEST_BACK_OFF = 300.0
SHORTEST_LATER, LONGEST_LATER = 3600.0, 6 * 3600.0
# How long a report may take that tells what became of a send, and how soon the provider is asked itself.
REPORT_WITHIN, LOOK_AFTER = timedelta(seconds=60), timedelta(seconds=5)
MESSAGE = Statement(lambda pk: Message.objects.filter(pk=pk))
CODES = {"RETRY": "EXPIRED_RETRIES", "LATER": "EXPIRED_RETRIES", "BLOCKED": "BLOCKED", "WINDOW": "WINDOW"}
FINISH = """
    WITH finished AS (
        UPDATE channels_connectors_delivery SET state = 'SENT', error = '', error_kind = '', finished_at = %(now)s,
            leased_until = NULL, sent_parts = %(sent_parts)s::jsonb
        WHERE id = %(id)s RETURNING message_id
    )
    INSERT INTO channels_connectors_deliveryreport (message_id, state, at)
    SELECT message_id, 'SENT', %(now)s FROM finished WHERE %(is_reported)s
    ON CONFLICT (message_id, state) DO UPDATE SET at = EXCLUDED.at
"""


class LookFailed(ConnectorError):
    """Whether a part had arrived could not be found out: it is asked again before anything is sent."""


class PartsDiffer(ConnectorError):
    """A changed text needs more messages at the provider than there are, or fewer."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it counts for this delivery."""

    delivery: Delivery
    error: ConnectorError
    kind: str
    paused_until: datetime | None
    now: datetime

    @property
    def age(self) -> timedelta:
        return self.now - self.delivery.created_at


def record_success(delivery: Delivery, receipt: Receipt | None, *, now: datetime) -> None:
    """What the provider has accepted is sent, even if we were given up meanwhile."""
    try:
        _record_success(delivery, receipt, now)
    except IntegrityError:
        # An echo of it was taken for words of somebody else, and has the provider's id.
        _record_success(delivery, receipt and Receipt(parts=(), is_delivered=receipt.is_delivered), now)


@transaction.atomic
def _record_success(delivery: Delivery, receipt: Receipt | None, now: datetime) -> None:
    dialog = lock_dialog(delivery.message.dialog_id)
    _finish_sent(delivery, now, is_reported=delivery.action == Delivery.Action.SEND and receipt is not None)
    note_well(delivery.channel.account)
    if delivery.message.author_kind == Message.Author.CLIENT:
        record_moderation(dialog, Message.objects.get(pk=delivery.message_id), delivery.action, now=now)
    elif delivery.action == Delivery.Action.SEND and receipt is not None:
        (message,) = MESSAGE.objects(pk=delivery.message_id)
        state = Message.Delivery.DELIVERED if receipt.is_delivered else Message.Delivery.SENT
        move_delivery(dialog, message, state=state, external_parts=receipt.parts)
        apply_parked(dialog, message, delivery.channel, now=now)


def _finish_sent(delivery: Delivery, now: datetime, *, is_reported: bool) -> None:
    delivery.state = Delivery.State.SENT
    sent_parts = Delivery._meta.get_field("sent_parts").get_db_prep_value(delivery.sent_parts, connection)
    values = {"id": delivery.pk, "now": now, "sent_parts": sent_parts, "is_reported": is_reported}
    with connection.cursor() as cursor:
        cursor.execute(FINISH, values)


@transaction.atomic
def record_failure(delivery: Delivery, error: ConnectorError, *, now: datetime, by_provider: bool = True) -> None:
    """Try later, wait for a report, or give up in words a person can act on."""
    dialog = lock_dialog(delivery.message.dialog_id)
    held = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    # Not after a lease ran out and somebody else decided or tries.
    if held.state != Delivery.State.SENDING or held.attempts != delivery.attempts:
        return
    if _learn_what_was_reported(delivery, held, dialog, now):
        return
    paused_until = _tell_breaker(delivery, error, now) if by_provider else None
    failure = Failure(delivery, error, _kind_for(delivery, error), paused_until, now)
    _decide(failure, dialog)
    if failure.kind == "BLOCKED":
        set_reachable(Chat.objects.get(pk=delivery.chat_id), is_reachable=False, now=now)


def _learn_what_was_reported(delivery: Delivery, held: Delivery, dialog: Dialog, now: datetime) -> bool:
    """A report may have told meanwhile that the provider has a part; with the last one the message is sent."""
    if len(held.sent_parts) <= len(delivery.sent_parts) and not _is_all_there(held):
        return False
    delivery.sent_parts, delivery.error_kind = held.sent_parts, ""
    go_on_from_reported(delivery, dialog, now=now)
    return True


def _is_all_there(held: Delivery) -> bool:
    """Asked only where something is sent: a worker may have died between the last report and its own word."""
    if not held.sent_parts or held.action != Delivery.Action.SEND:
        return False
    connector, account = speaker_of(held.channel)
    return len(held.sent_parts) >= len(parts_for(held.message, connector, account))


def go_on_from_reported(delivery: Delivery, dialog: Dialog, *, now: datetime) -> bool:
    """Finish what is all there, or send the rest; returns whether it is all there."""
    connector, account = speaker_of(delivery.channel)
    if len(delivery.sent_parts) >= len(parts_for(delivery.message, connector, account)):
        _finish_sent(delivery, now, is_reported=True)
        message, ids = Message.objects.get(pk=delivery.message_id), list(chain.from_iterable(delivery.sent_parts))
        move_delivery(dialog, message, state=Message.Delivery.SENT, external_parts=ids)
        apply_parked(dialog, message, delivery.channel, now=now)
        return True
    if delivery.state != Delivery.State.UNKNOWN:
        requeue(delivery, due_at=now)
    return False


def _tell_breaker(delivery: Delivery, error: ConnectorError, now: datetime) -> datetime | None:
    account = delivery.channel.account
    if is_illness(error):
        return note_illness(account, error, now=now)
    note_well(account)
    if error.retry_after is not None and error.kind == "RETRY" and not error.of_chat:
        pause_account(channel_id=delivery.channel_id, until=now + timedelta(seconds=error.retry_after))
    return None


def _kind_for(delivery: Delivery, error: ConnectorError) -> str:
    """Editing or deleting twice is as good as once; sending is, where the provider knows doubles."""
    if isinstance(error, LookFailed):
        return error.kind if error.kind in ("TOKEN", "LATER") else "LOOK"
    if error.kind != "UNKNOWN":
        return error.kind
    connector, account = speaker_of(delivery.channel)
    known_by = connector.capabilities_of(account.settings).idempotency
    if delivery.action != Delivery.Action.SEND or known_by == "key":
        return "RETRY"
    if known_by == "listing":
        return "LOOK"
    # Once only: a report that has not come by then will not come.
    return "REPORT" if known_by in ("echo", "status") and delivery.error_kind != "UNKNOWN" else "UNKNOWN"


def _decide(failure: Failure, dialog: Dialog) -> None:
    delivery, now = failure.delivery, failure.now
    if failure.kind == "TOKEN":
        _suspend_channel(failure)
    elif failure.kind == "RETRY" and failure.age < GIVE_UP_AFTER:
        requeue(delivery, due_at=_retry_at(failure), error=failure.error)
    elif failure.kind == "LATER" and failure.age < GIVE_UP_LATER:
        requeue(delivery, due_at=_later_at(failure), error=failure.error)
        _tell(delivery, dialog, Message.Delivery.QUEUED, "LATER")
    elif failure.kind == "LOOK" and failure.age < GIVE_UP_AFTER:
        requeue(delivery, due_at=max(_retry_at(failure), now + LOOK_AFTER), error=failure.error, is_doubtful=True)
    elif failure.kind == "REPORT":
        _wait_for_report(failure)
    elif failure.error.kind == "UNKNOWN" and delivery.action == Delivery.Action.SEND:
        _give_up(failure, dialog, Delivery.State.UNKNOWN, "UNKNOWN")
    else:
        _give_up(failure, dialog, Delivery.State.FAILED, CODES.get(failure.kind, "PERMANENT"))


def _suspend_channel(failure: Failure) -> None:
    """Nothing can be sent until an administrator reconnects; the message waits and goes out then."""
    open_states = [Channel.State.CONNECTED, Channel.State.DEGRADED]
    move_state(
        failure.delivery.channel_id, to=Channel.State.TOKEN_REVOKED, among=open_states,
        last_error=str(failure.error), last_error_at=failure.now,
    )  # fmt: skip
    requeue(failure.delivery, due_at=failure.now, error=failure.error)


def _retry_at(failure: Failure) -> datetime:
    """When the provider said, its kind has it, or the breaker; else ever later."""
    if failure.error.retry_after is not None:
        return failure.now + timedelta(seconds=failure.error.retry_after)
    if pauses := connector_for(failure.delivery.channel.kind).retry_pauses:
        wait = pauses[min(failure.delivery.attempts, len(pauses)) - 1]
        return max(failure.now + timedelta(seconds=wait), failure.paused_until or failure.now)
    if failure.paused_until is not None:
        return failure.paused_until
    longest = min(2.0 ** min(failure.delivery.attempts - 1, 30), LONGEST_BACK_OFF)
    return failure.now + timedelta(seconds=longest * random.uniform(0.75, 1))  # noqa: S311 - spreads tries


def _later_at(failure: Failure) -> datetime:
    waited = min(SHORTEST_LATER * 2.0 ** min(failure.delivery.attempts - 1, 30), LONGEST_LATER)
    return failure.now + timedelta(seconds=failure.error.retry_after or waited)


def requeue(
    delivery: Delivery, *, due_at: datetime, error: ConnectorError | None = None, is_doubtful: bool = False
) -> None:
    """It waits, before whatever its chat has after it. What is doubtful is looked for before it is sent again."""
    delivery.state, delivery.due_at, delivery.leased_until = Delivery.State.QUEUED, due_at, None
    if error is not None:
        is_doubtful |= isinstance(error, LookFailed)
        delivery.error, delivery.error_kind = str(error), "UNKNOWN" if is_doubtful else error.kind
    delivery.save(
        update_fields=["state", "error", "error_kind", "due_at", "leased_until", "sent_parts", "attempts"]
    )  # fmt: skip


def _wait_for_report(failure: Failure) -> None:
    """What comes after it in its chat waits as well, so that a report finds the order kept."""
    delivery = failure.delivery
    delivery.error, delivery.error_kind = str(failure.error), "UNKNOWN"
    delivery.leased_until = failure.now + REPORT_WITHIN
    delivery.save(update_fields=["error", "error_kind", "leased_until", "sent_parts"])


def _give_up(failure: Failure, dialog: Dialog, state: str, code: str) -> None:
    delivery = failure.delivery
    delivery.state, delivery.error, delivery.error_kind = state, str(failure.error), failure.error.kind
    delivery.finished_at, delivery.leased_until = failure.now, None
    delivery.save(update_fields=["state", "error", "error_kind", "finished_at", "leased_until", "sent_parts"])
    if delivery.message.author_kind == Message.Author.CLIENT:
        tell_moderation_failed(dialog, reason=delivery.error, now=failure.now)
    is_known = state != Delivery.State.UNKNOWN
    _tell(delivery, dialog, Message.Delivery.FAILED if is_known else Message.Delivery.UNKNOWN, code)


def _tell(delivery: Delivery, dialog: Dialog, state: str, code: str) -> None:
    if delivery.action == Delivery.Action.SEND:
        move_delivery(dialog, Message.objects.get(pk=delivery.message_id), state=state, error=code)


def recover_abandoned(*, now: datetime) -> int:
    """Deliveries whose worker died in the middle, and those whose report did not come: repeated where doubles do no
    harm, looked for where the provider can be asked, else a person decides."""
    abandoned = Delivery.objects.filter(state=Delivery.State.SENDING, leased_until__lt=now)
    ids = list(abandoned.order_by("pk").values_list("pk", flat=True))
    for delivery_id in ids:
        _recover(delivery_id, now)
    return len(ids)


@transaction.atomic
def _recover(delivery_id: int, now: datetime) -> None:
    found = Delivery.objects.select_related("channel__account", "message__chat").filter(pk=delivery_id)
    delivery = found.filter(state=Delivery.State.SENDING, leased_until__lt=now).first()
    if delivery is not None:
        words = delivery.error if delivery.error_kind == "UNKNOWN" else "the worker stopped while sending"
        record_failure(delivery, ConnectorError(words, kind="UNKNOWN"), now=now, by_provider=False)
