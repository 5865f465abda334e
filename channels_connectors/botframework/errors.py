"""How the Bot Framework refuses, and what that means to us."""

import json
from collections.abc import Mapping
from typing import Any

import requests
from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply

PROVIDER = "Bot Framework"
LONGEST_REASON = 300

# The person, or the whole conversation, is out of our reach.
BLOCKED = frozenset(
    {
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ForbiddenOperationException",
        "MessageWritesBlocked",
        "ConversationNotFound",
        "BotDisabledByAdmin",
        "UserBlocked",
    }
)
OUR_KEYS = frozenset({"Unauthorized", "InvalidToken", "AuthorizationFailed", "BotNotRegistered"})
STATUSES: Mapping[int, str] = {
    requests.codes.unauthorized: "TOKEN",
    # A conversation that is gone can't be written to any more, whatever is said in it.
    requests.codes.not_found: "BLOCKED",
    requests.codes.gone: "BLOCKED",
    requests.codes.request_timeout: "RETRY",
    requests.codes.conflict: "RETRY",
    # Somebody changed the same thing at the same time.
    requests.codes.precondition_failed: "RETRY",
}


def code_of(reply: Reply) -> str:
    return str(_error(reply).get("code") or "")


def refusal_of(reply: Reply) -> ConnectorError:
    code = code_of(reply)
    kind = STATUSES.get(reply.status, "PERMANENT")
    if code in BLOCKED:
        kind = "BLOCKED"
    elif code in OUR_KEYS:
        kind = "TOKEN"
    reason = str(_error(reply).get("message") or code or f"HTTP {reply.status}")[:LONGEST_REASON].rstrip(". ")
    return ConnectorError(_words(kind, reply.status, reason), kind=kind, code=code or str(reply.status))


def _error(reply: Reply) -> Mapping[str, Any]:
    try:
        said = json.loads(reply.body)["error"]
    except (ValueError, LookupError, TypeError):
        return {}
    return said if isinstance(said, dict) else {"message": str(said)}


def _words(kind: str, status: int, reason: str) -> str:
    if kind == "TOKEN":
        return _("Microsoft does not accept the bot's secret. Make a new one in Azure and enter it in the settings.")
    if kind == "BLOCKED":
        return _("This conversation can't be written to any more: %(reason)s.") % {"reason": reason}
    if status == requests.codes.request_entity_too_large:
        return _("The message is too large for this messenger.")
    return _("The messenger refuses this message: %(reason)s.") % {"reason": reason}
