"""An Instagram account behind either of its two log-ins: through a Facebook page, or its own."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, CheckedAccount, Refreshed
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.accounts import page_behind
from channels_connectors.meta.channel import MetaChannel
from channels_connectors.meta.graph import FACEBOOK_URL, INSTAGRAM_URL, Graph, graph_of
from channels_connectors.meta.instagram_setup import INSTAGRAM_LOGIN

# A page is joined to the app by any field; what of its Instagram account comes is said to the app.
PAGE_FIELDS = ("feed",)
TOKEN_SECONDS = 60 * 24 * 3600.0


def has_own_login(account: Account) -> bool:
    return account.settings.get("flavour") == INSTAGRAM_LOGIN


class InstagramChannel(MetaChannel):
    provider = "Instagram"
    about = "instagram"
    scopes: ClassVar[Collection[str]] = ()

    def graph(self, account: Account) -> Graph:
        url = INSTAGRAM_URL if has_own_login(account) else FACEBOOK_URL
        return graph_of(account, provider=self.provider, default_url=url)

    def node(self, account: Account) -> str:
        return "me" if has_own_login(account) else str(account.settings.get("page_id") or "me")

    def node_fields(self, account: Account) -> tuple[str, ...]:
        return self.fields if has_own_login(account) else PAGE_FIELDS

    def _app_id(self, account: Account) -> str:
        return "" if has_own_login(account) else super()._app_id(account)

    def check(self, account: Account) -> CheckedAccount:
        return self._check_own(account) if has_own_login(account) else self._check_page(account)

    def _check_page(self, account: Account) -> CheckedAccount:
        page, token = page_behind(account, provider=self.provider, scopes=self.scopes)
        linked: dict[str, Any] = page.get("instagram_business_account") or {}
        if not linked:
            words = _("No professional Instagram account is linked to the page “%(name)s”. Link it in Instagram first.")
            raise ConnectorError(words % {"name": page.get("name", page["id"])}, kind="PERMANENT")
        return CheckedAccount(
            external_id=str(linked["id"]),
            title=f"@{linked.get('username') or linked['id']}",
            details=self.delivering(account),
            settings={"page_id": str(page["id"]), "username": str(linked.get("username", ""))},
            credentials={"access_token": token},
        )

    def _check_own(self, account: Account) -> CheckedAccount:
        said = self.graph(account).get("me", fields="user_id,username")
        renewed = self._renewed(account)
        return CheckedAccount(
            external_id=str(said.get("user_id") or said["id"]),
            title=f"@{said.get('username') or said.get('user_id')}",
            details=self.delivering(account),
            settings={"username": str(said.get("username", ""))},
            credentials=renewed.credentials if renewed else {},
            expires_in=renewed.expires_in if renewed else TOKEN_SECONDS,
        )

    def refresh(self, account: Account) -> Refreshed | None:
        if not has_own_login(account):
            return None
        return self._renewed(account) or Refreshed(credentials=account.credentials, expires_in=TOKEN_SECONDS)

    def _renewed(self, account: Account) -> Refreshed | None:
        """A token that is younger than a day can't be renewed, and need not."""
        graph = replace(self.graph(account), version="")
        try:
            # The one call whose address has to carry the token.
            said = graph.get("refresh_access_token", grant_type="ig_refresh_token", access_token=graph.token)
        except ConnectorError as error:
            if error.kind != "PERMANENT":
                raise
            return None
        credentials = {**account.credentials, "access_token": str(said["access_token"])}
        return Refreshed(credentials=credentials, expires_in=float(said["expires_in"]))
