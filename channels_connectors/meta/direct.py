"""What Messenger and Instagram Direct do alike: the messages of one person."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels_connectors.connector import Account, Capabilities, ChatRef, FetchedMedia
from channels_connectors.meta import media
from channels_connectors.meta.channel import MetaChannel
from channels_connectors.meta.sending import (
    BUTTON_LENGTH,
    HUMAN_AGENT_SECONDS,
    MOST_QUICK_REPLIES,
    WINDOW_SECONDS,
    act,
    has_human_agent,
)
from openlines.types import IncomingAttachment

DIRECT = Capabilities(
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
    native_staff=True,
)


class DirectChannel(MetaChannel):
    def sender(self, account: Account) -> str:
        """In whose name is written: whoever the token speaks for."""
        return "me"

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        if not has_human_agent(settings):
            return self.capabilities
        return replace(self.capabilities, operator_window_seconds=HUMAN_AGENT_SECONDS)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return media.fetch(attachment, self.graph(account), event=event)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        if "://" not in reference:
            person = self.fetch_profile(reference, account)
            reference = person.photo_reference if person else ""
        return media.fetch_photo(reference)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        act("typing_on", chat, graph=self.graph(account), sender=self.sender(account))

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        act("mark_seen", chat, graph=self.graph(account), sender=self.sender(account))
