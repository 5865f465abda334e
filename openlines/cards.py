"""The client card: a client with addresses, leads and dialogs as one member of staff may see them."""

from typing import Any

from crm.models import Client, LeadStage, User
from crm.presenters import lead_json
from openlines.access import visible_dialogs
from openlines.models import Channel, Dialog
from openlines.presenters import iso, photo_url

RECENT = 20


def client_json(client: Client) -> dict[str, Any]:
    return {
        "id": client.pk,
        "name": str(client),
        "photo_url": photo_url(client.pk, client.photo.name or ""),
        "color": client.color,
        "notes": client.notes,
        "language": client.language,
        "created_at": iso(client.created_at),
        "is_reachable": client.is_reachable,
        "is_vip": client.is_vip,
    }


def card_json(client: Client, *, reader: User) -> dict[str, Any]:
    stages = LeadStage.objects.count()
    leads = client.leads.select_related("stage", "source", "responsible").order_by("-pk")[:RECENT]
    return client_json(client) | {
        "identities": _identities(client),
        "leads": [lead_json(lead, stages=stages) for lead in leads],
        "dialogs": [_dialog(dialog) for dialog in _dialogs(client, reader)],
    }


def _identities(client: Client) -> list[dict[str, Any]]:
    identities = list(client.identities.order_by("pk"))
    names = dict(Channel.objects.filter(scope__in=[i.scope for i in identities]).values_list("scope", "name"))
    return [
        {
            "id": identity.pk,
            "kind": identity.kind,
            "value": identity.value,
            "title": identity.title,
            "channel_name": names.get(identity.scope),
            "last_seen_at": iso(identity.last_seen_at),
        }
        for identity in identities
    ]


def _dialogs(client: Client, reader: User) -> list[Dialog]:
    dialogs = visible_dialogs(reader).filter(client=client).select_related("line", "channel", "owner")
    return list(dialogs.order_by("-pk")[:RECENT])


def _dialog(dialog: Dialog) -> dict[str, Any]:
    return {
        "id": dialog.pk,
        "opened_at": iso(dialog.opened_at),
        "closed_at": iso(dialog.closed_at),
        "close_reason": dialog.close_reason or None,
        "line": dialog.line.name,
        "channel_kind": dialog.channel.kind,
        "operator": dialog.owner.name if dialog.owner else None,
    }
