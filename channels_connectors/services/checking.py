"""Asking a provider who we are, before anything of an account is stored."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from channels_connectors.connector import Account, CheckedAccount
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import connector_for
from common.errors import DomainError


class ConnectionRefused(DomainError):
    code = "connection_refused"
    status = 400


class DeliversElsewhere(DomainError):
    code = "delivers_elsewhere"


def check_account(
    *,
    kind: str,
    credentials: Mapping[str, str],
    base_url: str = "",
    own_settings: Mapping[str, Any] | None = None,
) -> CheckedAccount:
    """A live check: who are we at the provider? Raises ``ConnectionRefused`` with what to do in words."""
    account = Account(
        channel_id=0,
        credentials=credentials,
        base_url=base_url or settings.PROVIDER_URLS.get(kind, ""),
        settings=own_settings or {},
    )
    try:
        return connector_for(kind).check(account)
    except ConnectorError as error:
        raise ConnectionRefused(_refusal(error)) from error


def _refusal(error: ConnectorError) -> str:
    if error.kind == "TOKEN":
        return _("The provider does not accept this token. Copy it once more, whole.")
    if error.kind == "PERMANENT":
        return str(error)
    return _("The provider could not be asked: %(reason)s. Check the address and try again.") % {
        "reason": str(error).rstrip(".")
    }


def refuse_to_take_over(checked: CheckedAccount) -> None:
    """Providers deliver to one place: connecting here takes the account from the program that has it now.

    Raises ``DeliversElsewhere``.
    """
    if host := foreign_host(checked):
        words = _("It delivers to %(host)s at the moment. Connected here, that program stops hearing it.")
        raise DeliversElsewhere(words % {"host": host}, fields={"take_over": [_("Say that you want this.")]})


def foreign_host(checked: CheckedAccount) -> str:
    """The host that the account delivers to now (``details["webhook_host"]``), where it is not this server."""
    host = str(checked.details.get("webhook_host") or "")
    return "" if host == (urlsplit(settings.PUBLIC_URL).hostname or "") else host
