"""What providers report of our messages: that they have them, how they fared, and what else went out in our name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from channels_connectors.models import Delivery
from channels_connectors.services.composing import parts_for, speaker_of
from channels_connectors.services.outcomes import go_on_from_reported
from channels_connectors.services.reports import Report, apply_report, note_report, park
from openlines.models import Channel, Chat, Message
from openlines.services.delivering import record_up_to
from openlines.services.locking import lock_dialog
from openlines.services.native_replies import record_native_reply
from openlines.types import IncomingEcho, IncomingReceipt

# How long after we gave up the words of an echo may still tell which send it is about.
RECENT = timedelta(minutes=10)
SEND = Delivery.Action.SEND


class StillUnderWay(Exception):
    """An echo in a chat where one of our sends has no answer yet, in other words: it may be that one. It is looked at
    again a moment later, when the answer tells."""


@dataclass(frozen=True, slots=True)
class Key:
    """Our own name of a part, as a provider gives it back."""

    message_id: int
    number: int


def key_of(client_key: str) -> Key | None:
    message_id, _dot, number = client_key.partition(".")
    is_ours = message_id.isdecimal() and number.isdecimal() and len(message_id) < 19 and len(number) < 6
    return Key(int(message_id), int(number)) if is_ours else None


@transaction.atomic
def record_receipt(*, channel: Channel, receipt: IncomingReceipt, now: datetime) -> None:
    """In any order, any number of times. What is about a message whose id we don't know yet is kept until we do."""
    at = receipt.at or now
    if receipt.up_to is not None:
        _record_up_to(channel, receipt, at)
        return
    message = _by_external_id(channel, receipt.chat_external_id, receipt.external_id)
    if message is None and (message := _by_key(channel, receipt.client_key)):
        message = _confirmed(message, receipt.client_key, receipt.external_id, now)
    report = Report(
        state=receipt.state, external_id=receipt.external_id, at=at, error_kind=receipt.error_kind,
        error=receipt.error,
    )  # fmt: skip
    if message is not None:
        _apply(message, report, now)
    elif name := receipt.external_id or receipt.client_key:
        park(channel=channel, report=replace(report, external_id=name))


def _record_up_to(channel: Channel, receipt: IncomingReceipt, at: datetime) -> None:
    chat = Chat.objects.filter(channel=channel, external_id=receipt.chat_external_id).first()
    if chat is not None and receipt.up_to is not None:
        for message_id in record_up_to(chat=chat, state=receipt.state, up_to=receipt.up_to):
            note_report(message_id, receipt.state, at)


def _by_external_id(channel: Channel, chat_external_id: str, external_id: str) -> Message | None:
    """The main id is in an index; those of further parts are looked for in the chat alone."""
    if not external_id:
        return None
    said = Message.objects.filter(chat__channel=channel).exclude(author_kind=Message.Author.CLIENT)
    if not chat_external_id:
        return said.filter(external_id=external_id).first()
    said = said.filter(chat__external_id=chat_external_id)
    main = said.filter(external_id=external_id).first()
    return main or said.filter(external_parts__contains=[external_id]).order_by("-pk").first()


def _by_key(channel: Channel, client_key: str, *, chat: str = "") -> Message | None:
    """Only messages of this very channel, and of the chat where one is named: a key is no secret, and where another
    program sends in the same name, its numbers may read like one."""
    key = key_of(client_key)
    if key is None:
        return None
    said = Message.objects.filter(pk=key.message_id, chat__channel=channel).exclude(author_kind="CLIENT")
    return (said.filter(chat__external_id=chat) if chat else said).first()


def _confirmed(message: Message, client_key: str, external_id: str, now: datetime) -> Message | None:
    """The provider has this part of the message. Returns the message once it has all of it; before that its sender
    goes on."""
    key = key_of(client_key)
    if key is None or message.external_id is not None:
        return message if message.external_id is not None else None
    return _keep_part(message, key.number, [external_id] if external_id else [], now)


def _keep_part(message: Message, number: int, ids: Sequence[str], now: datetime) -> Message | None:
    """Beside the sender that may be at work: it takes over what it finds when it can't tell itself."""
    dialog = lock_dialog(message.dialog_id)
    deliveries = Delivery.objects.select_for_update(of=("self",)).filter(message=message, action=SEND)
    delivery = deliveries.select_related("channel__account", "message__chat").order_by("-pk").first()
    if delivery is None or len(delivery.sent_parts) != number:
        return None
    delivery.sent_parts = [*delivery.sent_parts, list(ids)]
    delivery.save(update_fields=["sent_parts"])
    if delivery.state == Delivery.State.SENDING and delivery.error_kind != "UNKNOWN":
        return None
    if not go_on_from_reported(delivery, dialog, now=now):
        return None
    return Message.objects.get(pk=message.pk)


def _apply(message: Message, report: Report, now: datetime) -> None:
    dialog = lock_dialog(message.dialog_id)
    message.refresh_from_db()
    apply_report(dialog, message, report, now=now)


@transaction.atomic
def record_echo(*, channel: Channel, echo: IncomingEcho, now: datetime) -> None:
    """Our own send, told by its key, its id or, on its way or in doubt, by its words; else what staff wrote in the
    provider's own app."""
    message = _by_external_id(channel, echo.chat_external_id, echo.external_id)
    if message is None and (message := _by_key(channel, echo.client_key, chat=echo.chat_external_id)):
        _confirmed(message, echo.client_key, echo.external_id, now)
        return
    if message is not None:
        _apply(message, Report(state=Message.Delivery.SENT, external_id=echo.external_id, at=echo.sent_at or now), now)
        return
    if not _is_under_way(channel, echo, now):
        record_native_reply(channel=channel, echo=echo, now=now)


def _is_under_way(channel: Channel, echo: IncomingEcho, now: datetime) -> bool:
    """One of our sends whose answer has not come yet, or never came."""
    of_chat = Delivery.objects.filter(channel=channel, chat__external_id=echo.chat_external_id, action=SEND)
    sending = of_chat.filter(state=Delivery.State.SENDING)
    doubtful = of_chat.filter(error_kind="UNKNOWN", state__in=["QUEUED", "UNKNOWN"], created_at__gt=now - RECENT)
    for delivery in (sending | doubtful).select_related("channel__account", "message__chat").order_by("pk"):
        if any(echo.external_id in ids for ids in delivery.sent_parts):
            return True
        connector, account = speaker_of(delivery.channel)
        number = len(delivery.sent_parts)
        part = next(iter(parts_for(delivery.message, connector, account)[number:]), None)
        if part and part.text.strip() == echo.text.strip() and bool(part.attachments) == bool(echo.attachments):
            _keep_part(delivery.message, number, [echo.external_id], now)
            return True
        if delivery.state == Delivery.State.SENDING and delivery.error_kind != "UNKNOWN":
            raise StillUnderWay
    return False
