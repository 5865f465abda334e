"""What staff write to a client in the provider's own app: see docs/decisions/0008-staff-in-the-providers-app.md."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from common.events import publish
from common.rows import insert_rows
from openlines.events import AnsweredElsewhere, StrangersWrote
from openlines.models import Channel, Chat, Dialog, Message
from openlines.services.arrivals import Arrival, store_attachments
from openlines.services.chats import chats_for
from openlines.services.lifecycle import expect_client
from openlines.services.locking import lock_dialogs
from openlines.services.messages import append_all
from openlines.services.timers import cancel_timers, kinds_until_taken
from openlines.types import IncomingEcho, IncomingMessage


@transaction.atomic
def record_native_reply(*, channel: Channel, echo: IncomingEcho, now: datetime) -> Message | None:
    """Show it as an operator's message. Nothing automatic follows: no welcome, no offer, no lead; in an open dialog the
    client no longer waits. ``None`` where it is known already."""
    chat = Chat.objects.select_related("client").filter(channel=channel, external_id=echo.chat_external_id).first()
    if chat is None:
        chat = _new_chat(channel, echo, now)
    elif Message.objects.filter(chat=chat, external_id=echo.external_id).exists():
        return None
    _note_thread(chat, echo)
    dialog = _dialog_for(channel, chat, now)
    message = _message(chat, echo)
    if dialog.is_open:
        dialog.waiting_since = dialog.snoozed_at = dialog.snoozed_until = None
        dialog.first_replied_at = dialog.first_replied_at or now
        dialog.operator_read_seq = dialog.last_seq
        dialog.unread = 0
    append_all([(dialog, message)], now=now)
    store_attachments(channel, [Arrival(_as_message(echo), chat)], [message], now)
    if dialog.is_open:
        _stop_waiting(dialog, now)
    return message


def _new_chat(channel: Channel, echo: IncomingEcho, now: datetime) -> Chat:
    """The client has not written here yet, or long before the channel was connected."""
    chat = chats_for(channel=channel, incoming=[_as_message(echo)], now=now)[echo.chat_external_id]
    if not chat.client.name:
        publish(StrangersWrote(channel.pk, channel.kind, (echo.recipient.external_id,)))
    return chat


def _as_message(echo: IncomingEcho) -> IncomingMessage:
    return IncomingMessage(
        chat_external_id=echo.chat_external_id, external_id=echo.external_id, sender=echo.recipient,
        attachments=echo.attachments, thread=echo.thread, subject=echo.subject,
    )  # fmt: skip


def _note_thread(chat: Chat, echo: IncomingEcho) -> None:
    thread, subject = chat.thread | echo.thread, asdict(echo.subject) if echo.subject else chat.subject
    if (thread, subject) != (chat.thread, chat.subject):
        chat.thread, chat.subject = thread, subject
        chat.save(update_fields=["thread", "subject"])


def _dialog_for(channel: Channel, chat: Chat, now: datetime) -> Dialog:
    """The open one, else the last: it has ended and stays so. In a chat without any, one that ends as it begins."""
    of_chat = Dialog.objects.filter(chat=chat).values_list("pk", flat=True)
    pk = of_chat.filter(closed_at=None).first() or of_chat.order_by("-pk").first()
    if pk is not None:
        return lock_dialogs([pk])[0]
    dialog = Dialog(
        chat=chat, channel=channel, line=channel.line, client=chat.client, state=Dialog.State.CLOSED,
        close_reason=Dialog.CloseReason.OPERATOR, opened_at=now, closed_at=now, last_message_at=now,
    )  # fmt: skip
    insert_rows([dialog])
    dialog.revision_before, dialog.audience_before = 0, frozenset()
    return dialog


def _message(chat: Chat, echo: IncomingEcho) -> Message:
    quoted = echo.reply_to_external_id and Message.objects.filter(chat=chat, external_id=echo.reply_to_external_id)
    return Message(
        author_kind=Message.Author.OPERATOR,
        kind=echo.kind,
        text=echo.text,
        external_id=echo.external_id,
        external_parts=[echo.external_id],
        reply_to_id=quoted.values_list("pk", flat=True).first() if quoted else None,
        has_attachments=bool(echo.attachments),
        payload={"details": {**echo.details, "native": True, "author_name": echo.author_name}},
        delivery_state=Message.Delivery.SENT,
        source_event_id=echo.source_event_id,
    )


def _stop_waiting(dialog: Dialog, now: datetime) -> None:
    """The client has an answer, so nobody has to be sorry that there is none."""
    if kinds := kinds_until_taken():
        cancel_timers([dialog.pk], *kinds)
    if dialog.state == Dialog.State.ACTIVE and dialog.closing_at is None:
        expect_client(dialog, now=now)
    publish(AnsweredElsewhere(dialog.pk, dialog.owner_id))
