"""A Facebook page behind a token."""

from collections.abc import Collection
from typing import ClassVar

from channels_connectors.connector import Account, CheckedAccount
from channels_connectors.meta.accounts import page_behind
from channels_connectors.meta.channel import MetaChannel


class PageChannel(MetaChannel):
    scopes: ClassVar[Collection[str]] = ()

    def check(self, account: Account) -> CheckedAccount:
        page, token = page_behind(account, provider=self.provider, scopes=self.scopes)
        return CheckedAccount(
            external_id=str(page["id"]),
            title=str(page.get("name") or page["id"]),
            details=self.delivering(account),
            settings={"page_id": str(page["id"])},
            credentials={"access_token": token},
        )
