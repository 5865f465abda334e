"""Messenger of a Facebook page as a channel."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from channels_connectors.connector import (
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    FetchedMedia,
    Rates,
    Receipt,
)
from channels_connectors.messenger.payloads import incoming_from
from channels_connectors.messenger.sending import attach
from channels_connectors.meta import media
from channels_connectors.meta.accounts import page_behind
from channels_connectors.meta.channel import MetaChannel
from channels_connectors.meta.sending import (
    BUTTON_LENGTH,
    HUMAN_AGENT_SECONDS,
    MOST_QUICK_REPLIES,
    WINDOW_SECONDS,
    act,
    has_human_agent,
    send_part,
)
from openlines.types import Incoming, IncomingAttachment, OutgoingPart, Person

SCOPES = ("pages_messaging", "pages_manage_metadata")
TEXT_LENGTH = 2000
PROFILE_FIELDS = "first_name,last_name,profile_pic,locale"


class Messenger(MetaChannel):
    kind = "messenger"
    fields = (
        "messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "message_deliveries",
        "message_reads", "message_reactions", "message_edits", "standby",
    )  # fmt: skip
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=0,
        text_with_media=False,
        is_split=True,
        upload_bytes=media.LARGEST_FILE,
        reply_window_seconds=WINDOW_SECONDS,
        buttons="inline",
        most_buttons=MOST_QUICK_REPLIES,
        button_length=BUTTON_LENGTH,
        typing_out=True,
        read_out=True,
        receipts="read",
        idempotency="echo",
        native_staff=True,
        rates=Rates(account=300),
    )

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        if not has_human_agent(settings):
            return self.capabilities
        return replace(self.capabilities, operator_window_seconds=HUMAN_AGENT_SECONDS)

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return media.fetch(attachment, self.graph(account), event=event)

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        said = self.graph(account).get(person_external_id, fields=PROFILE_FIELDS)
        return Person(
            external_id=person_external_id,
            first_name=str(said.get("first_name") or ""),
            last_name=str(said.get("last_name") or ""),
            language=str(said.get("locale") or "").partition("_")[0],
            photo_reference=str(said.get("profile_pic") or ""),
        )

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        if "://" not in reference:
            person = self.fetch_profile(reference, account)
            reference = person.photo_reference if person else ""
        return media.fetch_photo(reference)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph, page_id = self.graph(account), self.node(account)
        upload = partial(attach, graph=graph, page_id=page_id)
        return send_part(part, graph=graph, sender=page_id, attach=upload, account=account, keyed=True)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        act("typing_on", chat, graph=self.graph(account), sender=self.node(account))

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        act("mark_seen", chat, graph=self.graph(account), sender=self.node(account))

    def check(self, account: Account) -> CheckedAccount:
        page, token = page_behind(account, provider=self.provider, scopes=SCOPES)
        return CheckedAccount(
            external_id=str(page["id"]),
            title=str(page.get("name") or page["id"]),
            details=self.delivering(account),
            settings={"page_id": str(page["id"])},
            credentials={"access_token": token},
        )
