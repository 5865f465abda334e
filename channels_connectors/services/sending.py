"""Carrying claimed deliveries to their providers: many chats at once, each chat in order, no account at the cost of
others."""

import logging
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError

from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Connector, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery
from channels_connectors.services.composing import parts_for, sent_message, sent_parts_of, speaker_of
from channels_connectors.services.deliveries import (
    LEASE,
    Claimed,
    claim,
    claim_probes,
    renew_leases,
)
from channels_connectors.services.limits import Wait, limiter, rates_of
from channels_connectors.services.outcomes import LookFailed, PartsDiffer, record_failure, record_success, requeue
from common import doorbell
from common.loops import wake
from common.statements import Statement
from openlines.types import OutgoingPart

logger = logging.getLogger(__name__)

# Threads that send, and how many of them one account may have.
SENDERS, SHARE = 16, 6
PROBE_PAUSE = timedelta(seconds=0.25)
DELIVERY = Statement(
    lambda pk: Delivery.objects.select_related(
        "channel__account", "message__chat", "message__reply_to", "message__dialog__client"
    ).filter(pk=pk)
)


class NotYet(Exception):
    """A part has to wait: the provider would be called too often."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Sender:
    """A pool of sending threads fed from the delivery rows; never holds more than it can send at once."""

    def __init__(self) -> None:
        self._threads = 0
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender", initializer=self._count_thread)
        self._busy: dict[Future[None], Claimed] = {}
        self._renewed_at: datetime | None = None
        self._probed_at: datetime | None = None

    def send_due(self, *, now: datetime) -> int:
        """Claim what is due and there is a free thread for; returns how many were claimed."""
        self._busy = {future: claimed for future, claimed in self._busy.items() if not future.done()}
        self._renew(now)
        claimed = self._claim(SENDERS - len(self._busy), now)
        for one in claimed:
            future = self._pool.submit(_deliver_in_thread, one.id)
            self._busy[future] = one
            future.add_done_callback(_look_for_the_next)
        return len(claimed)

    def close(self) -> None:
        """What is being sent is sent to its end; the threads give their connections back."""
        if self._threads:
            everyone = Barrier(self._threads)
            for _thread in range(self._threads):
                self._pool.submit(_leave, everyone)
        self._pool.shutdown()

    def _count_thread(self) -> None:
        self._threads += 1

    def _claim(self, free: int, now: datetime) -> list[Claimed]:
        probes = self._probes(free, now)
        if free <= len(probes):
            return probes
        busy = Counter(claimed.channel_id for claimed in self._busy.values())
        held = limiter.held_channels()
        return probes + claim(limit=free - len(probes), share=SHARE, now=now, busy=busy, held=held)

    def _probes(self, free: int, now: datetime) -> list[Claimed]:
        """Their pauses last seconds: they need not be looked for at every turn."""
        if not free or (self._probed_at is not None and timedelta(0) <= now - self._probed_at < PROBE_PAUSE):
            return []
        self._probed_at = now
        return claim_probes(limit=free, now=now)

    def _renew(self, now: datetime) -> None:
        if self._busy and (self._renewed_at is None or now - self._renewed_at > LEASE / 4):
            self._renewed_at = now
            renew_leases([claimed.id for claimed in self._busy.values()], now=now)


def _leave(everyone: Barrier) -> None:
    """Each thread takes part once: none can take another's place while it waits."""
    with suppress(BrokenBarrierError):
        everyone.wait(LEASE.total_seconds())
    connections.close_all()


def _look_for_the_next(_done: Future[None]) -> None:
    """Here is a free thread for it; no other process has more room than before."""
    wake(doorbell.DELIVERIES)


def _deliver_in_thread(delivery_id: int) -> None:
    close_old_connections()
    try:
        deliver(delivery_id)
    except Exception:
        # The lease runs out and the sweep decides: see recover_abandoned.
        logger.exception("Delivery %s could not be recorded", delivery_id)


def deliver(delivery_id: int) -> None:
    """Send one claimed delivery and record how it went; then the chat's next may go."""
    (delivery,) = DELIVERY.objects(pk=delivery_id)
    try:
        receipt = _carry(delivery)
    except NotYet as pause:
        _wait_for_turn(delivery, pause.seconds)
    except ConnectorError as error:
        record_failure(delivery, error, now=timezone.now())
    except Exception as error:
        logger.exception("Delivery %s failed in an unforeseen way", delivery_id)
        record_failure(delivery, ConnectorError(type(error).__name__, kind="PERMANENT"), now=timezone.now())
    else:
        record_success(delivery, receipt, now=timezone.now())


def _wait_for_turn(delivery: Delivery, seconds: float) -> None:
    """Waiting is no attempt."""
    delivery.attempts -= 1
    requeue(delivery, due_at=timezone.now() + timedelta(seconds=seconds))


def _carry(delivery: Delivery) -> Receipt | None:
    message = delivery.message
    connector, account = speaker_of(delivery.channel)
    if delivery.action == Delivery.Action.SEND:
        return None if message.deleted_at is not None else _send(delivery, connector, account)
    if message.external_id is None:
        return None
    if delivery.action == Delivery.Action.EDIT:
        _edit(delivery, connector, account)
    elif delivery.action == Delivery.Action.DELETE:
        connector.delete(sent_message(message), account)
    else:
        connector.hide(sent_message(message), account, is_hidden=delivery.action == Delivery.Action.HIDE)
    return None


def _send(delivery: Delivery, connector: Connector, account: Account) -> Receipt:
    """Part by part; what is through is kept at once, so that whoever goes on knows of it."""
    parts = parts_for(delivery.message, connector, account)
    is_delivered = False
    for part in parts[len(delivery.sent_parts) :]:
        receipt = _send_part(part, delivery, connector, account)
        is_delivered = receipt.is_delivered
        delivery.sent_parts = [*delivery.sent_parts, list(receipt.parts)]
        delivery.error_kind = ""
        if part is not parts[-1]:
            Delivery.objects.filter(pk=delivery.pk).update(sent_parts=delivery.sent_parts, error_kind="")
    ids = tuple(external_id for part_ids in delivery.sent_parts for external_id in part_ids)
    return Receipt(parts=ids, is_delivered=is_delivered)


def _send_part(part: OutgoingPart, delivery: Delivery, connector: Connector, account: Account) -> Receipt:
    can = connector.capabilities_of(account.settings)
    name = f"{part.client_key}.{delivery.attempts}"
    turn = limiter.ask(
        rates_of(can, account.settings), channel_id=account.channel_id, chat_id=delivery.chat_id, name=name
    )
    if isinstance(turn, Wait):
        raise NotYet(turn.seconds)
    try:
        if delivery.error_kind == "UNKNOWN" and can.idempotency == "listing":
            found = _look_for(part, connector, account)
            if found is not None:
                return found
        return connector.send(part, account)
    finally:
        limiter.settle(turn)


def _look_for(part: OutgoingPart, connector: Connector, account: Account) -> Receipt | None:
    try:
        return connector.find_sent(part, account)
    except ConnectorError as error:
        kind = error.kind if error.kind in ("TOKEN", "LATER") else "UNKNOWN"
        raise LookFailed(
            str(error), kind=kind, retry_after=error.retry_after, code=error.code, is_outage=error.is_outage
        ) from None


def _edit(delivery: Delivery, connector: Connector, account: Account) -> None:
    """Part by part, where there are as many as were sent; ``sent_parts`` says which are changed already."""
    parts = parts_for(delivery.message, connector, account)
    sent = sent_parts_of(delivery.message)
    if len(sent) != len(parts):
        raise PartsDiffer(
            _("The changed text takes another number of messages than the one that was sent."), kind="PERMANENT"
        )
    for part, target in list(zip(parts, sent, strict=True))[len(delivery.sent_parts) :]:
        if part.text or len(parts) == 1:
            connector.edit(replace(target, has_media=bool(part.attachments)), part, account)
        delivery.sent_parts = [*delivery.sent_parts, list(target.external_ids)]
        if part is not parts[-1]:
            Delivery.objects.filter(pk=delivery.pk).update(sent_parts=delivery.sent_parts)
