"""Telling the conversations what each channel can carry."""

from django.db.models import QuerySet

from channels_connectors.connector import Capabilities, Connector
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS
from openlines.means import finds_means
from openlines.models import Channel, Line
from openlines.types import Means


@finds_means
def capabilities_of(channel: Channel) -> Means | None:
    """Only kinds whose accounts differ pay for a look at the account."""
    connector = CONNECTORS.get(channel.kind)
    if connector is None or not _differs(connector):
        return connector.capabilities if connector else None
    account = Account.objects.filter(channel_id=channel.pk).only("settings").first()
    return connector.capabilities_of(account.settings if account else {})


def channels_that_differ(lines: QuerySet[Line]) -> dict[str, list[tuple[int, Capabilities]]]:
    """The channels of these lines that can do other things than their kind, by kinds."""
    kinds = [kind for kind, connector in CONNECTORS.items() if _differs(connector)]
    if not kinds:
        return {}
    found: dict[str, list[tuple[int, Capabilities]]] = {}
    accounts = Account.objects.filter(channel__kind__in=kinds, channel__line__in=lines).order_by("channel_id")
    for channel_id, kind, own_settings in accounts.values_list("channel_id", "channel__kind", "settings"):
        capabilities = CONNECTORS[kind].capabilities_of(own_settings)
        if capabilities != CONNECTORS[kind].capabilities:
            found.setdefault(kind, []).append((channel_id, capabilities))
    return found


def _differs(connector: Connector) -> bool:
    return type(connector).capabilities_of is not Connector.capabilities_of
