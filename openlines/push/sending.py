"""One notification to one browser, by its push service (RFC 8030, 8291)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from common.http import AddressRefused, NotReached, request
from openlines.models import PushSubscription
from openlines.push.keys import contact

SECONDS = 10.0
LONGEST_WAIT = 45
TRY_LATER = 429


@dataclass(frozen=True, slots=True)
class Sent:
    """``GONE``: nobody is subscribed there any more; ``LATER``: it may succeed after so many ``seconds``."""

    outcome: Literal["SENT", "GONE", "LATER", "REFUSED"]
    seconds: int = 0


def send_push(subscription: PushSubscription, notification: Mapping[str, Any], *, ttl: int, attempt: int = 0) -> Sent:
    # The library brings two HTTP clients along, of which we use none: only the worker pays for loading it.
    from pywebpush import WebPushException, webpush

    try:
        webpush(
            subscription_info={
                "endpoint": subscription.endpoint,
                "keys": {"p256dh": subscription.public_key, "auth": subscription.secret},
            },
            data=json.dumps(notification, ensure_ascii=False),
            vapid_private_key=settings.VAPID_PRIVATE_KEY.rstrip("="),
            vapid_claims={"sub": contact(), "aud": _origin(subscription.endpoint)},
            ttl=ttl,
            # A later word about the same dialog takes the place of an earlier one that still waits.
            headers={"topic": f"dialog-{notification['dialog_id']}", "urgency": "high"},
            requests_session=Guarded(),
        )
    except NotReached:
        return Sent("LATER", _back_off(attempt))
    except AddressRefused:
        return Sent("REFUSED")
    except WebPushException as refusal:
        return _judged(refusal.status_code or 0, refusal.retry_after or "", attempt)
    return Sent("SENT")


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _judged(status: int, retry_after: str, attempt: int) -> Sent:
    if status in {404, 410}:
        return Sent("GONE")
    if status == TRY_LATER or status >= 500:
        asked = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
        return Sent("LATER", min(LONGEST_WAIT, max(asked, _back_off(attempt))))
    return Sent("REFUSED")


def _back_off(attempt: int) -> int:
    return min(LONGEST_WAIT, 2 << 2 * attempt)


class Guarded:
    """The one verb that the library asks of a client, spoken through our own guard."""

    def post(self, endpoint: str, *, data: bytes, headers: Mapping[str, str], timeout: float | None) -> Any:
        answer = request("POST", endpoint, headers=headers, content=data, seconds=SECONDS)
        text = answer.body.decode("utf-8", "replace")
        return SimpleNamespace(
            status_code=answer.status, text=text, headers={"Retry-After": answer.headers.get("retry-after")},
            reason=str(answer.status),
        )  # fmt: skip
