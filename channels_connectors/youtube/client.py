"""Calls to the YouTube Data API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from channels_connectors.connector import Account
from channels_connectors.http import READ_SECONDS, Reply, call
from channels_connectors.tokens import Grant, Tokens
from channels_connectors.youtube.errors import PROVIDER, refusal_of

DEFAULT_BASE_URL = "https://youtube.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
PAGE = 100
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class YouTube:
    """What YouTube says to one account. A list costs one unit of the day's quota, everything else fifty."""

    account: Account
    tokens: Tokens

    def grant(self) -> Grant:
        credentials = self.account.credentials
        form = {
            "grant_type": "refresh_token",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
            "refresh_token": credentials["refresh_token"],
        }
        url = str(self.account.settings.get("token_url") or TOKEN_URL)
        return Grant("Google", url, form, self.seconds)

    @property
    def seconds(self) -> float:
        return float(self.account.settings.get("read_seconds", READ_SECONDS))

    def read(self, path: str, **params: Any) -> Reply:
        """Raises ``ConnectorError``."""
        return self._asked("GET", path, params=params, is_reading=True)

    def threads(self, *, page_token: str = "") -> Reply:
        return self.read(
            "commentThreads", part="snippet,replies", allThreadsRelatedToChannelId=self.account.external_id,
            order="time", maxResults=PAGE, textFormat="plainText", **_page(page_token),
        )  # fmt: skip

    def replies(self, thread_id: str, *, page_token: str = "") -> Reply:
        return self.read(
            "comments", part="snippet", parentId=thread_id, maxResults=PAGE, textFormat="plainText", **_page(page_token)
        )

    def myself(self) -> Fields:
        return first_of(self.read("channels", part="snippet", mine="true"))

    def video(self, video_id: str) -> Fields:
        return first_of(self.read("videos", part="snippet", id=video_id))

    def answer(self, thread_id: str, text: str) -> Reply:
        body = {"snippet": {"parentId": thread_id, "textOriginal": text}}
        return self._asked("POST", "comments", params={"part": "snippet"}, body=body)

    def change(self, comment_id: str, text: str) -> Reply:
        body = {"id": comment_id, "snippet": {"textOriginal": text}}
        return self._asked("PUT", "comments", params={"part": "snippet"}, body=body)

    def remove(self, comment_id: str) -> Reply:
        """The answer as it is: what it means depends on whose comment it was."""
        return self._call("DELETE", "comments", params={"id": comment_id})

    def moderate(self, comment_id: str, status: str) -> Reply:
        params = {"id": comment_id, "moderationStatus": status}
        return self._asked("POST", "comments/setModerationStatus", params=params)

    def _asked(self, method: str, path: str, **fields: Any) -> Reply:
        reply = self._call(method, path, **fields)
        if reply.status not in (requests.codes.ok, requests.codes.no_content):
            raise refusal_of(reply)
        return reply

    def _call(self, method: str, path: str, **fields: Any) -> Reply:
        url = f"{(self.account.base_url or DEFAULT_BASE_URL).rstrip('/')}/youtube/v3/{path}"
        return self.tokens.call(
            self.grant(),
            lambda token: call(
                method, url, provider=PROVIDER, headers={"Authorization": f"Bearer {token}"},
                read_seconds=self.seconds, **fields,
            ),
        )  # fmt: skip


def items_of(reply: Reply) -> list[Fields]:
    said = reply.json()
    items = said.get("items") if isinstance(said, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def next_page_of(reply: Reply) -> str:
    said = reply.json()
    return str(said.get("nextPageToken") or "") if isinstance(said, dict) else ""


def first_of(reply: Reply) -> Fields:
    return next(iter(items_of(reply)), {})


def _page(token: str) -> dict[str, str]:
    return {"pageToken": token} if token else {}
