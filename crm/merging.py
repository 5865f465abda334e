"""Two clients turn out to be one person: what was the one's goes to the other, is written down, and can go back.

The caller holds the dialogs of both (see ``openlines.services.merging``); the clients are locked here, after them.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from crm.models import Client, ClientMerge, Identity, Lead, User

FIELDS = (
    "name", "language", "photo", "notes", "is_reachable", "is_anonymous", "is_vip", "responsible_id", "tag_ids",
)  # fmt: skip
Moved = dict[str, Any]


class SameClient(DomainError):
    code = "same_client"
    message = _("This is one and the same client already.")


class AlreadyMerged(DomainError):
    code = "already_merged"
    message = _("Somebody has merged one of these clients meanwhile.")


class MergeUndone(DomainError):
    code = "merge_undone"
    message = _("This merge has been undone already.")


class LaterMergeStands(DomainError):
    code = "later_merge_stands"
    message = _("The client has been merged into another one since. Undo that first.")


def lock_clients(*client_ids: int) -> dict[int, Client]:
    """In the order of their ids, so that two merges never wait for each other."""
    return {client.pk: client for client in Client.objects.select_for_update().filter(pk__in=client_ids).order_by("pk")}


def merge(*, kept_id: int, absorbed_id: int, actor: User | None, now: datetime) -> ClientMerge:
    """Identities and leads move, the fields are joined. Raises ``SameClient``, ``AlreadyMerged``."""
    if kept_id == absorbed_id:
        raise SameClient
    clients = lock_clients(kept_id, absorbed_id)
    kept, absorbed = clients[kept_id], clients[absorbed_id]
    if kept.merged_into_id or absorbed.merged_into_id:
        raise AlreadyMerged
    moved = {
        "identities": _moved(Identity.objects.filter(client=absorbed), kept),
        "leads": _moved(Lead.objects.filter(client=absorbed), kept),
        "newest_lead": Lead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    } | _join(kept, absorbed)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    return ClientMerge.objects.create(kept=kept, absorbed=absorbed, moved=moved, merged_by=actor, merged_at=now)


def _moved(rows: Any, client: Client) -> list[int]:
    ids = sorted(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=ids).update(client=client)
    return ids


def _join(kept: Client, absorbed: Client) -> Moved:
    """The kept client's word stands; what they lack is taken from the other. Returns what changed, before and after."""
    joined = {
        "name": kept.name or absorbed.name,
        "language": kept.language or absorbed.language,
        "photo": kept.photo.name or absorbed.photo.name or "",
        "notes": "\n\n".join(dict.fromkeys(filter(None, (kept.notes.strip(), absorbed.notes.strip())))),
        "is_reachable": kept.is_reachable or absorbed.is_reachable,
        "is_anonymous": kept.is_anonymous and absorbed.is_anonymous,
        "is_vip": kept.is_vip or absorbed.is_vip,
        "responsible_id": kept.responsible_id or absorbed.responsible_id,
        "tag_ids": list(dict.fromkeys([*kept.tag_ids, *absorbed.tag_ids])),
    }
    current = _fields_of(kept)
    after = {name: value for name, value in joined.items() if value != current[name]}
    _write(kept, after)
    return {"before": {name: current[name] for name in after}, "after": after}


def _fields_of(client: Client) -> Moved:
    return {name: getattr(client, name) for name in FIELDS} | {"photo": client.photo.name or ""}


def _write(client: Client, values: Moved) -> None:
    for name, value in values.items():
        setattr(client, name, value)
    if values:
        client.save(update_fields=[name.removesuffix("_id") if name == "responsible_id" else name for name in values])


def split(*, merge: ClientMerge, leads: Collection[int], actor: User, now: datetime) -> None:
    """Bring back what moved, with these further leads. What somebody changed since then stays as they left it.

    Raises ``LaterMergeStands``.
    """
    clients = lock_clients(merge.kept_id, merge.absorbed_id)
    kept, absorbed = clients[merge.kept_id], clients[merge.absorbed_id]
    if kept.merged_into_id:
        raise LaterMergeStands
    moved = merge.moved
    Identity.objects.filter(pk__in=moved["identities"], client=kept).update(client=absorbed)
    Lead.objects.filter(Q(pk__in=moved["leads"]) | Q(pk__in=leads), client=kept).update(client=absorbed)
    _write(kept, _restored(_fields_of(kept), moved["before"], moved["after"]))
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    merge.undone_by, merge.undone_at = actor, now
    merge.save(update_fields=["undone_by", "undone_at"])


def _restored(current: Moved, before: Moved, after: Moved) -> Moved:
    restored = {name: before[name] for name in before if current[name] == after[name]}
    if "tag_ids" in before and "tag_ids" not in restored:
        brought = set(after["tag_ids"]) - set(before["tag_ids"])
        restored["tag_ids"] = [tag for tag in current["tag_ids"] if tag not in brought]
    return restored
