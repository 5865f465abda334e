"""Avito's messenger: buyers who write about the offers of a shop."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.avito.client import Avito
from channels_connectors.avito.looking import newer
from channels_connectors.avito.payloads import ENVELOPE, LINK, VOICE, event_key, incoming_from, value_of
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
from channels_connectors.tokens import Tokens
from openlines.types import Incoming, IncomingAttachment, MediaLimit, OutgoingAttachment, OutgoingPart, SentMessage

MEGABYTE = 1024 * 1024
PICTURES = MediaLimit(
    kind="IMAGE", most_bytes=24 * MEGABYTE,
    mimes=("image/jpeg", "image/png", "image/gif", "image/bmp", "image/heic", "image/webp"),
)  # fmt: skip
NO_OTHERS = tuple(MediaLimit(kind=kind, most_bytes=0) for kind in ("VIDEO", "AUDIO", "VOICE", "FILE", "STICKER"))
LARGEST_DOWNLOAD = 24 * MEGABYTE
POLL_SECONDS = 15.0
# Avito itself tells of messages alone; that one was read is seen by looking.
TOLD = frozenset({"message", "read"})
# What the path of a webhook of this product begins with, whatever the host.
OUR_HOOKS = "/hooks/"


class AvitoMessenger(Connector):
    kind = "avito"
    capabilities = Capabilities(
        text_length=1000,
        is_split=True,
        text_with_media=False,
        upload_bytes=24 * MEGABYTE,
        media=(PICTURES, *NO_OTHERS),
        delete=True,
        read_out=True,
        receipts="read",
        native_staff=True,
        idempotency="listing",
        rates=Rates(account=90, account_seconds=60),
    )
    inbound = (WEBHOOK, POLL)
    reconcile_seconds = 300.0

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens or Tokens()

    # Inbound.

    def verify(self, request: WebhookRequest, account: Account) -> None:
        """Avito signs, and does not say how. The secret is in the address; what the event says is asked for again (see
        ``complete``), so all that a stranger who knew the address could do is to have us ask."""
        payload = request.json()["payload"]
        if payload["type"] in TOLD and str(payload["value"]["user_id"]) != account.external_id:
            raise SignatureMismatch("account")

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        event = request.json()
        if event["payload"]["type"] not in TOLD:
            return []
        # Nothing else is kept: above all no ``confirmed`` that somebody else has written.
        kept = {name: event[name] for name in ENVELOPE if name in event}
        return [Event(key=event_key(kept), body=json.dumps(kept).encode())]

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def complete(self, payload: Any, *, account: Account) -> Any:
        if "confirmed" in payload:
            return payload
        avito, value = self._at(account), value_of(payload)
        chat_id = str(value["chat_id"])
        message = avito.message(chat_id, str(value["id"]))
        return payload | {"confirmed": {"message": message, "chat": avito.chat(chat_id)}}

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account.external_id)

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        wait = float(account.settings.get("poll_seconds", POLL_SECONDS))
        return newer(self._at(account), cursor=cursor, our_id=account.external_id, wait=wait)

    def reconcile(self, *, cursor: str, account: Account) -> Polled:
        return newer(self._at(account), cursor=cursor, our_id=account.external_id)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        link = attachment.reference.removeprefix(LINK)
        if attachment.reference.startswith(VOICE):
            link = self._at(account).voice(attachment.reference.removeprefix(VOICE))
        return fetch_link(link, most_bytes=LARGEST_DOWNLOAD)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        return fetch_link(reference, most_bytes=MEGABYTE) if "://" in reference else None

    # Outbound.

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        avito = self._at(account)
        if not part.attachments:
            return Receipt(parts=(avito.say(part.chat_external_id, part.text),))
        (attachment,) = part.attachments
        image_id = avito.upload(attachment.name, _picture(attachment), attachment.mime)
        return Receipt(parts=(avito.show(part.chat_external_id, image_id),))

    def find_sent(self, part: OutgoingPart, account: Account) -> Receipt | None:
        """By its text, or as a picture, among what we have said in the last minutes."""
        for message in self._at(account).said_lately(part.chat_external_id):
            content = message.get("content") or {}
            is_it = message.get("type") == "image" if part.attachments else content.get("text") == part.text
            if is_it:
                return Receipt(parts=(str(message["id"]),))
        return None

    def delete(self, sent: SentMessage, account: Account) -> None:
        """Within an hour of sending; what is gone already is gone."""
        for external_id in sent.external_ids:
            try:
                self._at(account).take_back(sent.chat_external_id, external_id)
            except ConnectorError as error:
                if error.code != "404":
                    raise

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        self._at(account).mark_read(chat.external_id)

    # The account.

    def check(self, account: Account) -> CheckedAccount:
        me = self._at(account).myself()
        if not me.get("id"):
            raise ConnectorError(_("Avito does not say whose keys these are."), kind="PERMANENT")
        details = {"profile": str(me.get("profile_url") or "")}
        return CheckedAccount(external_id=str(me["id"]), title=str(me.get("name") or me["id"]), details=details)

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        self._at(account).subscribe(url)
        return {}

    def remove_webhook(self, account: Account) -> None:
        avito = self._at(account)
        for url in avito.subscriptions():
            if OUR_HOOKS in url:
                avito.unsubscribe(url)

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        is_ours = url in self._at(account).subscriptions()
        return Subscription(is_ours=is_ours, problem="" if is_ours else _("Avito does not deliver here any more."))

    def _at(self, account: Account) -> Avito:
        return Avito(account, self._tokens)


def _picture(attachment: OutgoingAttachment) -> bytes:
    if attachment.kind != "IMAGE" or attachment.mime.partition(";")[0] not in PICTURES.mimes:
        raise ConnectorError(_("Avito carries texts and pictures only."), kind="PERMANENT")
    try:
        content = Path(attachment.path).read_bytes()
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if len(content) > PICTURES.most_bytes:
        raise ConnectorError(_("Avito takes pictures of at most 24 MB."), kind="PERMANENT")
    return content
