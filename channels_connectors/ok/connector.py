"""Groups of Odnoklassniki as a channel.

Nothing that arrives is signed: the webhook's secret path, and the networks that the provider names, are all that tells
its events from a stranger's.
"""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any

from channels_connectors.connector import (
    POLL,
    WEBHOOK,
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Polled,
    Rates,
    Receipt,
    Refreshed,
    Subscription,
    WebhookRequest,
)
from channels_connectors.errors import SignatureMismatch
from channels_connectors.links import fetch_link
from channels_connectors.ok.api import ask
from channels_connectors.ok.payloads import EVENT_TYPES, event_key, incoming_from
from channels_connectors.ok.sending import body_of, keyboard_of
from channels_connectors.parts import parts_of
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    OutgoingMessage,
    OutgoingPart,
    SentMessage,
)

MEGABYTE = 1024 * 1024
# Published by apiok.ru; an account's settings may name others.
NETWORKS = "217.20.145.192/28, 217.20.151.160/28, 217.20.153.48/28"
LONGEST_NOTICE = 200


class Odnoklassniki(Connector):
    kind = "ok"
    inbound = (WEBHOOK, POLL)
    capabilities = Capabilities(
        text_length=4000,
        caption_length=4000,
        is_split=True,
        upload_bytes=50 * MEGABYTE,
        album_max=5,
        edit=True,
        reply=True,
        buttons="inline",
        most_buttons=40,
        typing_out=True,
        read_out=True,
        rates=Rates(account=20, chat=2),
    )

    def verify(self, request: WebhookRequest, account: Account) -> None:
        """The path is compared by whoever found the account by it; here, where the call comes from."""
        networks = str(account.settings.get("networks") or NETWORKS)
        if networks.strip() != "*" and not _is_inside(request.remote, networks):
            raise SignatureMismatch("address")

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        params: dict[str, Any] = {"timeout": timeout, "count": 100, "types": ",".join(EVENT_TYPES), "commit": "true"}
        if cursor:
            params["marker"] = cursor
        answer = ask(
            account, "GET", "/me/updates", params=params, is_reading=True,
            read_seconds=timeout + float(account.settings.get("read_seconds", 30)),
        )  # fmt: skip
        events = [Event(key=event_key(event), body=json.dumps(event).encode()) for event in answer["updates"]]
        marker = answer.get("marker")
        return Polled(events=events, cursor=str(marker) if marker is not None else cursor)

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        body = {"callbackId": incoming.context["callback_id"], "notification": words[:LONGEST_NOTICE]}
        ask(account, "POST", "/me/answer", body=body)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetch_link(attachment.reference)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_of(message, self.capabilities)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        answer = ask(account, "POST", f"/me/messages/{part.chat_external_id}", body=body_of(part, account))
        return Receipt(parts=(str(answer["message_id"]),))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        message: dict[str, Any] = {"text": part.text}
        if not sent.has_media:
            message["attachments"] = keyboard_of(part.buttons)
        body = {"recipient": {"chat_id": sent.chat_external_id}, "mid": sent.external_ids[0], "message": message}
        ask(account, "POST", f"/me/messages/{sent.chat_external_id}/edit", body=body)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        self._act("typing_on", chat, account)

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        self._act("mark_seen", chat, account)

    def _act(self, action: str, chat: ChatRef, account: Account) -> None:
        body = {"recipient": {"chat_id": chat.external_id}, "sender_action": action}
        ask(account, "POST", f"/me/messages/{chat.external_id}", body=body)

    def check(self, account: Account) -> CheckedAccount:
        me = ask(account, "GET", "/me/info", is_reading=True)
        return CheckedAccount(external_id=str(me["user_id"]), title=str(me.get("name") or "OK"))

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        """Every address that is subscribed gets the events: those that are not this one are taken off."""
        for address in _subscriptions(account):
            if address != url:
                ask(account, "POST", "/me/unsubscribe", body={"url": address})
        ask(account, "POST", "/me/subscribe", body={"url": url, "types": list(EVENT_TYPES)})
        return {}

    def remove_webhook(self, account: Account) -> None:
        for address in _subscriptions(account):
            ask(account, "POST", "/me/unsubscribe", body={"url": address})

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        addresses = _subscriptions(account)
        return Subscription(is_ours=any(hmac.compare_digest(one.encode(), url.encode()) for one in addresses))

    def refresh(self, account: Account) -> Refreshed | None:
        """A token that is used lives on: asking who we are is enough."""
        self.check(account)
        return None


def _is_inside(address: str, networks: str) -> bool:
    with suppress(ValueError):
        found = ip_address(address)
        return any(found in ip_network(one.strip(), strict=False) for one in networks.split(",") if one.strip())
    return False


def _subscriptions(account: Account) -> list[str]:
    answer = ask(account, "GET", "/me/subscriptions", is_reading=True)
    return [str(one["url"]) for one in answer["subscriptions"] if one.get("url")]
