"""What both kinds of a community share: its events, its callback server, its key, its people."""

import hmac
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from channels_connectors.connector import (
    POLL,
    WEBHOOK,
    Account,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Polled,
    Subscription,
    WebhookAnswer,
    WebhookRequest,
)
from channels_connectors.errors import SignatureMismatch
from channels_connectors.links import fetch_link
from channels_connectors.vk.callback import remove_server, secret_of, set_server, subscription_of
from channels_connectors.vk.checking import check_community
from channels_connectors.vk.content import link_behind
from channels_connectors.vk.longpoll import LongPoll
from channels_connectors.vk.profiles import profile_of
from openlines.types import IncomingAttachment, Person

# One community has messages and a wall: two kinds of ours, which one server at VKontakte may serve.
FAMILIES: Mapping[str, str] = {"message_": "vk", "wall_reply_": "vk_comments"}
CONFIRMATION = b"confirmation"


class Community(Connector):
    inbound = (WEBHOOK, POLL)
    # The events that are asked for, and the rights that the key has to have.
    event_types: ClassVar[tuple[str, ...]]
    rights: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        self._long_poll = LongPoll()

    def handshake(self, request: WebhookRequest, account: Account) -> WebhookAnswer | None:
        """VKontakte asks for a code before it delivers to an address."""
        if CONFIRMATION not in request.body:
            return None
        payload = request.json()
        if payload["type"] != CONFIRMATION.decode():
            return None
        code = str(account.settings.get("confirmation_code", ""))
        if str(payload["group_id"]) != account.external_id or not code:
            raise SignatureMismatch("account")
        return WebhookAnswer(body=code.encode())

    def verify(self, request: WebhookRequest, account: Account) -> None:
        payload = request.json()
        given, expected = str(payload.get("secret", "")), secret_of(account)
        is_known = hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
        if not expected or not is_known:
            raise SignatureMismatch
        if str(payload["group_id"]) != account.external_id.partition(":")[0]:
            raise SignatureMismatch("account")

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        payload = request.json()
        family = _family_of(str(payload["type"]))
        if not family:
            return []
        scope = "" if family == self.kind else f"{family}:{int(payload['group_id'])}"
        return [Event(key=self.event_key(payload), body=_kept(payload), scope=scope)]

    def event_key(self, payload: Mapping[str, Any]) -> str:
        key = payload["event_id"]
        if not isinstance(key, str) or not key:
            raise TypeError("an event of VKontakte's has an id")
        return key

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        updates, following = self._long_poll.ask(
            account, cursor=cursor, wait=timeout, event_types=self.event_types, name=self.kind
        )
        own = [update for update in updates if _family_of(str(update["type"])) == self.kind]
        return Polled(events=[Event(key=self.event_key(u), body=_kept(u)) for u in own], cursor=following)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        link = link_behind(attachment.reference, json.loads(event) if event else None)
        fetched = fetch_link(link or "")
        return FetchedMedia(
            content=fetched.content, name=attachment.name or fetched.name, mime=attachment.mime or fetched.mime
        )

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        return profile_of(person_external_id, account)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        if reference.lstrip("-").isdecimal():
            person = profile_of(reference, account)
            reference = person.photo_reference if person else ""
        return fetch_link(reference) if reference else None

    def check(self, account: Account) -> CheckedAccount:
        return check_community(account, rights=self.rights)

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        return set_server(account, url=url, event_types=self.event_types)

    def remove_webhook(self, account: Account) -> None:
        remove_server(account)

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        return subscription_of(account, url=url)


def _family_of(event_type: str) -> str:
    return next((kind for prefix, kind in FAMILIES.items() if event_type.startswith(prefix)), "")


def _kept(payload: Mapping[str, Any]) -> bytes:
    """As it came, without the secret: that is kept encrypted, or not at all."""
    kept = {name: value for name, value in payload.items() if name != "secret"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
