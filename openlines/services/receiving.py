"""Storing what clients wrote: the hot path. A batch of one channel costs a bounded number of statements.

The caller holds the channel's advisory lock (see ``channels_connectors.inbox``), so nobody else makes chats or
dialogs for these threads meanwhile, and the order of the batch is the order in which clients wrote.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from common.events import publish
from openlines.changes import note_change
from openlines.events import AttachmentsAwaited, ClientWrote, DialogOpened
from openlines.models import Attachment, Channel, Chat, Dialog, Message
from openlines.services.attachments import take_upload
from openlines.services.chats import chats_for, learn_from_senders
from openlines.services.leads import make_lead_by_rule
from openlines.services.lifecycle import SILENCE
from openlines.services.locking import hold, lock_open_dialogs, save_changes
from openlines.services.messages import (
    add_automatic_text,
    add_service_line,
    show_in_preview,
)
from openlines.services.timers import cancel_timers
from openlines.texts import fill_in
from openlines.types import IncomingMessage


@dataclass(slots=True)
class Arrival:
    """An incoming message with the chat and dialog it goes to."""

    incoming: IncomingMessage
    chat: Chat
    dialog: Dialog | None = None


def receive_messages(*, channel: Channel, incoming: Sequence[IncomingMessage], now: datetime) -> list[Message]:
    """Store messages of clients, opening dialogs where none is open; returns those that are new.

    Channels deliver at least once: the same ``external_id`` in a chat is stored only once.
    """
    chats = chats_for(channel=channel, incoming=incoming, now=now)
    arrivals = _without_known([Arrival(item, chats[item.chat_external_id]) for item in incoming])
    if not arrivals:
        return []
    opened = _find_or_open_dialogs(channel, arrivals, now)
    reachable_chats = learn_from_senders([(arrival.chat, arrival.incoming) for arrival in arrivals])
    _note_reachable(arrivals, opened, now)
    messages = _store(arrivals, now)
    _store_attachments(channel, arrivals, messages, now)
    _count(arrivals, now)
    dialog_ids = tuple(sorted({message.dialog_id for message in messages}))
    cancel_timers(dialog_ids, SILENCE)
    publish(ClientWrote(channel.pk, dialog_ids, tuple(message.pk for message in messages)))
    for dialog in opened:
        _begin(dialog, channel, now)
    for dialog in _continued(arrivals, opened):
        if dialog.chat_id in reachable_chats and dialog.lead_id is None:
            make_lead_by_rule(dialog, now=now)
    return messages


def _without_known(arrivals: Sequence[Arrival]) -> list[Arrival]:
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


def _find_or_open_dialogs(channel: Channel, arrivals: Sequence[Arrival], now: datetime) -> list[Dialog]:
    """Give every arrival its locked open dialog; returns those that were opened for it."""
    chats = {arrival.chat.pk: arrival.chat for arrival in arrivals}
    open_dialogs = (
        Dialog.objects.select_for_update(of=("self",))
        .filter(chat_id__in=chats)
        .exclude(state=Dialog.State.CLOSED)
        .order_by("pk")
    )
    by_chat = {dialog.chat_id: hold(dialog) for dialog in open_dialogs}
    opened = [_new_dialog(channel, chats[pk], now) for pk in chats if pk not in by_chat]
    Dialog.objects.bulk_create(opened)
    for dialog in opened:
        dialog.revision_before = 0
        dialog.audience_before = frozenset()
    by_chat |= {dialog.chat_id: dialog for dialog in opened}
    for arrival in arrivals:
        arrival.dialog = by_chat[arrival.chat.pk]
    return opened


def _continued(arrivals: Sequence[Arrival], opened: Sequence[Dialog]) -> list[Dialog]:
    dialogs = {arrival.dialog.pk: arrival.dialog for arrival in arrivals if arrival.dialog}
    return [dialogs[pk] for pk in sorted(dialogs.keys() - {dialog.pk for dialog in opened})]


def _new_dialog(channel: Channel, chat: Chat, now: datetime) -> Dialog:
    return Dialog(
        chat=chat, channel=channel, line=channel.line, client_id=chat.client_id, opened_at=now, last_message_at=now
    )


def _note_reachable(arrivals: Sequence[Arrival], opened: Sequence[Dialog], now: datetime) -> None:
    """Who writes can be written to, whatever their channel or a refused message told us before."""
    held = {arrival.dialog.pk for arrival in arrivals if arrival.dialog}
    for arrival in arrivals:
        client, dialog = arrival.chat.client, arrival.dialog
        if client.is_reachable or dialog is None:
            continue
        for other in lock_open_dialogs(~Q(pk__in=held), client_id=client.pk):
            save_changes(other)
        client.is_reachable = True
        client.save(update_fields=["is_reachable"])
        if dialog not in opened:
            add_service_line(dialog, "CLIENT_UNBLOCKED_US", now=now)


def _store(arrivals: Sequence[Arrival], now: datetime) -> list[Message]:
    quoted = _quoted_ids(arrivals)
    messages = Message.objects.bulk_create([_message(arrival, quoted, now) for arrival in arrivals])
    _quote_inside_batch(arrivals, messages)
    return messages


def _message(arrival: Arrival, quoted: dict[tuple[int, str], int], now: datetime) -> Message:
    dialog, incoming = arrival.dialog, arrival.incoming
    assert dialog is not None  # noqa: S101 - narrowed by _find_or_open_dialogs
    dialog.last_seq += 1
    dialog.revision += 1
    show_in_preview(dialog, author=Message.Author.CLIENT, kind=incoming.kind, text=incoming.text, at=now)
    extras = {"location": incoming.location, "contact": incoming.contact}
    return Message(
        dialog=dialog,
        chat_id=dialog.chat_id,
        seq=dialog.last_seq,
        revision=dialog.revision,
        author_kind=Message.Author.CLIENT,
        kind=incoming.kind,
        text=incoming.text,
        external_id=incoming.external_id,
        reply_to_id=quoted.get((dialog.chat_id, incoming.reply_to_external_id)),
        has_attachments=bool(incoming.attachments),
        payload={name: value for name, value in extras.items() if value is not None},
        created_at=now,
    )


def _quoted_ids(arrivals: Sequence[Arrival]) -> dict[tuple[int, str], int]:
    wanted = [arrival for arrival in arrivals if arrival.incoming.reply_to_external_id]
    if not wanted:
        return {}
    rows = Message.objects.filter(
        chat_id__in=[arrival.chat.pk for arrival in wanted],
        external_id__in=[arrival.incoming.reply_to_external_id for arrival in wanted],
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
    if replies:
        Message.objects.bulk_update(replies, ["reply_to"])


def _store_attachments(
    channel: Channel, arrivals: Sequence[Arrival], messages: Sequence[Message], now: datetime
) -> None:
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
            message=message, uploaded_in=channel, kind=item.kind, state=Attachment.State.PENDING, name=item.name[:255],
            mime=item.mime or "application/octet-stream", size=item.size, width=item.width, height=item.height,
            duration=item.duration, position=position, source_reference=item.reference, fetch_at=now,
        )
        for _arrival, message, position, item in sent
        if item.stored_id is None
    ]  # fmt: skip
    if awaited:
        Attachment.objects.bulk_create(awaited)
        publish(AttachmentsAwaited(channel.pk))


def _count(arrivals: Sequence[Arrival], now: datetime) -> None:
    """Bring the dialogs' columns up to date, all in one statement."""
    news = Counter(arrival.dialog.pk for arrival in arrivals if arrival.dialog)
    dialogs = {arrival.dialog.pk: arrival.dialog for arrival in arrivals if arrival.dialog}
    for dialog in dialogs.values():
        dialog.unread += news[dialog.pk]
        dialog.waiting_since = dialog.waiting_since or now
    ordered = [dialogs[pk] for pk in sorted(dialogs)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE openlines_dialog d SET last_seq = new.last_seq, revision = new.revision, unread = new.unread,"
            " waiting_since = new.waiting_since, last_message_at = %s, preview_author = 'CLIENT',"
            " preview_kind = new.preview_kind, preview_text = new.preview_text"
            " FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::timestamptz[], %s::text[], %s::text[])"
            " AS new(id, last_seq, revision, unread, waiting_since, preview_kind, preview_text) WHERE d.id = new.id",
            [now, [d.pk for d in ordered], [d.last_seq for d in ordered], [d.revision for d in ordered],
             [d.unread for d in ordered], [d.waiting_since for d in ordered], [d.preview_kind for d in ordered],
             [d.preview_text for d in ordered]],
        )  # fmt: skip
    for dialog in ordered:
        note_change(dialog.pk, from_revision=dialog.revision_before, audience_before=dialog.audience_before)


def _begin(dialog: Dialog, channel: Channel, now: datetime) -> None:
    """What a new dialog starts with: its line in the feed, a lead by the line's rule, the welcome, the queue."""
    add_service_line(
        dialog,
        "DIALOG_OPENED",
        now=now,
        number=dialog.pk,
        channel=channel.name,
        kind=channel.kind,
        line=channel.line.name,
    )
    make_lead_by_rule(dialog, now=now)
    line = channel.line
    if line.is_active and line.is_welcome_sent and line.welcome_text and dialog.client.is_reachable:
        add_automatic_text(dialog, fill_in(line.welcome_text, dialog), now=now)
    publish(DialogOpened(dialog.pk))
