"""Bots of the MAX messenger as a channel."""

import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

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
    Subscription,
    WebhookRequest,
)
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.links import fetch_link
from channels_connectors.max.api import ask
from channels_connectors.max.payloads import UPDATE_TYPES, event_key, incoming_from
from channels_connectors.max.sending import TEXT_LENGTH, body_of, keyboard_of, text_of
from channels_connectors.parts import parts_of
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    MediaLimit,
    OutgoingMessage,
    OutgoingPart,
    SentMessage,
)

MEGABYTE = 1024 * 1024
LONGEST_NOTICE = 200
# Sounds and files stand alone: MAX takes no words beside them.
CAPTIONED = frozenset({"IMAGE", "VIDEO"})


class Max(Connector):
    kind = "max"
    inbound = (WEBHOOK, POLL)
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=TEXT_LENGTH,
        is_split=True,
        upload_bytes=256 * MEGABYTE,
        media=(
            MediaLimit(kind="IMAGE", most_bytes=50 * MEGABYTE),
            MediaLimit(kind="VIDEO", most_bytes=250 * MEGABYTE),
        ),
        album_max=12,
        edit=True,
        delete=True,
        reply=True,
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
        buttons="inline",
        most_buttons=210,
        button_length=128,
        typing_out=True,
        read_out=True,
        rates=Rates(account=30, chat=2),
    )

    def verify(self, request: WebhookRequest, account: Account) -> None:
        given = request.headers.get("x-max-bot-api-secret", "").encode()
        expected = account.webhook_secret.encode()
        if not expected or not hmac.compare_digest(given, expected):
            raise SignatureMismatch

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        params: dict[str, Any] = {"timeout": timeout, "limit": 100, "types": ",".join(UPDATE_TYPES)}
        if cursor:
            params["marker"] = cursor
        answer = ask(
            account, "GET", "/updates", params=params, is_reading=True,
            read_seconds=timeout + float(account.settings.get("read_seconds", 30)),
        )  # fmt: skip
        events = [Event(key=event_key(update), body=json.dumps(update).encode()) for update in answer["updates"]]
        marker = answer.get("marker")
        # MAX lets a bot ask twice a second.
        return Polled(events=events, cursor=str(marker) if marker is not None else cursor, wait=0.5)

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        body = {"notification": words[:LONGEST_NOTICE] or None}
        ask(account, "POST", "/answers", params={"callback_id": incoming.context["callback_id"]}, body=body)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetch_link(attachment.reference)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        is_link = reference.startswith(("https://", "http://"))
        return fetch_link(reference) if is_link else None

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_of(message, self.capabilities, captioned=CAPTIONED)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        answer = ask(account, "POST", "/messages", params=_address(part.chat_external_id), body=body_of(part, account))
        return Receipt(parts=(str(answer["message"]["body"]["mid"]),))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        body: dict[str, Any] = text_of(part.text, part.formats)
        if not sent.has_media:
            # Without the list MAX leaves the files as they are, and the keyboard, too.
            body["attachments"] = keyboard_of(part.buttons)
        ask(account, "PUT", "/messages", params={"message_id": sent.external_ids[0]}, body=body)

    def delete(self, sent: SentMessage, account: Account) -> None:
        for external_id in sent.external_ids:
            try:
                ask(account, "DELETE", "/messages", params={"message_id": external_id})
            except ConnectorError as error:
                if error.code != "message.not.found":
                    raise

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        self._act("typing_on", chat, account)

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        self._act("mark_seen", chat, account)

    def _act(self, action: str, chat: ChatRef, account: Account) -> None:
        if not chat.external_id.startswith("user:"):
            ask(account, "POST", f"/chats/{chat.external_id}/actions", body={"action": action})

    def check(self, account: Account) -> CheckedAccount:
        me = ask(account, "GET", "/me", is_reading=True)
        username = str(me.get("username") or "")
        hosts = [urlsplit(str(one["url"])).hostname or "" for one in _subscriptions(account)]
        return CheckedAccount(
            external_id=str(me["user_id"]),
            title=f"@{username}" if username else str(me.get("first_name") or me.get("name") or "MAX"),
            details={"name": str(me.get("first_name") or me.get("name") or ""), "webhook_host": ", ".join(hosts)},
        )

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        """MAX delivers to every address that is subscribed: those that are not this one are taken off."""
        for one in _subscriptions(account):
            if one["url"] != url:
                ask(account, "DELETE", "/subscriptions", params={"url": one["url"]})
        wish = {"url": url, "secret": account.webhook_secret, "update_types": list(UPDATE_TYPES)}
        ask(account, "POST", "/subscriptions", body=wish)
        return {}

    def remove_webhook(self, account: Account) -> None:
        for one in _subscriptions(account):
            ask(account, "DELETE", "/subscriptions", params={"url": one["url"]})

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        return Subscription(is_ours=any(one["url"] == url for one in _subscriptions(account)))


def _subscriptions(account: Account) -> list[Mapping[str, Any]]:
    return list(ask(account, "GET", "/subscriptions", is_reading=True)["subscriptions"])


def _address(chat: str) -> dict[str, str]:
    is_person = chat.startswith("user:")
    return {"user_id": chat.removeprefix("user:")} if is_person else {"chat_id": chat}
