"""The proof that an activity comes from Microsoft: a token signed with one of its published keys.

Six things are looked at, each of which has kept a bot somewhere from being robbed: the signature (RS256, nothing else),
the issuer, the audience (our own bot), the time, the key's endorsement of the messenger, and that the address to answer
to is the one that Microsoft signed. Without the last one whoever gets hold of any valid token could have our replies,
and the token that we send with them, delivered to a server of their own.
"""

import hmac
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.http import call

METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
ALGORITHM = "RS256"
TOLERANCE = 5 * 60.0
KEYS_LAST, UNKNOWN_KEY_ASKED_EVERY, TRIED_EVERY = 24 * 3600.0, 3600.0, 10.0
READ_SECONDS = 5.0
OK = 200


@dataclass(frozen=True, slots=True)
class Key:
    key: Any
    endorsements: tuple[str, ...]


@dataclass(slots=True)
class _Published:
    keys: Mapping[str, Key] = field(default_factory=dict)
    asked_at: float | None = None
    tried_at: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class SigningKeys:
    """The keys that an OpenID metadata document leads to; asked for once a day, and hourly at most for an unknown one,
    so that nobody makes us ask more by making keys up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._published: dict[str, _Published] = {}
        self._lock = threading.Lock()

    def key(self, metadata_url: str, key_id: str) -> Key | None:
        """Raises ``ConnectorError`` when no keys are known and none can be had."""
        with self._lock:
            published = self._published.setdefault(metadata_url, _Published())
        with published.lock:
            lasts = KEYS_LAST if key_id in published.keys else UNKNOWN_KEY_ASKED_EVERY
            if published.asked_at is None or self._clock() - published.asked_at >= lasts:
                self._renew(metadata_url, published)
            return published.keys.get(key_id)

    def _renew(self, metadata_url: str, published: _Published) -> None:
        """Keys that were good yesterday serve on while the new ones can't be had."""
        now = self._clock()
        if published.tried_at is None or now - published.tried_at >= TRIED_EVERY:
            published.tried_at = now
            try:
                published.keys, published.asked_at = fetch_keys(metadata_url), now
            except ConnectorError:
                if not published.keys:
                    raise
        if not published.keys:
            raise ConnectorError(_("Microsoft's signing keys can't be had at the moment."), is_outage=True)


def fetch_keys(metadata_url: str) -> dict[str, Key]:
    """Raises ``ConnectorError``."""
    try:
        listed = _json(str(_json(metadata_url)["jwks_uri"]))["keys"]
        return {str(key["kid"]): _key(key) for key in listed if key.get("kty") == "RSA"}
    except (LookupError, TypeError, ValueError, AttributeError, jwt.PyJWTError):
        raise ConnectorError(_("Microsoft's signing keys can't be read."), is_outage=True) from None


def _json(url: str) -> Any:
    reply = call("GET", url, provider="Microsoft", is_reading=True, read_seconds=READ_SECONDS)
    if reply.status != OK:
        raise ConnectorError(_("Microsoft's signing keys can't be had at the moment."), is_outage=True)
    return reply.json()


def _key(described: Mapping[str, Any]) -> Key:
    endorsements = described.get("endorsements") or ()
    return Key(jwt.PyJWK.from_dict(dict(described), algorithm=ALGORITHM).key, tuple(map(str, endorsements)))


def verify_token(authorization: str, activity: Mapping[str, Any], account: Account, keys: SigningKeys) -> None:
    """Raises ``SignatureMismatch``; ``ConnectorError`` when Microsoft's keys can't be had."""
    token = _bearer(authorization)
    settings = account.settings
    issuer = str(settings.get("issuer") or ISSUER)
    header = _header(token)
    # Looked at before any key is asked for: strangers' tokens cost no calls.
    if _unproved(token).get("iss") != issuer:
        raise SignatureMismatch("issuer")
    key = keys.key(str(settings.get("metadata_url") or METADATA_URL), str(header.get("kid", "")))
    if key is None:
        raise SignatureMismatch
    claims = _claims(token, key, issuer)
    if not _same(claims.get("aud"), account.credentials.get("app_id", "")):
        raise SignatureMismatch("account")
    _require_endorsement(key.endorsements, str(activity.get("channelId", "")))
    service_url = claims.get("serviceurl") or claims.get("serviceUrl")
    if not service_url or not _same(service_url, str(activity.get("serviceUrl", ""))):
        raise SignatureMismatch("service_url")


def _bearer(authorization: str) -> str:
    scheme, _space, token = authorization.partition(" ")
    if scheme != "Bearer" or not token or " " in token:
        raise SignatureMismatch("unsigned")
    return token


def _header(token: str) -> Mapping[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise SignatureMismatch from None
    if header.get("alg") != ALGORITHM:
        raise SignatureMismatch("algorithm")
    return header


def _unproved(token: str) -> Mapping[str, Any]:
    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise SignatureMismatch from None
    return claims


def _claims(token: str, key: Key, issuer: str) -> Mapping[str, Any]:
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token, key.key, algorithms=[ALGORITHM], issuer=issuer, leeway=TOLERANCE,
            options={"verify_aud": False, "require": ["exp"]},
        )  # fmt: skip
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        raise SignatureMismatch("timestamp") from None
    except (jwt.PyJWTError, ValueError):
        raise SignatureMismatch from None
    return claims


def _require_endorsement(endorsements: Sequence[str], channel_id: str) -> None:
    """Keys that endorse nothing are for all messengers: so says Microsoft's own verifier."""
    if endorsements and channel_id not in endorsements:
        raise SignatureMismatch("endorsement")


def _same(said: Any, expected: str) -> bool:
    return isinstance(said, str) and bool(expected) and hmac.compare_digest(said.encode(), expected.encode())
