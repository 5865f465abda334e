"""Finding clients of one reader, and saying by what they were found."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import BigIntegerField, Max, OuterRef, Subquery

from crm.models import Client, Identity, User
from crm.search import address_parts, matching_clients, name_parts
from openlines.access import visible_clients, visible_dialogs
from openlines.presenters import Json, photo_url
from openlines.search import Found
from openlines.snippets import has_hit, lit_up

PAGE = 10


def found_clients(reader: User, text: str, *, before: int | None = None, limit: int = PAGE) -> Found:
    """The newest first, of those before the client ``before``."""
    clients = matching_clients(visible_clients(reader).filter(merged_into=None), text)
    if before is not None:
        clients = clients.filter(pk__lt=before)
    newest = visible_dialogs(reader).order_by().filter(client=OuterRef("pk")).values("client").annotate(Max("pk"))
    opened = Subquery(newest.values("pk__max"), output_field=BigIntegerField())
    rows = list(clients.order_by("-pk").annotate(dialog_id=opened)[: limit + 1])
    found = rows[:limit]
    addresses = _addresses(found, text)
    results = [_client(client, client.dialog_id, text, addresses[client.pk]) for client in found]
    return Found(results, found[-1].pk if len(rows) > limit else None)


def _addresses(clients: Sequence[Client], text: str) -> dict[int, list[Json]]:
    """Those in which there is what was typed; a name that is written once more in a channel says nothing new."""
    parts, names = address_parts(text), {client.pk: client.name for client in clients}
    found: dict[int, list[Json]] = defaultdict(list)
    for identity in Identity.objects.filter(client__in=clients).order_by("pk"):
        for words in (identity.value, identity.title):
            if words != names[identity.client_id] and has_hit(pieces := lit_up(words, parts)):
                found[identity.client_id].append({"kind": identity.kind, "pieces": pieces})
    return found


def _client(client: Client, dialog_id: int | None, text: str, addresses: list[Json]) -> Json:
    return {
        "id": client.pk,
        "name": str(client),
        "photo_url": photo_url(client.pk, client.photo.name or ""),
        "color": client.color,
        "is_vip": client.is_vip,
        "pieces": lit_up(str(client), name_parts(text)),
        "address": addresses[0] if addresses else None,
        "dialog_id": dialog_id,
    }
