"""Calls to Meta's Graph API. The token travels in a header, never in an address."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, Reply, call
from channels_connectors.meta.errors import KINDS, Kinds, refusal_of

VERSION = "v23.0"
FACEBOOK_URL = "https://graph.facebook.com"
INSTAGRAM_URL = "https://graph.instagram.com"
# Pages of a list that are read at most, whatever the provider says about more of them.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The API as one token sees it; ``provider`` is what people call it. Without a ``proof_secret`` (the app's), calls
    carry no proof that they come from the app."""

    base_url: str
    token: str = field(repr=False)
    provider: str
    proof_secret: str = field(default="", repr=False)
    version: str = VERSION
    read_seconds: float = READ_SECONDS
    kinds: Kinds = field(default_factory=lambda: KINDS, repr=False)

    def get(self, path: str, **params: Any) -> Any:
        return self._answer("GET", path, params=params, is_reading=True)

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        return self._answer("POST", path, params=params, body=body)

    def delete(self, path: str, **params: Any) -> Any:
        return self._answer("DELETE", path, params=params)

    def form(self, path: str, data: Mapping[str, str]) -> Any:
        """Fields in the body: for secrets, which belong into no address."""
        return self._answer("POST", path, params={}, data=data)

    def upload(self, path: str, *, data: Mapping[str, str], files: Any) -> Any:
        return self._answer("POST", path, params={}, data=data, files=files)

    def all_of(self, path: str, *, most_pages: int = MOST_PAGES, **params: Any) -> Iterator[Mapping[str, Any]]:
        """The items of a list, page by page. Ends where the provider has no more, or turns in a circle."""
        after: set[str] = set()
        for _page in range(most_pages):
            answer = self.get(path, **params)
            yield from answer.get("data", ())
            cursor = str(answer.get("paging", {}).get("cursors", {}).get("after", ""))
            if not cursor or cursor in after or "next" not in answer["paging"]:
                return
            after.add(cursor)
            params["after"] = cursor

    def _answer(self, method: str, path: str, *, params: Mapping[str, Any], **options: Any) -> Any:
        reply = self._call(method, path, params=params, **options)
        if reply.status >= requests.codes.bad_request:
            secrets = (self.token, self.proof_secret)
            raise refusal_of(reply, provider=self.provider, secrets=secrets, kinds=self.kinds)
        return reply.json()

    def _call(self, method: str, path: str, *, params: Mapping[str, Any], **options: Any) -> Reply:
        proof = {"appsecret_proof": proof_of(self.token, self.proof_secret)} if self.proof_secret else {}
        return call(
            method,
            "/".join(piece for piece in (self.base_url.rstrip("/"), self.version, path) if piece),
            provider=self.provider,
            headers={"Authorization": f"Bearer {self.token}"},
            params={**params, **proof},
            read_seconds=self.read_seconds,
            **options,
        )


def graph_of(
    account: Account, *, provider: str, default_url: str = FACEBOOK_URL, token: str = "", kinds: Kinds = KINDS
) -> Graph:
    """The API with the account's own token, or with another one of its.

    Raises ``ConnectorError`` where there is no token at all.
    """
    token = (token or account.credentials.get("access_token", "")).strip()
    if not token:
        raise ConnectorError("no token", kind="TOKEN")
    return Graph(
        base_url=account.base_url or default_url,
        token=token,
        provider=provider,
        proof_secret=account.credentials.get("app_secret", "") if default_url == FACEBOOK_URL else "",
        version=str(account.settings.get("graph_version") or VERSION),
        read_seconds=float(account.settings.get("read_seconds", READ_SECONDS)),
        kinds=kinds,
    )


def as_app(account: Account, *, provider: str) -> Graph:
    """The API as the app itself sees it: it may change where its webhooks go, and look into tokens."""
    token = f"{account.credentials.get('app_id', '')}|{account.credentials.get('app_secret', '')}"
    graph = graph_of(account, provider=provider, token=token)
    return Graph(
        base_url=graph.base_url, token=token, provider=provider, version=graph.version, read_seconds=graph.read_seconds
    )


def proof_of(token: str, app_secret: str) -> str:
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
