"""People who go by several ids in one channel: whichever is seen first, they are one client."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from common.statements import Statement
from crm.models import ClientMerge, Identity, IdentityAlias
from openlines.models import Channel
from openlines.services.merging import join_clients
from openlines.types import IncomingAlias

IDENTITIES = Statement(
    lambda scope, values: Identity.objects.select_related("client").filter(scope=scope, value__any_of=values)
)
ALIASES = Statement(
    lambda scope, values: IdentityAlias.objects.select_related("identity__client").filter(
        scope=scope, value__any_of=values
    )
)


def identities_by_any_id(*, scope: str, values: Collection[str]) -> dict[str, Identity]:
    """By the ids that were asked for. Those that are known by their main ids cost one question."""
    found = {identity.value: identity for identity in IDENTITIES.objects(scope=scope, values=list(values))}
    others = [value for value in values if value not in found]
    aliases = ALIASES.objects(scope=scope, values=others) if others else []
    return found | {alias.value: alias.identity for alias in aliases}


@transaction.atomic
def learn_aliases(*, channel: Channel, aliases: Sequence[IncomingAlias], now: datetime) -> list[IncomingAlias]:
    """Returns those of which neither id is known: they may be asked about again once somebody has written.

    Two clients who turn out to be one are joined with all their threads, unless staff took them apart.
    """
    values = {value: None for alias in aliases for value in (alias.person_external_id, alias.alias)}
    known = identities_by_any_id(scope=channel.scope, values=list(values))
    unknown = []
    for alias in aliases:
        one, other = known.get(alias.person_external_id), known.get(alias.alias)
        if one is not None and other is not None:
            _join(one, other, now)
        elif one is not None:
            known[alias.alias] = _name(one, alias.alias)
        elif other is not None:
            known[alias.person_external_id] = _name(other, alias.person_external_id)
        else:
            unknown.append(alias)
    return unknown


def _name(identity: Identity, alias: str) -> Identity:
    IdentityAlias.objects.get_or_create(scope=identity.scope, value=alias[:255], defaults={"identity": identity})
    return identity


def _join(one: Identity, other: Identity, now: datetime) -> None:
    clients = set(Identity.objects.filter(pk__in=[one.pk, other.pk]).values_list("client", flat=True))
    if len(clients) < 2:
        return
    kept_id, absorbed_id = sorted(clients)
    apart = ClientMerge.objects.filter(kept__in=clients, absorbed__in=clients).exclude(undone_at=None)
    if not apart.exists():
        join_clients(kept_id=kept_id, absorbed_id=absorbed_id, now=now)
