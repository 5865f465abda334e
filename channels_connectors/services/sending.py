"""Carrying claimed deliveries to their providers: many chats at once, each chat in order."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Capabilities, Connector, Receipt
from channels_connectors.degrading import degraded
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery
from channels_connectors.registry import connector_for
from channels_connectors.services.deliveries import (
    LEASE,
    claim_due,
    record_failure,
    record_success,
    renew_leases,
    ring_deliveries,
)
from openlines.models import Message
from openlines.queries import outgoing_message
from openlines.texts import spoken_with
from openlines.types import OutgoingMessage, OutgoingPart, SentMessage

logger = logging.getLogger(__name__)

SENDERS = 8


class Sender:
    """A pool of sending threads fed from the delivery rows; never holds more than it can send at once."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._busy: dict[Future[None], int] = {}
        self._renewed_at: datetime | None = None

    def send_due(self, *, now: datetime) -> int:
        """Claim what is due and there is a free thread for; returns how many were claimed."""
        self._busy = {future: delivery_id for future, delivery_id in self._busy.items() if not future.done()}
        self._renew(now)
        free = SENDERS - len(self._busy)
        claimed = claim_due(limit=free, now=now) if free else []
        self._busy |= {self._pool.submit(_deliver_in_thread, delivery_id): delivery_id for delivery_id in claimed}
        return len(claimed)

    def _renew(self, now: datetime) -> None:
        if self._renewed_at is None or now - self._renewed_at > LEASE / 4:
            self._renewed_at = now
            renew_leases(self._busy.values(), now=now)


def _deliver_in_thread(delivery_id: int) -> None:
    close_old_connections()
    try:
        deliver(delivery_id)
    except Exception:
        # The lease runs out and the sweep decides: see recover_abandoned.
        logger.exception("Delivery %s could not be recorded", delivery_id)


def deliver(delivery_id: int) -> None:
    """Send one claimed delivery and record how it went; then the chat's next may go."""
    delivery = Delivery.objects.select_related(
        "channel__account", "message__chat", "message__reply_to", "message__dialog"
    ).get(pk=delivery_id)
    try:
        receipt = _carry(delivery)
    except ConnectorError as error:
        record_failure(delivery, error, now=timezone.now())
    except Exception as error:
        logger.exception("Delivery %s failed in an unforeseen way", delivery_id)
        record_failure(delivery, ConnectorError(type(error).__name__, kind="PERMANENT"), now=timezone.now())
    else:
        record_success(delivery, receipt, now=timezone.now())
    ring_deliveries()


def _carry(delivery: Delivery) -> Receipt | None:
    message = delivery.message
    connector, account = connector_for(delivery.channel.kind), account_of(delivery.channel.account)
    if delivery.action == Delivery.Action.SEND:
        if message.deleted_at is not None:
            return None
        return _send(delivery, connector, account)
    if message.external_id is not None:
        _change(connector, account, delivery.action, message)
    return None


def _send(delivery: Delivery, connector: Connector, account: Account) -> Receipt:
    """Part by part; what is through is kept at once, so that whoever goes on knows of it."""
    outgoing = outgoing_message(delivery.message)
    language = spoken_with(delivery.message.dialog.client) if outgoing.buttons else ""
    can = connector.capabilities_of(account.settings)
    parts = connector.parts_of(degraded(outgoing, capabilities=can, language=language), account)
    receipt = Receipt(parts=())
    for part in parts[len(delivery.sent_parts) :]:
        receipt = connector.send(part, account)
        delivery.sent_parts = [*delivery.sent_parts, list(receipt.parts)]
        if part is not parts[-1]:
            Delivery.objects.filter(pk=delivery.pk).update(sent_parts=delivery.sent_parts)
    ids = tuple(external_id for part_ids in delivery.sent_parts for external_id in part_ids)
    return Receipt(parts=ids, is_delivered=receipt.is_delivered)


def _change(connector: Connector, account: Account, action: str, message: Message) -> None:
    sent = SentMessage(
        chat_external_id=message.chat.external_id,
        external_ids=tuple(message.external_parts) or (message.external_id or "",),
        has_media=message.has_attachments,
        thread=message.chat.thread,
    )
    if action == Delivery.Action.EDIT:
        said = outgoing_message(message)
        connector.edit(sent, _as_one_part(said, connector.capabilities_of(account.settings)), account)
    else:
        connector.delete(sent, account)


def _as_one_part(said: OutgoingMessage, can: Capabilities) -> OutgoingPart:
    return OutgoingPart(
        message_id=said.message_id, number=0, chat_external_id=said.chat_external_id, text=said.text,
        formats=said.formats, buttons=said.buttons if can.buttons == "inline" else (), thread=said.thread,
    )  # fmt: skip
