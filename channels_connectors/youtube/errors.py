"""How YouTube refuses, and what that means to us."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests
from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply

PROVIDER = "YouTube"
LONGEST_REASON = 300
# Where the day of a quota ends.
PACIFIC = ZoneInfo("America/Los_Angeles")
QUOTA_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
KINDS = {
    **dict.fromkeys(QUOTA_USED_UP, "LATER"),
    **dict.fromkeys(("rateLimitExceeded", "userRateLimitExceeded", "processingFailure", "backendError"), "RETRY"),
    **dict.fromkeys(("authError", "insufficientPermissions", "ineligibleAccount", "accessNotConfigured"), "TOKEN"),
    **dict.fromkeys(("channelSuspended", "channelClosed", "authenticatedUserAccountClosed"), "TOKEN"),
}
STATUSES = {requests.codes.unauthorized: "TOKEN", requests.codes.request_timeout: "RETRY"}


def reason_of(reply: Reply) -> str:
    """YouTube's word for what is wrong, empty where it gives none."""
    errors = _error(reply).get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("reason") or "") if isinstance(first, dict) else ""


def refusal_of(reply: Reply) -> ConnectorError:
    reason = reason_of(reply)
    kind = KINDS.get(reason) or STATUSES.get(reply.status, "PERMANENT")
    retry_after = seconds_to_new_quota(now_of(reply)) if reason in QUOTA_USED_UP else None
    return ConnectorError(
        _words(kind, reason, reply), kind=kind, retry_after=retry_after, code=reason or str(reply.status)
    )


def now_of(reply: Reply) -> datetime | None:
    """When YouTube answered, by its own clock."""
    try:
        return parsedate_to_datetime(reply.headers["date"])
    except (LookupError, ValueError, TypeError):
        return None


def seconds_to_new_quota(now: datetime | None) -> float | None:
    """A quota is given anew at midnight in California."""
    if now is None or now.tzinfo is None:
        return None
    here = now.astimezone(PACIFIC)
    midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return max((midnight.astimezone(now.tzinfo) - now).total_seconds(), 1.0)


def _error(reply: Reply) -> Mapping[str, Any]:
    try:
        said = json.loads(reply.body)["error"]
    except (ValueError, LookupError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _words(kind: str, reason: str, reply: Reply) -> str:
    if kind == "LATER":
        return _("YouTube's quota of this day is used up. It is given anew at midnight in California.")
    if kind == "TOKEN":
        return _("YouTube does not let this account in any more. Give it access anew in the channel's settings.")
    if reason == "commentsDisabled":
        return _("Comments are switched off below this video.")
    said = str(_error(reply).get("message") or reason or f"HTTP {reply.status}")[:LONGEST_REASON].rstrip(". ")
    return _("YouTube refuses this: %(reason)s.") % {"reason": said}
