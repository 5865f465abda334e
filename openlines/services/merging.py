"""Clients who turned out to be one person, and the way back: their chats and dialogs follow, on screens at once.

Locks, as everywhere: the inboxes of the chats that move, so that no dialog is made for a client who is going; dialogs
in the order of ids; clients.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from common.errors import NotFound
from common.events import publish
from crm import merging
from crm.merging import MergeUndone
from crm.models import Client, ClientMerge, Identity, Lead, User
from openlines.access import visible_clients
from openlines.events import ChatsMoving, PrioritiesChanged
from openlines.models import CallBack, Channel, Chat, Dialog
from openlines.services.clients import announce_card
from openlines.services.locking import lock_dialogs, save_all


@transaction.atomic
def merge_clients(*, kept_id: int, absorbed_id: int, actor: User, now: datetime) -> ClientMerge:
    """Everything of the absorbed client is the kept one's from now on.

    Raises ``NotFound`` unless the actor sees both, ``SameClient``, ``AlreadyMerged``.
    """
    _require_visible(actor, kept_id, absorbed_id)
    return _join(kept_id, absorbed_id, actor, now)


@transaction.atomic
def join_clients(*, kept_id: int, absorbed_id: int, now: datetime) -> ClientMerge:
    """The same where a channel says that they are one person. Raises ``SameClient``, ``AlreadyMerged``."""
    return _join(kept_id, absorbed_id, None, now)


def _join(kept_id: int, absorbed_id: int, actor: User | None, now: datetime) -> ClientMerge:
    _hold_inboxes(Chat.objects.filter(client=absorbed_id), Identity.objects.filter(client=absorbed_id))
    dialogs = _lock(Q(client=absorbed_id) | _open_of(kept_id))
    merge = merging.merge(kept_id=kept_id, absorbed_id=absorbed_id, actor=actor, now=now)
    chats = Chat.objects.filter(client=absorbed_id)
    calls = CallBack.objects.filter(client=absorbed_id)
    merge.moved |= {"chats": _ids(chats), "call_backs": _ids(calls)}
    merge.save(update_fields=["moved"])
    chats.update(client=kept_id)
    calls.update(client=kept_id)
    _give(dialogs, merge.kept)
    _announce(merge)
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, actor: User, now: datetime) -> ClientMerge:
    """Two clients again, each with what was theirs, and the absorbed one with what came in their chats meanwhile.

    Raises ``NotFound`` unless the actor sees the kept client, ``MergeUndone``, ``LaterMergeStands``.
    """
    merge = ClientMerge.objects.filter(pk=merge_id).first()
    if merge is None or not visible_clients(actor).filter(pk=merge.kept_id).exists():
        raise NotFound
    chats = Chat.objects.filter(
        Q(pk__in=merge.moved["chats"]) | Q(identity__in=merge.moved["identities"]), client=merge.kept_id
    )  # fmt: skip
    _hold_inboxes(chats, Identity.objects.filter(pk__in=merge.moved["identities"]))
    dialogs = _lock(Q(chat__in=chats) | _open_of(merge.kept_id))
    merge = ClientMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise MergeUndone
    chat_ids = _ids(chats)
    merging.split(merge=merge, leads=_leads_of(chat_ids, merge), actor=actor, now=now)
    Chat.objects.filter(pk__in=chat_ids).update(client=merge.absorbed_id)
    calls = CallBack.objects.filter(client=merge.kept_id)
    calls.filter(Q(pk__in=merge.moved["call_backs"]) | Q(dialog__chat__in=chat_ids)).update(client=merge.absorbed_id)
    going = [dialog for dialog in dialogs if dialog.chat_id in chat_ids]
    _leave_leads(going, merge.absorbed_id)
    _give(going, merge.absorbed)
    save_all([dialog for dialog in dialogs if dialog.chat_id not in chat_ids])
    _announce(merge)
    return merge


def _require_visible(actor: User, *client_ids: int) -> None:
    if visible_clients(actor).filter(pk__in=client_ids).count() != len(set(client_ids)):
        raise NotFound


def _hold_inboxes(chats: QuerySet[Chat], identities: QuerySet[Identity]) -> None:
    """Also those where the client has an address, and no chat yet."""
    scopes = list(identities.values_list("scope", flat=True))
    channels = Channel.objects.filter(Q(pk__in=chats.values("channel")) | Q(scope__in=scopes))
    publish(ChatsMoving(tuple(_ids(channels))))


def _open_of(client_id: int) -> Q:
    return Q(client=client_id) & ~Q(state=Dialog.State.CLOSED)


def _lock(which: Q) -> list[Dialog]:
    return lock_dialogs(_ids(Dialog.objects.filter(which)))


def _ids(rows: QuerySet[Any]) -> list[int]:
    return sorted(rows.order_by().values_list("pk", flat=True))


def _give(dialogs: Collection[Dialog], client: Client) -> None:
    for dialog in dialogs:
        dialog.client = client
    save_all(dialogs, "client", "lead")


def _leads_of(chat_ids: Collection[int], merge: ClientMerge) -> list[int]:
    """Leads that were made since, for nothing but the chats that go."""
    new = Lead.objects.filter(client=merge.kept_id, pk__gt=merge.moved["newest_lead"])
    dialogs = Dialog.objects.filter(lead=OuterRef("pk"))
    return _ids(new.filter(Exists(dialogs.filter(chat__in=chat_ids)), ~Exists(dialogs.exclude(chat__in=chat_ids))))


def _leave_leads(dialogs: Collection[Dialog], client_id: int) -> None:
    """A lead that stays with the other client is no longer theirs."""
    own = set(Lead.objects.filter(client=client_id).values_list("pk", flat=True))
    for dialog in dialogs:
        if dialog.lead_id not in own:
            dialog.lead = None


def _announce(merge: ClientMerge) -> None:
    for client_id in (merge.kept_id, merge.absorbed_id):
        publish(PrioritiesChanged(client_id=client_id))
        announce_card(client_id, has_moved=True)
