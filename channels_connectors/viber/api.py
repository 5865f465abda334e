"""Calls to Viber's REST API."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors import http
from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.viber.errors import refuse_unless_done

DEFAULT_BASE_URL = "https://chatapi.viber.com/pa"
LARGEST_REQUEST = 30 * 1024


def call(account: Account, method: str, fields: Mapping[str, Any], *, is_reading: bool = False) -> Mapping[str, Any]:
    """Viber's answer, if it did what was asked. Raises ``ConnectorError``."""
    # As UTF-8: escaped as ASCII, a long text in Cyrillic would be over the limit.
    body = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    if len(body) > LARGEST_REQUEST:
        raise ConnectorError(_("This is too much for one message of Viber."), kind="PERMANENT")
    reply = http.call(
        "POST",
        f"{(account.base_url or DEFAULT_BASE_URL).rstrip('/')}/{method}",
        provider="Viber",
        headers={"X-Viber-Auth-Token": token_of(account), "Content-Type": "application/json"},
        data=body,
        is_reading=is_reading,
        read_seconds=float(account.settings.get("read_seconds", http.READ_SECONDS)),
    )
    answer = reply.json()
    if not isinstance(answer, dict):
        raise ConnectorError(_("The provider's answer can't be read."), is_outage=True)
    refuse_unless_done(answer)
    return answer


def token_of(account: Account) -> str:
    token = account.credentials.get("token", "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise ConnectorError(_("This does not look like a token of Viber."), kind="TOKEN")
    return token
