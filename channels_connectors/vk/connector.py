"""Messages of VKontakte's communities as a channel."""

import json
from collections.abc import Mapping
from typing import Any

from channels_connectors.connector import Account, Capabilities, ChatRef, Rates, Receipt
from channels_connectors.parts import parts_of
from channels_connectors.vk.api import ask
from channels_connectors.vk.community import Community
from channels_connectors.vk.payloads import incoming_from
from channels_connectors.vk.sending import delete_message, edit_message, peer_of, send_message
from openlines.types import (
    Incoming,
    IncomingMessage,
    IncomingPress,
    OutgoingMessage,
    OutgoingPart,
    SentMessage,
)

MEGABYTE = 1024 * 1024
TEXT_LENGTH = 4096
LONGEST_NOTICE = 90
# A voice message has no words beside it.
CAPTIONED = frozenset({"IMAGE", "FILE", "AUDIO", "VIDEO"})


class Vk(Community):
    kind = "vk"
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=TEXT_LENGTH,
        is_split=True,
        upload_bytes=200 * MEGABYTE,
        album_max=10,
        edit=True,
        delete=True,
        reply=True,
        buttons="inline",
        most_buttons=10,
        button_length=40,
        typing_out=True,
        typing_in=True,
        read_out=True,
        receipts="read",
        idempotency="key",
        native_staff=True,
        rates=Rates(account=20),
    )
    event_types = (
        "message_new", "message_reply", "message_edit", "message_event", "message_read", "message_typing_state",
        "message_reaction_event", "message_allow", "message_deny",
    )  # fmt: skip
    rights = ("manage", "messages", "photos", "docs")

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_of(message, self.capabilities, captioned=CAPTIONED)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        return send_message(part, account)

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        edit_message(sent, part, account)

    def delete(self, sent: SentMessage, account: Account) -> None:
        delete_message(sent, account)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        ask(account, "messages.setActivity", is_reading=True, peer_id=peer_of(chat.external_id), type="typing")

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        up_to = int(chat.last_external_id) if chat.last_external_id.isdecimal() else None
        ask(
            account, "messages.markAsRead", is_reading=True, peer_id=peer_of(chat.external_id), up_to_cmid=up_to,
            mark_conversation_as_read=1 if up_to is None else None,
        )  # fmt: skip

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        """Stop the waiting circle on the button that the client has pressed; the words are shown for a moment."""
        said = incoming.context
        if "event_id" not in said:
            return
        shown = {"type": "show_snackbar", "text": words[:LONGEST_NOTICE]} if words else None
        ask(
            account, "messages.sendMessageEventAnswer", is_reading=True, event_id=said["event_id"],
            user_id=said["user_id"], peer_id=said["peer_id"],
            event_data=json.dumps(shown, ensure_ascii=False) if shown else None,
        )  # fmt: skip
