"""How Meta refuses, and what that means to us. One table for all its channels; a channel may put its own over it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.http import LONGEST_RETRY_AFTER, Reply, retry_after_of

# By code, or by code and subcode where that says more.
Kinds = Mapping[int | tuple[int, int], str]

KINDS: Kinds = {
    1: "RETRY",
    2: "RETRY",
    4: "RETRY",
    17: "RETRY",
    32: "RETRY",
    341: "LATER",
    613: "RETRY",
    368: "LATER",
    **dict.fromkeys(range(80000, 80015), "RETRY"),
    102: "TOKEN",
    190: "TOKEN",
    230: "BLOCKED",
    551: "BLOCKED",
    (10, 2018278): "WINDOW",
    (10, 2018065): "WINDOW",
    (10, 2534022): "WINDOW",
    (100, 2018001): "BLOCKED",
    (100, 2018109): "BLOCKED",
    (200, 1545041): "BLOCKED",
    (200, 2018344): "PERMANENT",
}
SLOW_DOWN = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
PERMISSIONS = frozenset({3, 10, *range(200, 300)})
USAGE = "x-business-use-case-usage"
LONGEST_REASON = 300
ADDRESS = re.compile(r"https?://\S+")


def refusal_of(reply: Reply, *, provider: str, secrets: Iterable[str] = (), kinds: Kinds = KINDS) -> ConnectorError:
    """The error that an answer stands for. ``secrets`` are blotted out, should the provider repeat them."""
    said = _error(reply)
    code, subcode = _number(said.get("code")), _number(said.get("error_subcode"))
    kind = kinds.get((code, subcode)) or kinds.get(code) or "PERMANENT"
    reason = _reason(said, reply, secrets)
    words = _words(kind, code, provider, reason)
    retry_after = _regained_in(reply) if kind in ("RETRY", "LATER") else None
    return ConnectorError(words, kind=kind, retry_after=retry_after, code=f"{code}/{subcode}" if subcode else str(code))


def _error(reply: Reply) -> Mapping[str, Any]:
    try:
        said = json.loads(reply.body)["error"]
    except (ValueError, LookupError, TypeError):
        return {}
    return said if isinstance(said, dict) else {"message": str(said)}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _reason(said: Mapping[str, Any], reply: Reply, secrets: Iterable[str]) -> str:
    details = said.get("error_data")
    detail = details.get("details") if isinstance(details, dict) else ""
    reason = str(detail or said.get("error_user_msg") or said.get("message") or f"HTTP {reply.status}")
    for secret in secrets:
        reason = reason.replace(secret, "…") if secret else reason
    return ADDRESS.sub("…", reason)[:LONGEST_REASON].rstrip(". ")


def _words(kind: str, code: int, provider: str, reason: str) -> str:
    named = {"provider": provider, "reason": reason}
    if kind == "TOKEN":
        return _("%(provider)s no longer accepts the token. Make a new one and enter it in the settings.") % named
    if kind == "WINDOW":
        return _("The client wrote too long ago: %(provider)s takes no messages until they write again.") % named
    if kind == "BLOCKED":
        return _("%(provider)s says that this client can't be written to.") % named
    if code in SLOW_DOWN:
        return _("%(provider)s asks us to slow down.") % named
    if code in PERMISSIONS:
        return _("The app lacks a permission at %(provider)s for this: %(reason)s.") % named
    return _("%(provider)s refused: %(reason)s.") % named


def _regained_in(reply: Reply) -> float | None:
    """Seconds, from ``Retry-After``, or from the header in which Meta counts (it counts minutes)."""
    if (named := retry_after_of(reply.headers)) is not None:
        return named
    try:
        usages = [usage for of_account in json.loads(reply.headers[USAGE]).values() for usage in of_account]
        minutes = max(float(usage.get("estimated_time_to_regain_access", 0)) for usage in usages)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return min(minutes * 60, LONGEST_RETRY_AFTER) or None
