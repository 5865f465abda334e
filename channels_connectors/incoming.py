"""What events say, passed on to where conversations are kept. The caller holds the channel."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from channels_connectors.services.courtesies import acknowledge, later
from channels_connectors.services.receipts import record_echo, record_receipt
from openlines.models import Channel, Dialog, Message
from openlines.services.aliases import learn_aliases
from openlines.services.client_side import record_client_deletion, record_client_edit, record_reachability
from openlines.services.client_signs import record_hiding, record_reaction, show_clients_typing
from openlines.services.closing import close_by_client
from openlines.services.rating import is_rating, rate_by_press, rated_dialog_id
from openlines.services.receiving import receive_messages
from openlines.services.threads import in_known_threads
from openlines.types import (
    Incoming,
    IncomingAlias,
    IncomingClosing,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingHiding,
    IncomingMessage,
    IncomingPress,
    IncomingReachability,
    IncomingReaction,
    IncomingReceipt,
    IncomingTyping,
)

NAMES_A_MESSAGE = IncomingEdit | IncomingDeletion | IncomingHiding | IncomingReceipt | IncomingEcho


def store_incoming(channel: Channel, incoming: Sequence[Incoming], now: datetime) -> None:
    """Inside the caller's transaction."""
    aliases = [item for item in incoming if isinstance(item, IncomingAlias)]
    unknown = learn_aliases(channel=channel, aliases=aliases, now=now) if aliases else []
    said = [_as_meant(item) for item in incoming if not isinstance(item, IncomingAlias | IncomingTyping)]
    _keep_order(channel, in_known_threads(channel=channel, incoming=said), now)
    if unknown:
        # Whoever has only now written for the first time.
        learn_aliases(channel=channel, aliases=unknown, now=now)
    if typing := {item.chat_external_id for item in incoming if isinstance(item, IncomingTyping)}:
        show = partial(show_clients_typing, channel=channel, chat_external_ids=typing)
        transaction.on_commit(show, robust=True)


def _keep_order(channel: Channel, incoming: Sequence[Incoming], now: datetime) -> None:
    """In the order in which it came; what clients write one after the other is stored at once."""
    _lock_dialogs_of(channel, incoming)
    for is_message, group in groupby(incoming, key=lambda item: isinstance(item, IncomingMessage)):
        if is_message:
            messages = [item for item in group if isinstance(item, IncomingMessage)]
            receive_messages(channel=channel, incoming=messages, now=now)
            for message in messages:
                _acknowledge_later(channel, message)
        else:
            _report(channel, group, now)


def _as_meant(item: Incoming) -> Incoming:
    """A pressed button that is no rating says what stands on it."""
    return item.as_message() if isinstance(item, IncomingPress) and not is_rating(item.payload) else item


def _lock_dialogs_of(channel: Channel, incoming: Sequence[Incoming]) -> None:
    """Where more than new messages comes, all dialogs are locked at once, in the order of ids: later ones are
    locked after a line's queue, which whoever holds them may be waiting for."""
    reports = [item for item in incoming if not isinstance(item, IncomingMessage)]
    if reports:
        chats = {item.chat_external_id for item in incoming if not isinstance(item, IncomingAlias)}
        mentioned = Exists(Message.objects.filter(dialog=OuterRef("pk"), external_id__in=_changed_ids(reports)))
        rated = [rated_dialog_id(item.payload) for item in reports if isinstance(item, IncomingPress)]
        ended = Q(pk__in=rated) | Q(chat__rated_dialog=F("pk"))
        dialogs = Dialog.objects.filter(chat__channel=channel, chat__external_id__in=chats)
        dialogs = dialogs.filter(~Q(state=Dialog.State.CLOSED) | mentioned | ended)
        list(dialogs.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _changed_ids(reports: Iterable[Incoming]) -> list[str]:
    changed = [item.external_id for item in reports if isinstance(item, NAMES_A_MESSAGE)]
    return changed + [item.message_external_id for item in reports if isinstance(item, IncomingReaction)]


def _acknowledge_later(channel: Channel, incoming: IncomingMessage | IncomingPress, words: str = "") -> None:
    if incoming.context.get("needs_acknowledgement"):
        send = partial(acknowledge, channel_id=channel.pk, incoming=incoming, words=words)
        transaction.on_commit(partial(later, send), robust=True)


def _rate(channel: Channel, press: IncomingPress, now: datetime) -> None:
    words = rate_by_press(channel=channel, press=press, now=now)
    _acknowledge_later(channel, press, words)


# What is no message, and what it changes.
REPORTS: dict[type, Callable[[Channel, Any, datetime], None]] = {
    IncomingEdit: lambda channel, item, now: record_client_edit(channel=channel, edit=item, now=now),
    IncomingDeletion: lambda channel, item, now: record_client_deletion(channel=channel, deletion=item, now=now),
    IncomingReachability: lambda channel, item, now: record_reachability(channel=channel, report=item, now=now),
    IncomingReaction: lambda channel, item, now: record_reaction(channel=channel, reaction=item),
    IncomingHiding: lambda channel, item, now: record_hiding(channel=channel, hiding=item, now=now),
    IncomingClosing: lambda channel, item, now: close_by_client(channel=channel, closing=item, now=now),
    IncomingPress: _rate,
    IncomingReceipt: lambda channel, item, now: record_receipt(channel=channel, receipt=item, now=now),
    IncomingEcho: lambda channel, item, now: record_echo(channel=channel, echo=item, now=now),
}


def _report(channel: Channel, items: Iterable[Incoming], now: datetime) -> None:
    for item in items:
        if report := REPORTS.get(type(item)):
            report(channel, item, now)
