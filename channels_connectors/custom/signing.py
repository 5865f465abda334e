"""Who calls whom: both directions prove themselves alike, by HMAC-SHA256 over the moment and the raw bytes.

``X-CC-Timestamp`` holds seconds since 1970, ``X-CC-Signature`` is ``v1=`` and the hex digest of ``<timestamp>.<body>``
by the channel's secret. While a secret is being replaced both are good.
"""

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256

TIMESTAMP, SIGNATURE = "x-cc-timestamp", "x-cc-signature"
TOLERANCE_SECONDS = 300


class NotGenuine(Exception):
    """``reason`` is one word for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def headers_for(body: bytes, *, secret: str) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {"X-CC-Timestamp": timestamp, "X-CC-Signature": signature(secret, timestamp, body)}


def check(headers: Mapping[str, str], body: bytes, *, secrets: tuple[str, ...]) -> None:
    """Raises ``NotGenuine``. Header names are lower-case; old and future moments are refused alike."""
    timestamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "").encode()
    expected = [signature(secret, timestamp, body).encode() for secret in secrets if secret]
    if not any(hmac.compare_digest(given, one) for one in expected):
        raise NotGenuine("signature")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise NotGenuine("timestamp")
    if abs(int(timestamp) - time.time()) > TOLERANCE_SECONDS:
        raise NotGenuine("timestamp")
