"""Comments on the wall of VKontakte's communities as a channel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels_connectors.connector import Account, Capabilities, CheckedAccount, Rates, Receipt
from channels_connectors.vk.api import ask
from channels_connectors.vk.community import Community
from channels_connectors.vk_comments.payloads import incoming_from
from channels_connectors.vk_comments.sending import delete_comments, edit_comment, send_comment
from openlines.types import Incoming, OutgoingPart, SentMessage

MEGABYTE = 1024 * 1024
# Not in VKontakte's documentation: what it was seen to take.
TEXT_LENGTH = 16384


class VkComments(Community):
    kind = "vk_comments"
    capabilities = Capabilities(
        is_public=True,
        text_length=TEXT_LENGTH,
        caption_length=TEXT_LENGTH,
        upload_bytes=200 * MEGABYTE,
        reply=True,
        idempotency="key",
        native_staff=True,
        rates=Rates(account=20),
    )
    event_types = ("wall_reply_new", "wall_reply_edit", "wall_reply_delete", "wall_reply_restore")
    rights = ("manage", "wall", "docs")

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        """Changing and deleting takes the key of a person who moderates the community."""
        if not settings.get("can_moderate"):
            return self.capabilities
        return replace(self.capabilities, edit=True, delete=True, delete_theirs=True)

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        return send_comment(part, account)

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        edit_comment(sent, part, account)

    def delete(self, sent: SentMessage, account: Account) -> None:
        delete_comments(sent, account)

    def check(self, account: Account) -> CheckedAccount:
        checked = super().check(account)
        token = account.credentials.get("user_token", "")
        if token:
            ask(account, "users.get", is_reading=True, token=token)
        return replace(checked, settings={**checked.settings, "can_moderate": bool(token)})
