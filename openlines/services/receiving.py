"""Storing what clients wrote: the hot path. A batch of one channel costs a bounded number of statements.

The caller holds the channel's advisory lock (see ``channels_connectors.inbox``), so nobody else makes chats or
dialogs for these threads meanwhile, and the order of the batch is the order in which clients wrote.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from common.events import publish
from common.rows import insert_rows
from openlines.events import ClientWrote, DialogsContinued, DialogsReopened
from openlines.models import Channel, Chat, Dialog, Message
from openlines.services.arrivals import Arrival, store_attachments, store_messages, without_known
from openlines.services.chats import chats_for, learn_from_senders
from openlines.services.continuing import lock_dialogs_to_go_on_with, say_that_they_go_on, take_up_again
from openlines.services.leads import make_lead_by_rule
from openlines.services.lifecycle import CLOSING, SILENCE, SNOOZE, take_back
from openlines.services.locking import lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line
from openlines.services.openings import begin_dialogs
from openlines.services.rating_answers import take_answers
from openlines.services.timers import cancel_timers
from openlines.types import IncomingMessage


def receive_messages(*, channel: Channel, incoming: Sequence[IncomingMessage], now: datetime) -> list[Message]:
    """Store messages of clients, opening dialogs where none is open; returns those that are new.

    Channels deliver at least once: the same ``external_id`` in a chat is stored only once.
    """
    chats = chats_for(channel=channel, incoming=incoming, now=now)
    new = without_known([Arrival(item, chats[item.chat_external_id]) for item in incoming])
    arrivals, answers = take_answers(new, now=now)
    return answers + (_receive(channel, arrivals, now) if arrivals else [])


def _receive(channel: Channel, arrivals: Sequence[Arrival], now: datetime) -> list[Message]:
    """Whatever is said goes to the open dialog of its chat, or begins one."""
    opened, reopened = _find_or_open_dialogs(channel, arrivals, now)
    reachable_chats = learn_from_senders(channel, [(arrival.chat, arrival.incoming) for arrival in arrivals])
    _note_reachable(arrivals, opened, now)
    messages = store_messages(arrivals, now)
    store_attachments(channel, arrivals, messages, now)
    dialog_ids = tuple(sorted({message.dialog_id for message in messages}))
    cancel_timers(dialog_ids, SILENCE, CLOSING, SNOOZE)
    _take_back_what_was_closing(arrivals, opened, now)
    say_that_they_go_on(reopened, now=now)
    publish(ClientWrote(channel.pk, dialog_ids, tuple(message.pk for message in messages)))
    begin_dialogs(opened, channel=channel, by_machines=_by_machines(arrivals), now=now)
    continued = _continued(arrivals, opened)
    for dialog in continued:
        if dialog.chat_id in reachable_chats and dialog.lead_id is None:
            make_lead_by_rule(dialog, now=now)
    if reopened:
        publish(DialogsReopened(tuple(dialog.pk for dialog in reopened)))
    if in_hand := [dialog.pk for dialog in continued if dialog not in reopened]:
        publish(DialogsContinued(channel.pk, tuple(in_hand)))
    return messages


def _find_or_open_dialogs(
    channel: Channel, arrivals: Sequence[Arrival], now: datetime
) -> tuple[list[Dialog], list[Dialog]]:
    """Give every arrival its locked open dialog; returns those that were opened for it, and those that were closed."""
    chats = {arrival.chat.pk: arrival.chat for arrival in arrivals}
    by_chat = {dialog.chat_id: dialog for dialog in lock_dialogs_to_go_on_with(channel, list(chats), now=now)}
    reopened = [dialog for dialog in by_chat.values() if not dialog.is_open]
    take_up_again(reopened)
    opened = [_new_dialog(channel, chats[pk], now) for pk in chats if pk not in by_chat]
    insert_rows(opened)
    for dialog in opened:
        dialog.revision_before = 0
        dialog.audience_before = frozenset()
    by_chat |= {dialog.chat_id: dialog for dialog in opened}
    for arrival in arrivals:
        arrival.dialog = by_chat[arrival.chat.pk]
    return opened, reopened


def _by_machines(arrivals: Sequence[Arrival]) -> set[int]:
    """Dialogs whose last word no person wrote."""
    last = {arrival.dialog.pk: arrival.incoming.is_automatic for arrival in arrivals}
    return {pk for pk, is_automatic in last.items() if is_automatic}


def _continued(arrivals: Sequence[Arrival], opened: Sequence[Dialog]) -> list[Dialog]:
    dialogs = {arrival.dialog.pk: arrival.dialog for arrival in arrivals}
    return [dialogs[pk] for pk in sorted(dialogs.keys() - {dialog.pk for dialog in opened})]


def _take_back_what_was_closing(arrivals: Sequence[Arrival], opened: Sequence[Dialog], now: datetime) -> None:
    for dialog in _continued(arrivals, opened):
        if dialog.closing_at is not None:
            take_back(dialog)
            add_service_line(dialog, "REOPENED_BY_CLIENT", now=now)


def _new_dialog(channel: Channel, chat: Chat, now: datetime) -> Dialog:
    return Dialog(chat=chat, channel=channel, line=channel.line, client=chat.client, opened_at=now, last_message_at=now)


def _note_reachable(arrivals: Sequence[Arrival], opened: Sequence[Dialog], now: datetime) -> None:
    """Who writes can be written to, whatever their channel or a refused message told us before."""
    held = {arrival.dialog.pk for arrival in arrivals}
    for arrival in arrivals:
        client, dialog = arrival.chat.client, arrival.dialog
        if client.is_reachable:
            continue
        for other in lock_open_dialogs(~Q(pk__in=held), client_id=client.pk):
            save_changes(other)
        client.is_reachable = True
        client.save(update_fields=["is_reachable"])
        if dialog not in opened:
            add_service_line(dialog, "CLIENT_UNBLOCKED_US", now=now)
