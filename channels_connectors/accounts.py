"""Accounts as connectors see them."""

from channels_connectors.connector import Account
from channels_connectors.models import Account as AccountRow


def account_of(row: AccountRow) -> Account:
    return Account(
        channel_id=row.channel_id,
        credentials=row.credentials,
        base_url=row.base_url,
        webhook_secret=row.webhook_secret,
        settings=row.settings,
    )
