"""How Avito refuses, and what that means to us."""

import json
import re

import requests
from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply

PROVIDER = "Avito"
LONGEST_REASON = 300
# Avito words a buyer's block in more than one way, in two languages, and gives it no code of its own.
BLOCK = re.compile(r"block|black ?list|ban(?:ned)?\b|заблок|черн\w+ спис|чёрн\w+ спис", re.IGNORECASE)
KINDS = {
    requests.codes.unauthorized: "TOKEN",
    requests.codes.payment_required: "TOKEN",
    requests.codes.forbidden: "TOKEN",
    requests.codes.not_found: "BLOCKED",
    requests.codes.request_timeout: "RETRY",
}
NO_PLAN = frozenset({requests.codes.payment_required, requests.codes.forbidden})


def refusal_of(reply: Reply) -> ConnectorError:
    reason = _reason(reply)
    is_block = reply.status in (requests.codes.bad_request, requests.codes.forbidden) and BLOCK.search(reason)
    kind = "BLOCKED" if is_block else KINDS.get(reply.status, "PERMANENT")
    return ConnectorError(_words(kind, reply.status, reason), kind=kind, code=str(reply.status))


def _reason(reply: Reply) -> str:
    """Avito has two shapes for its errors, and sometimes neither."""
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    error = said.get("error")
    message = error.get("message") if isinstance(error, dict) else error
    result = said.get("result")
    message = message or (result.get("message") if isinstance(result, dict) else None) or said.get("message")
    return str(message or f"HTTP {reply.status}")[:LONGEST_REASON].rstrip(". ")


def _words(kind: str, status: int, reason: str) -> str:
    if status in NO_PLAN and kind == "TOKEN":
        words = _("Avito does not let this account use the messenger's API: %(reason)s. Look at the account's plan.")
        return words % {"reason": reason}
    if kind == "TOKEN":
        return _("Avito does not accept the keys of this channel. Enter new ones in its settings.")
    if kind == "BLOCKED":
        return _("This buyer can't be written to any more: %(reason)s.") % {"reason": reason}
    return _("Avito refuses this: %(reason)s.") % {"reason": reason}
