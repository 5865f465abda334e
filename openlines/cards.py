"""The client card: a client with addresses, leads and dialogs as one member of staff may see them."""

from typing import Any

from django.db.models import QuerySet

from crm.models import Client, ClientMerge, Identity, LeadStage, User
from crm.presenters import lead_json
from openlines.access import readable_dialogs, visible_call_backs
from openlines.call_backs import call_backs_json
from openlines.history import dialog_spans
from openlines.models import CallBack, Channel, Chat
from openlines.presenters import Json, iso, photo_url

RECENT = 20


def client_json(client: Client) -> Json:
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
        "tag_ids": client.tag_ids,
    }


def card_json(client: Client, *, reader: User) -> Json:
    stages = LeadStage.objects.count()
    leads = client.leads.select_related("stage", "source", "responsible").order_by("-pk")[:RECENT]
    return client_json(client) | {
        "identities": _identities(client),
        "leads": [lead_json(lead, stages=stages) for lead in leads],
        "dialogs": dialog_spans(readable_dialogs(reader, client.pk).order_by("-pk")[:RECENT]),
        "visit": _visit(client),
        "merges": _merges(client),
        "call_backs": call_backs_json(_call_backs(client, reader)),
    }


def _identities(client: Client) -> list[Json]:
    identities = list(client.identities.order_by("pk"))
    names = dict(Channel.objects.filter(scope__in=[i.scope for i in identities]).values_list("scope", "name"))
    return [identity_json(identity, channel_name=names.get(identity.scope)) for identity in identities]


def identity_json(identity: Identity, *, channel_name: str | None = None) -> Json:
    return {
        "id": identity.pk,
        "kind": identity.kind,
        "value": identity.value,
        "title": identity.title,
        "channel_name": channel_name,
        # An address that is known as somebody else's already, and that this client says is theirs.
        "is_claimed": ":claimed:" in identity.scope,
        "last_seen_at": iso(identity.last_seen_at),
    }


def _visit(client: Client) -> Json | None:
    """The page on which a visitor of a site wrote last, and what their browser said of itself."""
    contexts = Chat.objects.filter(client=client, context__has_key="visit").order_by("-pk")
    context: dict[str, Any] | None = contexts.values_list("context", flat=True).first()
    if context is None:
        return None
    first = context.get("first_visit") or {}
    visit = {name: str(value) for name, value in context["visit"].items() if isinstance(value, str | int | float)}
    return {"now": visit, "first": {name: str(value) for name, value in first.items() if isinstance(value, str)}}


def _merges(client: Client) -> list[Json]:
    standing = ClientMerge.objects.filter(kept=client, undone_at=None).select_related("absorbed", "merged_by")
    return [
        {
            "id": merge.pk,
            "name": str(merge.absorbed),
            "merged_at": iso(merge.merged_at),
            "merged_by": merge.merged_by.name if merge.merged_by else None,
        }
        for merge in standing[:RECENT]
    ]


def _call_backs(client: Client, reader: User) -> QuerySet[CallBack]:
    """Those that are still to be made."""
    return visible_call_backs(reader).filter(client=client, done_at=None).order_by("due_at", "pk")[:RECENT]
