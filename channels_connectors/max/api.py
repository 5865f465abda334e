"""Calls of the MAX platform API, and what its refusals mean."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply, call

BASE_URL = "https://platform-api2.max.ru"
PROVIDER = "MAX"
# What comes back while an upload is still being worked on.
NOT_READY = "attachment.not.ready"
PAUSE_UNTIL_READY = 2.0


def ask(
    account: Account,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    body: Any = None,
    is_reading: bool = False,
    read_seconds: float | None = None,
) -> Any:
    """The answer's JSON. Raises ``ConnectorError``."""
    base_url = (account.base_url or BASE_URL).rstrip("/")
    reply = call(
        method, f"{base_url}{path}", provider=PROVIDER, headers={"Authorization": account.credentials["token"]},
        params=params, body=body, is_reading=is_reading, ca_bundle=str(account.settings.get("ca_bundle") or ""),
        read_seconds=read_seconds or float(account.settings.get("read_seconds", 30)),
    )  # fmt: skip
    if reply.status >= 400:
        raise refusal_of(reply)
    answer = reply.json()
    if isinstance(answer, dict) and answer.get("success") is False:
        raise ConnectorError(str(answer.get("message") or _("MAX refused.")), kind="PERMANENT")
    return answer


def refusal_of(reply: Reply) -> ConnectorError:
    """What a refusal means; by its code, else by its status."""
    fields = _fields(reply)
    code, words = str(fields.get("code") or ""), str(fields.get("message") or "")[:300]
    if reply.status == 401 or code == "verify.token":
        return ConnectorError(_("MAX does not accept the bot's token."), kind="TOKEN", code=code)
    if code == NOT_READY:
        return ConnectorError(words, kind="RETRY", retry_after=PAUSE_UNTIL_READY, code=code)
    if reply.status == 403 or code in ("chat.denied", "chat.not.found", "dialog.suspended", "user.not.found"):
        return ConnectorError(words or _("This client can't be written to."), kind="BLOCKED", code=code)
    return ConnectorError(words or _("MAX refused."), kind="PERMANENT", code=code)


def _fields(reply: Reply) -> Mapping[str, Any]:
    try:
        fields = reply.json()
    except ConnectorError:
        return {}
    return fields if isinstance(fields, dict) else {}
