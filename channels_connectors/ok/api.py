"""Calls of Odnoklassniki's graph API, and what its refusals mean."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import call

BASE_URL = "https://api.ok.ru/graph"
PROVIDER = "Odnoklassniki"
# The server compares the header letter for letter.
JSON = {"Content-Type": "application/json;charset=utf-8"}
# Which of the general codes mean what is documented only in part: an account's settings may put one elsewhere, as
# {"error_kinds": {"457": "BLOCKED"}}. What is not listed is tried again for as long as everything is.
KINDS: Mapping[int, str] = {
    1: "RETRY", 2: "RETRY", 4: "RETRY", 8: "LATER", 9: "RETRY", 11: "LATER", 10: "TOKEN", 102: "TOKEN", 103: "TOKEN",
    104: "TOKEN", 3: "PERMANENT", 5: "PERMANENT", 7: "BLOCKED", 100: "PERMANENT", 120: "PERMANENT", 200: "PERMANENT",
    300: "BLOCKED", 455: "BLOCKED", 456: "PERMANENT", 458: "PERMANENT", 459: "PERMANENT", 600: "BLOCKED",
}  # fmt: skip


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
        method, f"{base_url}{path}", provider=PROVIDER, headers=JSON,
        params={**(params or {}), "access_token": account.credentials["token"]},
        data=None if body is None else json.dumps(body).encode(), is_reading=is_reading,
        read_seconds=read_seconds or float(account.settings.get("read_seconds", 30)),
    )  # fmt: skip
    answer = reply.json()
    if isinstance(answer, dict) and "error_code" in answer:
        raise refusal_of(answer, account)
    if reply.status >= 400:
        raise ConnectorError(_("Odnoklassniki refused (%(status)d).") % {"status": reply.status}, kind="PERMANENT")
    return answer


def refusal_of(answer: Mapping[str, Any], account: Account) -> ConnectorError:
    code, words = answer["error_code"], str(answer.get("error_msg") or "")[:300]
    own = account.settings.get("error_kinds") or {}
    kind = str(own.get(str(code)) or KINDS.get(code, "RETRY"))
    if kind == "TOKEN":
        words = _("Odnoklassniki does not accept the group's token.")
    return ConnectorError(words, kind=kind, code=str(code))
