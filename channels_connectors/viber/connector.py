"""Viber bots as a channel."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from channels_connectors.connector import (
    Account,
    Capabilities,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Receipt,
    Subscription,
    WebhookAnswer,
    WebhookRequest,
)
from channels_connectors.errors import SignatureMismatch
from channels_connectors.links import fetch_link
from channels_connectors.viber.api import call
from channels_connectors.viber.payloads import EVENT_TYPES, incoming_from, key_of, tracking_for
from channels_connectors.viber.sending import (
    CAPTION_LENGTH,
    LARGEST_FILE,
    LONGEST_LABEL,
    TEXT_LENGTH,
    fields_of,
    parts_for_viber,
    sender_of,
)
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart

LARGEST_CHECK = 1024
MEGABYTE = 1024 * 1024
LARGEST_DOWNLOAD, LARGEST_AVATAR = 200 * MEGABYTE, 10 * MEGABYTE


class Viber(Connector):
    kind = "viber"
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=CAPTION_LENGTH,
        is_split=True,
        upload_bytes=LARGEST_FILE,
        buttons="inline",
        most_buttons=24,
        button_length=LONGEST_LABEL,
        receipts="read",
    )

    def handshake(self, request: WebhookRequest, account: Account) -> WebhookAnswer | None:
        """Viber calls an address while it is being told of it: the answer must not depend on how far we have got."""
        if len(request.body) > LARGEST_CHECK or b'"webhook"' not in request.body:
            return None
        payload = request.json()
        return WebhookAnswer() if isinstance(payload, dict) and payload.get("event") == "webhook" else None

    def verify(self, request: WebhookRequest, account: Account) -> None:
        """The signature stands in a header, and once more in the address for those who lose headers."""
        given = request.headers.get("x-viber-content-signature") or request.parameter("sig")
        key = account.credentials.get("token", "").strip().encode()
        expected = hmac.new(key, request.body, hashlib.sha256).hexdigest()
        if not key or not hmac.compare_digest(given.strip().lower().encode(), expected.encode()):
            raise SignatureMismatch

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        payload = request.json()
        is_of_interest = payload["event"] == "message" or payload["event"] in EVENT_TYPES
        return [Event(key=key_of(payload), body=request.body)] if is_of_interest else []

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return key_of(payload)

    def answer(self, request: WebhookRequest, account: Account) -> WebhookAnswer:
        """Whoever opens the chat is greeted in the answer itself: nothing else may be sent to them yet."""
        words = str(account.settings.get("welcome") or "")
        payload = request.json() if words else {}
        if not words or payload.get("event") != "conversation_started":
            return WebhookAnswer()
        start = payload.get("context")
        message = {"min_api_version": 1, "sender": sender_of(account), "type": "text", "text": words}
        if tracked := tracking_for(start=start if isinstance(start, str) else ""):
            message["tracking_data"] = tracked
        body = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        return WebhookAnswer(body=body, content_type="application/json")

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        """At once: the links end."""
        media = fetch_link(attachment.reference, most_bytes=LARGEST_DOWNLOAD)
        return FetchedMedia(
            content=media.content, name=attachment.name or media.name, mime=attachment.mime or media.mime
        )

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        return fetch_link(reference, most_bytes=LARGEST_AVATAR)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_for_viber(message, self.capabilities, account)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        answer = call(account, "send_message", fields_of(part, account))
        return Receipt(parts=(str(answer["message_token"]),))

    def check(self, account: Account) -> CheckedAccount:
        us = call(account, "get_account_info", {}, is_reading=True)
        kept = {"name": str(us.get("name") or ""), "icon": str(us.get("icon") or "")}
        details = kept | {"uri": us.get("uri", ""), "subscribers": us.get("subscribers_count", 0)}
        return CheckedAccount(external_id=str(us["id"]), title=kept["name"] or "Viber", details=details, settings=kept)

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        fields = {"url": url, "event_types": list(EVENT_TYPES), "send_name": True, "send_photo": True}
        call(account, "set_webhook", fields)
        return {}

    def remove_webhook(self, account: Account) -> None:
        call(account, "set_webhook", {"url": ""})

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        us = call(account, "get_account_info", {}, is_reading=True)
        return Subscription(is_ours=us.get("webhook") == url)
