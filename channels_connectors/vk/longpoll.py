"""Bots Long Poll: where to ask is told by the API and kept in memory; the number of the last event is the cursor."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import call
from channels_connectors.vk.api import PROVIDER, VERSION, ask, read_seconds_of, unreadable

LONGEST_WAIT = 90
# What the server says instead of events.
STALE, KEY_OVER, LOST = 1, 2, 3

Updates = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account's events are asked for."""

    server: str
    key: str
    ts: str


class LongPoll:
    """Safe for many threads: each account has a poller of its own."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], Place] = {}
        self._lock = threading.Lock()

    def ask(
        self, account: Account, *, cursor: str, wait: int, event_types: Sequence[str], name: str
    ) -> tuple[Updates, str]:
        """What came after ``cursor``, and the next one. With none, from now on."""
        place = self._place(account, name, event_types)
        if not cursor:
            return (), place.ts
        try:
            answer = _answer_of(place, account, cursor=cursor, wait=min(wait, LONGEST_WAIT))
        except ConnectorError:
            # Where events are asked for may be elsewhere by now.
            self._forget(account, name)
            raise
        failed = answer.get("failed")
        if failed is None:
            return answer["updates"], str(answer["ts"])
        if failed == STALE:
            return (), str(answer["ts"])
        self._forget(account, name)
        # A new key goes on from where we were; where VKontakte has lost that, too, from now on.
        return (), cursor if failed == KEY_OVER else ""

    def _place(self, account: Account, name: str, event_types: Sequence[str]) -> Place:
        known = self._places.get(_key_of(account, name))
        if known is not None:
            return known
        group_id = int(account.external_id)
        # Only what is missing is switched on: the other kind of this community may be polled, too.
        types: dict[str, Any] = dict.fromkeys(event_types, 1)
        ask(
            account, "groups.setLongPollSettings", group_id=group_id, enabled=1, api_version=VERSION, **types
        )  # fmt: skip
        said = ask(account, "groups.getLongPollServer", is_reading=True, group_id=group_id)
        place = Place(str(said["server"]), str(said["key"]), str(said["ts"]))
        with self._lock:
            self._places[_key_of(account, name)] = place
        return place

    def _forget(self, account: Account, name: str) -> None:
        with self._lock:
            self._places.pop(_key_of(account, name), None)


def _key_of(account: Account, name: str) -> tuple[str, ...]:
    return (name, account.base_url, account.external_id, account.credentials.get("token", ""))


def _answer_of(place: Place, account: Account, *, cursor: str, wait: int) -> dict[str, Any]:
    asked = {"act": "a_check", "key": place.key, "ts": cursor, "wait": wait}
    read_seconds = wait + read_seconds_of(account)
    reply = call(
        "GET", place.server, provider=PROVIDER, params=asked, is_reading=True, read_seconds=read_seconds
    )  # fmt: skip
    answer = reply.json()
    if reply.status >= 400:
        words = _("%(provider)s refused the call (%(status)d).") % {"provider": PROVIDER, "status": reply.status}
        raise ConnectorError(words, code=str(reply.status))
    if not isinstance(answer, dict) or not ("failed" in answer or {"ts", "updates"} <= answer.keys()):
        raise unreadable()
    return answer
