"""Logging in without a password (XOAUTH2), as Google and Microsoft want it: access tokens last an hour."""

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Refreshed
from channels_connectors.email.services import address_of, service_of
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, call

REFUSED = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "interaction_required"})


def refreshed(account: Account) -> Refreshed:
    """Raises ``ConnectorError``."""
    service = service_of(account.settings, address_of(account))
    url = account.base_url or str(account.settings.get("token_url") or (service.token_url if service else ""))
    if not url:
        raise ConnectorError(_("Fill in where tokens of this service are renewed."), kind="PERMANENT")
    known = account.credentials
    wanted = {"grant_type": "refresh_token", "refresh_token": known.get("refresh_token", "")}
    wanted |= {name: known[name] for name in ("client_id", "client_secret") if known.get(name)}
    if service and service.scope:
        wanted["scope"] = service.scope
    seconds = float(account.settings.get("read_seconds", READ_SECONDS))
    reply = call("POST", url, provider=_("The mail service"), data=wanted, is_reading=True, read_seconds=seconds)
    answer = reply.json()
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        words = _("The mail service does not renew our access. Give it anew.")
        raise ConnectorError(words, kind="TOKEN" if code in REFUSED else "RETRY", code=code[:64])
    # Microsoft gives a new refresh token each time; the old one ends some day.
    renewed = {name: answer[name] for name in ("access_token", "refresh_token") if isinstance(answer.get(name), str)}
    return Refreshed(credentials={**known, **renewed}, expires_in=_seconds(answer.get("expires_in")))


def _seconds(said: object) -> float:
    try:
        return max(float(str(said)), 60.0)
    except ValueError:
        return 3600.0
