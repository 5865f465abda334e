"""The one way to take hold of a dialog, and the one way to put changes of it down."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Q

from common.errors import NotFound
from common.rows import update_rows
from common.statements import Statement
from openlines.changes import note_change
from openlines.models import Dialog
from openlines.streams import audience_of

CHANNEL_LOCKS = 0x1B0
DIALOGS = Statement(
    lambda ids: Dialog.objects.select_for_update(of=("self",)).filter(pk__any_of=ids).order_by("pk")
)  # fmt: skip
OPEN_DIALOGS_OF_CHATS = Statement(
    lambda chat_ids: (
        Dialog.objects.select_for_update(of=("self",))
        .filter(chat_id__any_of=chat_ids)
        .exclude(state=Dialog.State.CLOSED)
        .order_by("pk")
    )
)
# In which clients talk, and those that were closed not long ago, whatever the reason.
OPEN_OR_FRESH_DIALOGS_OF_CHATS = Statement(
    lambda chat_ids, since: (
        Dialog.objects.select_for_update(of=("self",))
        .filter(~Q(state=Dialog.State.CLOSED) | Q(closed_at__gte=since), chat_id__any_of=chat_ids)
        .order_by("pk")
    )
)


def hold_channel(channel_id: int) -> None:
    """Nobody else makes chats or dialogs of the channel, or takes closed ones up again, until the transaction ends:
    that keeps the order of each chat over all machines. Held before any dialog."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CHANNEL_LOCKS, channel_id])


def lock_dialog(dialog_id: int) -> Dialog:
    """The dialog under its row lock, inside the caller's transaction. Locks are taken in the order of ids;
    a line's queue is locked after its dialogs, never before."""
    dialogs = lock_dialogs([dialog_id])
    if not dialogs:
        raise NotFound
    return dialogs[0]


def lock_open_dialogs(*conditions: Q, **which: Any) -> list[Dialog]:
    """The open dialogs of a client, a chat or a line, locked in the order of ids."""
    dialogs = Dialog.objects.select_for_update(of=("self",)).filter(*conditions, **which)
    return [hold(dialog) for dialog in dialogs.exclude(state=Dialog.State.CLOSED).order_by("pk")]


def lock_dialogs(dialog_ids: Collection[int]) -> list[Dialog]:
    """Those of them that exist, in the order of their ids."""
    return [hold(dialog) for dialog in DIALOGS.objects(ids=list(dialog_ids))]


def lock_open_dialogs_of_chats(chat_ids: Collection[int]) -> list[Dialog]:
    return [hold(dialog) for dialog in OPEN_DIALOGS_OF_CHATS.objects(chat_ids=list(chat_ids))]


def lock_open_or_fresh_dialogs_of_chats(chat_ids: Collection[int], *, since: datetime) -> list[Dialog]:
    """The same with those that were closed since then."""
    return [hold(dialog) for dialog in OPEN_OR_FRESH_DIALOGS_OF_CHATS.objects(chat_ids=list(chat_ids), since=since)]


def hold(dialog: Dialog) -> Dialog:
    """Remember what the dialog looked like when its lock was taken."""
    dialog.revision_before = dialog.revision
    dialog.audience_before = audience_of(dialog)
    return dialog


def save_changes(dialog: Dialog, *fields: str) -> None:
    """Write the fields under the next revision and have the change announced on commit."""
    save_all([dialog], *fields)


def save_all(dialogs: Collection[Dialog], *fields: str) -> None:
    """The same for many dialogs, in one statement."""
    for dialog in dialogs:
        dialog.revision += 1
    write_down(dialogs, *fields)


def write_down(dialogs: Collection[Dialog], *fields: str) -> None:
    """Write dialogs whose revisions have gone up already."""
    for dialog in dialogs:
        if not hasattr(dialog, "revision_before"):
            raise IntegrityError("The dialog is changed without its lock")
    update_rows(dialogs, *fields, "revision")
    for dialog in dialogs:
        note_change(dialog.pk, from_revision=dialog.revision_before, audience_before=dialog.audience_before)
