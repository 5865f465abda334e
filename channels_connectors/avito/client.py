"""Calls to Avito's messenger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import requests
from django.utils.translation import gettext as _

from channels_connectors.avito.errors import PROVIDER, refusal_of
from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, Reply, call
from channels_connectors.tokens import Grant, Tokens

DEFAULT_BASE_URL = "https://api.avito.ru"
PAGE = 100
MOST_PAGES = 5
LATELY = 10 * 60
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Avito:
    """What Avito says to one account. Everything raises ``ConnectorError``."""

    account: Account
    tokens: Tokens

    @property
    def base_url(self) -> str:
        return (self.account.base_url or DEFAULT_BASE_URL).rstrip("/")

    @property
    def seconds(self) -> float:
        return float(self.account.settings.get("read_seconds", READ_SECONDS))

    def grant(self) -> Grant:
        credentials = self.account.credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        }
        return Grant(PROVIDER, f"{self.base_url}/token", form, self.seconds)

    def myself(self) -> Fields:
        return _object(self._read("/core/v1/accounts/self"))

    def chat(self, chat_id: str) -> Fields:
        return _object(self._read(self._path(2, "chats", chat_id)))

    def chats(self) -> list[Fields]:
        """The newest first."""
        return _list(_object(self._read(self._path(2, "chats"), limit=PAGE, offset=0)).get("chats"))

    def messages(self, chat_id: str, *, offset: int = 0) -> list[Fields]:
        """The newest first."""
        return _list(self._read(self._path(3, "chats", chat_id, "messages") + "/", limit=PAGE, offset=offset).json())

    def said_lately(self, chat_id: str) -> list[Fields]:
        """Our own of the last minutes, the newest first, by Avito's own clock."""
        reply = self._read(self._path(3, "chats", chat_id, "messages") + "/", limit=PAGE, offset=0)
        since = _now_of(reply) - LATELY
        listed = _list(reply.json())
        return [one for one in listed if one.get("direction") == "out" and _seconds(one.get("created")) >= since]

    def message(self, chat_id: str, message_id: str) -> Fields:
        """Raises ``ConnectorError`` (``RETRY``) for one that Avito does not know, or not yet."""
        for page in range(MOST_PAGES):
            listed = self.messages(chat_id, offset=page * PAGE)
            for message in listed:
                if message.get("id") == message_id:
                    return message
            if len(listed) < PAGE:
                break
        raise ConnectorError(_("Avito does not know the message that this event is about."))

    def voice(self, voice_id: str) -> str:
        """Where a recording can be fetched for a while."""
        links = _object(self._read(self._path(1, "getVoiceFiles"), voice_ids=voice_id)).get("voices_urls") or {}
        if not links.get(voice_id):
            raise ConnectorError(_("Avito does not give the recording."), kind="PERMANENT")
        return str(links[voice_id])

    def say(self, chat_id: str, text: str) -> str:
        body = {"type": "text", "message": {"text": text}}
        return _id(self._write(self._path(1, "chats", chat_id, "messages"), body=body))

    def show(self, chat_id: str, image_id: str) -> str:
        return _id(self._write(self._path(1, "chats", chat_id, "messages", "image"), body={"image_id": image_id}))

    def upload(self, name: str, content: bytes, mime: str) -> str:
        """The id of a picture. Nothing is shown to anybody yet, so a silence is no riddle."""
        files = {"uploadfile[]": (name, content, mime)}
        uploaded = _object(self._write(self._path(1, "uploadImages"), files=files, is_reading=True))
        for image_id in uploaded:
            return str(image_id)
        raise ConnectorError(_("Avito did not take the picture."), kind="PERMANENT")

    def take_back(self, chat_id: str, message_id: str) -> None:
        self._write(self._path(1, "chats", chat_id, "messages", message_id))

    def mark_read(self, chat_id: str) -> None:
        self._write(self._path(1, "chats", chat_id, "read"))

    def subscribe(self, url: str) -> None:
        self._write("/messenger/v3/webhook", body={"url": url})

    def unsubscribe(self, url: str) -> None:
        self._write("/messenger/v1/webhook/unsubscribe", body={"url": url})

    def subscriptions(self) -> list[str]:
        listed = _object(self._write("/messenger/v1/subscriptions", is_reading=True)).get("subscriptions")
        return [str(one.get("url")) for one in _list(listed)]

    def _path(self, version: int, *pieces: str) -> str:
        quoted = [quote(piece, safe="") for piece in (self.account.external_id, *pieces)]
        return "/".join([f"/messenger/v{version}/accounts", *quoted])

    def _read(self, path: str, **params: Any) -> Reply:
        return self._call("GET", path, params=params, is_reading=True)

    def _write(self, path: str, *, body: Any = None, files: Any = None, is_reading: bool = False) -> Reply:
        return self._call("POST", path, body=body, files=files, is_reading=is_reading)

    def _call(self, method: str, path: str, **fields: Any) -> Reply:
        reply = self.tokens.call(
            self.grant(),
            lambda token: call(
                method, f"{self.base_url}{path}", provider=PROVIDER, headers={"Authorization": f"Bearer {token}"},
                read_seconds=self.seconds, **fields,
            ),
        )  # fmt: skip
        if reply.status not in (requests.codes.ok, requests.codes.created, requests.codes.no_content):
            raise refusal_of(reply)
        return reply


def _object(reply: Reply) -> Fields:
    said = reply.json()
    return said if isinstance(said, dict) else {}


def _list(value: Any) -> list[Fields]:
    said: Sequence[Any] = value if isinstance(value, list) else ()
    return [one for one in said if isinstance(one, dict)]


def _now_of(reply: Reply) -> float:
    """When Avito answered; without that, all that it lists is lately."""
    try:
        return parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (LookupError, ValueError, TypeError):
        return 0.0


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _id(reply: Reply) -> str:
    said = _object(reply).get("id")
    if not said:
        raise ConnectorError(_("Avito took the message and did not say its number."), kind="UNKNOWN")
    return str(said)
