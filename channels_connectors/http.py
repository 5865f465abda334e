"""Calls to providers: one way to make them, one way in which they fail.

Their addresses come from administrators (``Account.base_url``) and are called as they are; addresses that strangers
name (media links, partners' webhooks) go through ``common.http``, which guards our own network.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from channels_connectors.errors import ConnectorError

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
LONGEST_RETRY_AFTER = 24 * 3600.0
POOL = 8

_threads = threading.local()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider answered; ``headers`` by their names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Raises ``ConnectorError`` (``RETRY``) for what is no JSON: a proxy's page, half an answer."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise ConnectorError(_("The provider's answer can't be read."), is_outage=True) from None


def call(
    method: str,
    url: str,
    *,
    provider: str,
    headers: Mapping[str, str] | None = None,
    params: Any = None,
    data: Any = None,
    files: Any = None,
    body: Any = None,
    is_reading: bool = False,
    read_seconds: float = READ_SECONDS,
    ca_bundle: str = "",
) -> Reply:
    """What the provider answered, if it is none of 429 and 5xx. ``body`` is sent as JSON.

    Raises ``ConnectorError``: ``RETRY`` where nothing can have been accepted, with the provider's ``Retry-After``;
    ``UNKNOWN`` where the request was written and no answer came, unless it was only ``is_reading``. The error never
    carries the address: tokens stand in some of them.
    """
    try:
        response = _session().request(
            method, url, headers=dict(headers or {}), params=params, data=data, files=files, json=body,
            timeout=(CONNECT_SECONDS, read_seconds), verify=ca_bundle or True, allow_redirects=False,
        )  # fmt: skip
    except requests.RequestException as error:
        raise failure_of(error, provider=provider, is_reading=is_reading) from None
    reply = Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)
    if reply.status == requests.codes.too_many_requests:
        raise ConnectorError(
            _("%(provider)s asks us to slow down.") % {"provider": provider}, retry_after=retry_after_of(reply.headers)
        )
    if reply.status >= requests.codes.server_error:
        words = _("%(provider)s has trouble of its own (%(status)d).")
        words %= {"provider": provider, "status": reply.status}
        raise ConnectorError(words, retry_after=retry_after_of(reply.headers), is_outage=True)
    return reply


def failure_of(error: requests.RequestException, *, provider: str, is_reading: bool = False) -> ConnectorError:
    """The same failure in our words."""
    if _never_sent(error):
        return ConnectorError(_("%(provider)s could not be reached.") % {"provider": provider}, is_outage=True)
    words = _("%(provider)s did not answer in time.") % {"provider": provider}
    return ConnectorError(words, kind="RETRY" if is_reading else "UNKNOWN", is_outage=True)


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL | requests.exceptions.SSLError):
        return True
    if isinstance(error, requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | NameResolutionError)


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds, where the provider names them; a date there is read as no wish."""
    try:
        return min(max(float(headers["retry-after"]), 0.0), LONGEST_RETRY_AFTER)
    except (KeyError, ValueError):
        return None


def _session() -> requests.Session:
    """One for each thread: connections are kept, cookies of one account never reach another."""
    session: requests.Session | None = getattr(_threads, "session", None)
    if session is None:
        session = _threads.session = requests.Session()
        session.trust_env = False
        session.cookies.set_policy(_NoCookies())
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_connections=POOL, pool_maxsize=POOL))
    return session


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[name-defined,misc]
    def set_ok(self, cookie: Any, request: Any) -> bool:
        return False
