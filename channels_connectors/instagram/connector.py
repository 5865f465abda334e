"""Instagram Direct as a channel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels_connectors.connector import Account, Capabilities, ChatRef, FetchedMedia, Rates, Receipt
from channels_connectors.instagram.payloads import incoming_from
from channels_connectors.instagram.sending import LIMITS, attach
from channels_connectors.meta import media
from channels_connectors.meta.instagram import InstagramChannel
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

# In UTF-8: some 500 letters of Cyrillic.
TEXT_BYTES = 1000
PROFILE_FIELDS = "name,username,profile_pic"
# Whoever the token speaks for.
SENDER = "me"


class Instagram(InstagramChannel):
    kind = "instagram"
    scopes = ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata")
    fields = (
        "messages", "messaging_postbacks", "messaging_seen", "messaging_referral", "message_reactions",
        "message_edit", "standby",
    )  # fmt: skip
    capabilities = Capabilities(
        text_length=TEXT_BYTES,
        length_unit="bytes",
        caption_length=0,
        text_with_media=False,
        is_split=True,
        upload_bytes=media.LARGEST_FILE,
        media=LIMITS,
        reply_window_seconds=WINDOW_SECONDS,
        buttons="inline",
        most_buttons=MOST_QUICK_REPLIES,
        button_length=BUTTON_LENGTH,
        typing_out=True,
        read_out=True,
        receipts="read",
        native_staff=True,
        rates=Rates(account=100),
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
            first_name=str(said.get("name") or ""),
            username=str(said.get("username") or ""),
            photo_reference=str(said.get("profile_pic") or ""),
        )

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        if "://" not in reference:
            person = self.fetch_profile(reference, account)
            reference = person.photo_reference if person else ""
        return media.fetch_photo(reference)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        return send_part(part, graph=self.graph(account), sender=SENDER, attach=attach, account=account, keyed=False)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        act("typing_on", chat, graph=self.graph(account), sender=SENDER)

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        act("mark_seen", chat, graph=self.graph(account), sender=SENDER)
