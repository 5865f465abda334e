"""Clients and leads: writes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.rows import insert_rows
from common.statements import Statement
from crm.models import AccessToken, Client, Identity, Lead, LeadSource, LeadStage, User

SEEN_PRECISION = timedelta(minutes=1)
NOTE_SEEN = """
    UPDATE crm_identity SET last_seen_at = %(now)s
    WHERE id = ANY(%(ids)s) AND (last_seen_at IS NULL OR last_seen_at < %(stale)s)
"""
NEWEST_OPEN_LEADS = Statement(
    lambda client_ids: (
        Lead.objects.filter(client__any_of=client_ids, stage__kind=LeadStage.Kind.OPEN)
        .order_by("client_id", "-pk")
        .distinct("client_id")
    )
)
TOKENS_IN_FORCE = Statement(
    lambda digest: AccessToken.objects.select_related("user").filter(
        digest=digest, revoked_at=None, user__is_active=True
    )
)
OPEN_STAGES = Statement(lambda: LeadStage.objects.filter(kind=LeadStage.Kind.OPEN).order_by("position"))


def ensure_lead(*, client: Client, source: LeadSource | None) -> tuple[Lead, bool]:
    """The client's newest open lead, or a new one; returns it and whether it is new."""
    return ensure_leads(sources={client: source})[client.pk]


def ensure_leads(*, sources: Mapping[Client, LeadSource | None]) -> dict[int, tuple[Lead, bool]]:
    """The same for many clients at once, by their ids; a new lead takes the source that is given."""
    newest = NEWEST_OPEN_LEADS.objects(client_ids=[client.pk for client in sources])
    known = {lead.client_id: (lead, False) for lead in newest}
    without = [client for client in sources if client.pk not in known]
    stage = first_stage() if without else None
    new = [Lead(title=_title(client), client=client, source=sources[client], stage=stage) for client in without]
    insert_rows(new)
    return known | {lead.client_id: (lead, True) for lead in new}


def _title(client: Client) -> str:
    return client.name or _("New client")


def create_lead(
    *, client: Client, source: LeadSource | None, responsible: User | None, title: str = "", **details: Any
) -> Lead:
    """``details`` are further fields: stage, amount, currency, comment."""
    details.setdefault("stage", first_stage())
    lead: Lead = Lead.objects.create(
        title=(title or _title(client))[:255],
        client=client,
        source=source,
        responsible=responsible,
        **details,
    )
    return lead


def first_stage() -> LeadStage:
    stages = OPEN_STAGES.objects()
    return stages[0] if stages else LeadStage.objects.create(name=_("New"), position=1)


@transaction.atomic
def save_client_photo(*, client_id: int, content: bytes, suffix: str) -> None:
    client = Client.objects.select_for_update().get(pk=client_id)
    client.photo.save(f"{client_id}{suffix}", ContentFile(content), save=False)
    client.save(update_fields=["photo"])


def learn_about(*, client: Client, name: str = "", phone: str = "", email: str = "") -> bool:
    """Note what a client told us of themselves; returns whether any of it was new.

    A name that is known stays. With an address the client is no longer anonymous.
    """
    changed = []
    if name and not client.name:
        client.name = name[:255]
        changed.append("name")
    is_new = [_learn_address(client, kind, value) for kind, value in (("phone", phone), ("email", email)) if value]
    if is_new and client.is_anonymous:
        client.is_anonymous = False
        changed.append("is_anonymous")
    if changed:
        client.save(update_fields=changed)
    return bool(changed) or any(is_new)


def _learn_address(client: Client, kind: str, value: str) -> bool:
    """An address that is another client's already stays theirs, since typing it in proves nothing: it is kept as
    what this client claims."""
    defaults = {"client": client, "kind": kind}
    identity, is_new = Identity.objects.get_or_create(scope=kind, value=value[:255], defaults=defaults)
    if identity.client_id != client.pk:
        scope = f"{kind}:claimed:{client.pk}"
        identity, is_new = Identity.objects.get_or_create(scope=scope, value=value[:255], defaults=defaults)
    return is_new


def note_seen(*, identity_ids: Sequence[int], now: datetime) -> None:
    """They have written. A minute's precision is enough: a lively talk is not written down here message by message."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE_SEEN, {"ids": list(identity_ids), "now": now, "stale": now - SEEN_PRECISION})


def issue_token(*, user: User, name: str) -> str:
    """A new bearer token. It is shown once: only its digest is kept."""
    token = AccessToken.new_token()
    AccessToken.objects.create(user=user, name=name, digest=AccessToken.digest_of(token))
    return token


def user_for_token(token: str, *, now: datetime) -> AbstractBaseUser | None:
    """Whose token this is; ``None`` for unknown, revoked and inactive ones."""
    found = TOKENS_IN_FORCE.objects(digest=AccessToken.digest_of(token))
    if not found:
        return None
    access = found[0]
    if access.last_used_at is None or (now - access.last_used_at).total_seconds() > 60:
        AccessToken.objects.filter(pk=access.pk).update(last_used_at=now)
    return access.user
