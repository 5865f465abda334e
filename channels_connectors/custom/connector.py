"""Any source as a channel: a partner's program brings events over the REST API and hears of replies over a webhook."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from channels_connectors.connector import (
    WEBHOOK,
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Receipt,
    WebhookRequest,
)
from channels_connectors.custom.payloads import event_key, incoming_from
from channels_connectors.custom.sending import message_of, tell
from channels_connectors.custom.signing import NotGenuine, check
from channels_connectors.errors import SignatureMismatch
from channels_connectors.links import fetch_link
from openlines.types import Incoming, IncomingAttachment, OutgoingPart, SentMessage

MEGABYTE = 1024 * 1024
DAY = 24 * 3600
MOST_EVENTS = 100


class Custom(Connector):
    kind = "custom"
    inbound = (WEBHOOK,)
    needs_public_url = False
    capabilities = Capabilities(
        text_length=4096,
        caption_length=4096,
        is_split=True,
        edit=True,
        delete=True,
        reply=True,
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
        buttons="inline",
        most_buttons=40,
        typing_out=True,
        typing_in=True,
        read_out=True,
        receipts="read",
        idempotency="key",
        native_staff=True,
    )
    retry_pauses = (5, 30, 120, 600, 3600, 6 * 3600)

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        """As the partner declared them when the channel was registered."""
        usual = self.capabilities
        return Capabilities(
            text_length=_number(settings, "text_length", usual.text_length),
            caption_length=_number(settings, "text_length", usual.text_length),
            is_split=True,
            attachments=bool(settings.get("attachments", True)),
            upload_bytes=_number(settings, "upload_megabytes", 20) * MEGABYTE,
            edit=bool(settings.get("edit", True)),
            delete=bool(settings.get("delete", True)),
            reply=bool(settings.get("reply", True)),
            formatting=usual.formatting if settings.get("formatting", True) else (),
            reply_window_seconds=_number(settings, "window_hours", 0) * 3600,
            buttons="inline" if settings.get("buttons", True) else "none",
            most_buttons=usual.most_buttons,
            typing_out=bool(settings.get("typing", True)),
            typing_in=bool(settings.get("typing", True)),
            read_out=bool(settings.get("receipts", True)),
            receipts="read" if settings.get("receipts", True) else "none",
            idempotency="key",
            native_staff=True,
            writes_first=bool(settings.get("writes_first", False)),
        )

    def verify(self, request: WebhookRequest, account: Account) -> None:
        known = (account.credentials.get("secret", ""), account.credentials.get("previous_secret", ""))
        try:
            check(request.headers, request.body, secrets=known)
        except NotGenuine as error:
            raise SignatureMismatch(error.reason) from None

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        events = request.json()["events"]
        if not isinstance(events, list) or len(events) > MOST_EVENTS:
            raise ValueError("too many events at once")
        return [Event(key=event_key(event), body=json.dumps(event).encode()) for event in events]

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetch_link(attachment.reference)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        return fetch_link(reference) if reference.startswith(("https://", "http://")) else None

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        answer = tell(account, "message.created", {"message": message_of(part)})
        return Receipt(parts=(str(answer.get("message_id") or part.client_key)[:255],))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        said = {"message_id": sent.external_ids[0], "message": message_of(part)}
        tell(account, "message.edited", {"chat_id": sent.chat_external_id, **said})

    def delete(self, sent: SentMessage, account: Account) -> None:
        said = {"chat_id": sent.chat_external_id, "message_ids": list(sent.external_ids)}
        tell(account, "message.deleted", said)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        tell(account, "operator.typing", {"chat_id": chat.external_id})

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        tell(account, "operator.read", {"chat_id": chat.external_id, "message_id": chat.last_external_id})

    def check(self, account: Account) -> CheckedAccount:
        """The partner's address answers a signed ``ping``; the first time the channel gets its id and its secret."""
        known = dict(account.credentials)
        if not known.get("secret"):
            known["secret"] = secrets.token_urlsafe(32)
        partner_id = str(account.settings.get("partner_id") or secrets.token_hex(8))
        asked = Account(
            channel_id=account.channel_id, credentials=known, base_url=account.base_url, settings=account.settings
        )
        if account.base_url:
            tell(asked, "ping", {"partner_id": partner_id})
        return CheckedAccount(
            external_id=partner_id,
            title=str(account.settings.get("name") or self.kind),
            settings={"partner_id": partner_id},
            credentials=known,
        )


def _number(settings: Mapping[str, Any], name: str, usual: int) -> int:
    value = str(settings.get(name) or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 and int(value) else usual
