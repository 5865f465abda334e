"""Accounts as connectors see them."""

from django.conf import settings

from channels_connectors.connector import Account
from channels_connectors.models import Account as AccountRow


def account_of(row: AccountRow) -> Account:
    return Account(
        channel_id=row.channel_id,
        credentials=row.credentials,
        base_url=row.base_url or settings.PROVIDER_URLS.get(row.channel.kind, ""),
        webhook_secret=row.webhook_secret,
        settings=row.settings,
        scope=row.channel.scope,
    )
