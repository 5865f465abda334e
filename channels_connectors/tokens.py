"""Short-lived access tokens, kept in this process until shortly before they end."""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, Reply, call

# A token that ends within these seconds is not begun with.
MARGIN = 120.0
SHORTEST_LIFE = 10.0
REFUSED = frozenset({"invalid_client", "invalid_grant", "unauthorized_client", "invalid_token", "access_denied"})
UNAUTHORIZED, BAD_REQUEST, OK = requests.codes.unauthorized, requests.codes.bad_request, requests.codes.ok

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """How to ask for a token: where, and with which form."""

    provider: str
    url: str
    form: Mapping[str, str]
    read_seconds: float = READ_SECONDS

    @property
    def key(self) -> Key:
        words = "\0".join(f"{name}={value}" for name, value in sorted(self.form.items()))
        return self.url, hashlib.sha256(words.encode()).hexdigest()


@dataclass(slots=True)
class _Kept:
    token: str = ""
    until: float = 0.0


class Tokens:
    """One for each kind. Whoever needs a token while another thread asks for it waits for that."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Key, _Kept] = {}
        self._locks: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def token(self, grant: Grant, *, instead_of: str = "") -> str:
        """One that holds, and is not ``instead_of``, which the provider did not accept. Raises ``ConnectorError``."""
        with self._lock_of(grant.key):
            kept = self._kept.get(grant.key)
            if kept is None or kept.token == instead_of or kept.until <= self._clock():
                asked_at = self._clock()
                token, lasts = granted(grant)
                kept = self._kept[grant.key] = _Kept(token, asked_at + max(lasts - MARGIN, SHORTEST_LIFE))
            return kept.token

    def call(self, grant: Grant, send: Callable[[str], Reply]) -> Reply:
        """What ``send`` brings with a token; a 401 is answered by one more try with a new one."""
        token = self.token(grant)
        reply = send(token)
        return send(self.token(grant, instead_of=token)) if reply.status == UNAUTHORIZED else reply

    def _lock_of(self, key: Key) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())


def granted(grant: Grant) -> tuple[str, float]:
    """A new token and for how many seconds it holds. Raises ``ConnectorError``: ``TOKEN`` where we may not have one."""
    reply = call(
        "POST", grant.url, provider=grant.provider, data=dict(grant.form), is_reading=True,
        read_seconds=grant.read_seconds,
    )  # fmt: skip
    said = _said(reply)
    token = said.get("access_token")
    if reply.status == OK and isinstance(token, str) and token:
        return token, _seconds(said.get("expires_in"))
    raise _refusal(grant.provider, reply, str(said.get("error") or ""))


def _said(reply: Reply) -> Mapping[str, Any]:
    said = reply.json()
    return said if isinstance(said, dict) else {}


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _refusal(provider: str, reply: Reply, code: str) -> ConnectorError:
    if reply.status == UNAUTHORIZED or code in REFUSED:
        words = _("%(provider)s does not accept the keys of this channel. Enter new ones in its settings.")
        return ConnectorError(words % {"provider": provider}, kind="TOKEN", code=code)
    words = _("%(provider)s gives no access (%(status)d). Check the addresses and keys in the channel's settings.")
    kind = "TOKEN" if reply.status >= BAD_REQUEST else "RETRY"
    return ConnectorError(words % {"provider": provider, "status": reply.status}, kind=kind, code=code)
