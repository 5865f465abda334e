"""The key by which push services know us (VAPID, RFC 8292)."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

KEY_BYTES = 32


def is_on() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """What browsers subscribe with; empty while there is no key."""
    return _public_key(settings.VAPID_PRIVATE_KEY) if is_on() else ""


@lru_cache(maxsize=2)
def _public_key(private: str) -> str:
    """Raises ``ValueError`` for a key that is none."""
    raw = decoded(private)
    if len(raw) != KEY_BYTES:
        raise ValueError("32 bytes are wanted")
    number = int.from_bytes(raw, "big")
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    return encoded(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def contact() -> str:
    """Whom a push service may write to about us."""
    return settings.PUBLIC_URL if settings.IS_HTTPS else "mailto:postmaster@localhost"
