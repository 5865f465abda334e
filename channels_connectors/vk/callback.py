"""The community's callback server that delivers to us: VKontakte has up to ten of them for one community."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Subscription
from channels_connectors.errors import ConnectorError
from channels_connectors.vk.api import VERSION, ask

# VKontakte takes no longer one.
TITLE = "Open lines"
CONFIRMED = ("ok", "wait")
NO_SUCH_SERVER = "2000"


def secret_of(account: Account) -> str:
    """One that the administrator has chosen serves both kinds of a community, else each channel has its own."""
    return account.credentials.get("secret", "") or account.webhook_secret


def set_server(account: Account, *, url: str, event_types: Sequence[str]) -> Mapping[str, Any]:
    """Add our server, or make it what it should be; gives what the channel has to remember.

    VKontakte asks for the code as soon as it knows of the address, so the code is known before (see ``checking``).
    """
    group_id = int(account.external_id)
    ours = _ours(account, url=url)
    wanted: dict[str, Any] = {"group_id": group_id, "url": url, "title": TITLE, "secret_key": secret_of(account)}
    if ours is None:
        server_id = int(ask(account, "groups.addCallbackServer", **wanted)["server_id"])
    else:
        server_id = int(ours["id"])
        ask(account, "groups.editCallbackServer", server_id=server_id, **wanted)
    types: dict[str, Any] = dict.fromkeys(event_types, 1)
    ask(
        account, "groups.setCallbackSettings", group_id=group_id, server_id=server_id, api_version=VERSION, **types
    )  # fmt: skip
    return {"callback_server_id": server_id, "confirmation_code": confirmation_code(account, group_id)}


def confirmation_code(account: Account, group_id: int) -> str:
    return str(ask(account, "groups.getCallbackConfirmationCode", is_reading=True, group_id=group_id)["code"])


def remove_server(account: Account) -> None:
    """The one that we remember; else every one that has our secret: nobody else knows it."""
    secret, remembered = secret_of(account), account.settings.get("callback_server_id")
    for server in _servers(account):
        if server["id"] == remembered or (secret and server.get("secret_key") == secret):
            _delete(account, int(server["id"]))


def _delete(account: Account, server_id: int) -> None:
    try:
        ask(account, "groups.deleteCallbackServer", group_id=int(account.external_id), server_id=server_id)
    except ConnectorError as error:
        if error.code != NO_SUCH_SERVER:
            raise


def subscription_of(account: Account, *, url: str) -> Subscription:
    server = _ours(account, url=url)
    if server is None:
        return Subscription(is_ours=False, problem=_("VKontakte no longer knows this server."))
    if server.get("secret_key", "") != secret_of(account):
        return Subscription(is_ours=False, problem=_("VKontakte has another secret key for this server."))
    if server.get("status", "ok") not in CONFIRMED:
        return Subscription(is_ours=False, problem=_("VKontakte could not confirm the address of this server."))
    return Subscription(is_ours=True)


def _ours(account: Account, *, url: str) -> Mapping[str, Any] | None:
    return next((server for server in _servers(account) if server.get("url") == url), None)


def _servers(account: Account) -> list[Mapping[str, Any]]:
    answer = ask(account, "groups.getCallbackServers", is_reading=True, group_id=int(account.external_id))
    return list(answer["items"])
