"""The messages of a batch: which of them are new, what they quote, what they carry."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from common.events import publish
from common.rows import update_rows
from openlines.events import AttachmentsAwaited
from openlines.models import Attachment, Channel, Chat, Dialog, Message
from openlines.services.attachments import clean_name, take_upload
from openlines.services.messages import append_all
from openlines.types import IncomingMessage

# Some providers' links are longer: what fetches them reads those from the event once more.
LONGEST_REFERENCE = 512


@dataclass(slots=True)
class Arrival:
    """An incoming message with the chat and dialog it goes to."""

    incoming: IncomingMessage
    chat: Chat
    dialog: Dialog = field(init=False)


def without_known(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Drop what is stored already, and doubles inside the batch."""
    chat_ids = [arrival.chat.pk for arrival in arrivals]
    external_ids = [arrival.incoming.external_id for arrival in arrivals]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.chat_id, m.external_id FROM unnest(%s::bigint[], %s::text[]) AS new(chat_id, external_id)"
            " JOIN openlines_message m ON m.chat_id = new.chat_id AND m.external_id = new.external_id",
            [chat_ids, external_ids],
        )
        known = set(cursor.fetchall())
    fresh = []
    for arrival in arrivals:
        key = (arrival.chat.pk, arrival.incoming.external_id)
        if key not in known:
            known.add(key)
            fresh.append(arrival)
    return fresh


def store_messages(arrivals: Sequence[Arrival], now: datetime) -> list[Message]:
    """Messages of clients in their locked dialogs, in the order of the batch, and what lists show of them."""
    quoted = _quoted_ids(arrivals)
    messages = [clients_message(arrival, quoted) for arrival in arrivals]
    dialogs = {arrival.dialog.pk: arrival.dialog for arrival in arrivals}
    for pk, number in Counter(arrival.dialog.pk for arrival in arrivals).items():
        dialogs[pk].unread += number
        dialogs[pk].waiting_since = dialogs[pk].waiting_since or now
        dialogs[pk].client_wrote_at = now
        dialogs[pk].snoozed_at = dialogs[pk].snoozed_until = None
    append_all([(arrival.dialog, message) for arrival, message in zip(arrivals, messages, strict=True)], now=now)
    _quote_inside_batch(arrivals, messages)
    return messages


def clients_message(arrival: Arrival, quoted: Mapping[tuple[int, str], int]) -> Message:
    """What the client wrote, not yet in any dialog."""
    incoming = arrival.incoming
    details = incoming.details | ({"is_automatic": True} if incoming.is_automatic else {})
    extras = {"location": incoming.location, "contact": incoming.contact, "details": details or None}
    return Message(
        author_kind=Message.Author.CLIENT,
        kind=incoming.kind,
        text=incoming.text,
        external_id=incoming.external_id,
        reply_to_id=quoted.get((arrival.chat.pk, incoming.reply_to_external_id)),
        has_attachments=bool(incoming.attachments),
        payload={name: value for name, value in extras.items() if value is not None},
        source_event_id=incoming.source_event_id,
    )


def _quoted_ids(arrivals: Sequence[Arrival]) -> dict[tuple[int, str], int]:
    wanted = [arrival for arrival in arrivals if arrival.incoming.reply_to_external_id]
    if not wanted:
        return {}
    rows = Message.objects.filter(
        chat_id__any_of=[arrival.chat.pk for arrival in wanted],
        external_id__any_of=[arrival.incoming.reply_to_external_id for arrival in wanted],
    ).values_list("chat_id", "external_id", "pk")
    return {(chat_id, external_id or ""): pk for chat_id, external_id, pk in rows}


def _quote_inside_batch(arrivals: Sequence[Arrival], messages: Sequence[Message]) -> None:
    """A reply may come together with what it answers, which has a row only now."""
    new = {(message.chat_id, message.external_id): message.pk for message in messages}
    replies = []
    for arrival, message in zip(arrivals, messages, strict=True):
        quoted_id = new.get((message.chat_id, arrival.incoming.reply_to_external_id))
        if quoted_id is not None:
            message.reply_to_id = quoted_id
            replies.append(message)
    update_rows(replies, "reply_to")


def store_attachments(
    channel: Channel, arrivals: Sequence[Arrival], messages: Sequence[Message], now: datetime
) -> None:
    """Uploads go to the messages that name them; media of other providers are fetched later."""
    sent = [
        (arrival, message, position, item)
        for arrival, message in zip(arrivals, messages, strict=True)
        for position, item in enumerate(arrival.incoming.attachments)
    ]
    for arrival, message, position, item in sent:
        if item.stored_id is not None:
            take_upload(item.stored_id, channel, arrival.chat.external_id, message=message, position=position)
    awaited = [
        Attachment(
            message=message, uploaded_in=channel, kind=item.kind, state=Attachment.State.PENDING,
            name=clean_name(item.name) if item.name else "",
            mime=item.mime or "application/octet-stream", size=item.size, width=item.width, height=item.height,
            duration=item.duration, position=position, source_reference=item.reference[:LONGEST_REFERENCE],
            fetch_at=now,
        )
        for _arrival, message, position, item in sent
        if item.stored_id is None
    ]  # fmt: skip
    if awaited:
        Attachment.objects.bulk_create(awaited)
        publish(AttachmentsAwaited(channel.pk))
