"""Comments below the posts of an Instagram account as a channel."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from channels_connectors.connector import Account, Capabilities, FetchedMedia, Polled, Receipt
from channels_connectors.instagram_comments.lost import lost_comments
from channels_connectors.instagram_comments.payloads import KIND, incoming_from, is_own, media_id_of
from channels_connectors.instagram_comments.sending import send_comment
from channels_connectors.links import fetch_link
from channels_connectors.meta.comments import delete_comments
from channels_connectors.meta.completing import Fields, Posts, asked, completed
from channels_connectors.meta.instagram import InstagramChannel
from channels_connectors.meta.media import LARGEST_FILE
from channels_connectors.meta.sending import private_part, send_private_reply
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart, SentMessage

# Instagram's own figures differ from place to place; the account's settings may hold another length.
TEXT_LENGTH, PRIVATE_BYTES = 300, 1000
MEDIA_FIELDS = "permalink,caption,media_type,media_url,thumbnail_url"
SENDER = "me"


class InstagramComments(InstagramChannel):
    kind = KIND
    scopes = ("instagram_basic", "instagram_manage_comments", "pages_manage_metadata")
    fields = ("comments", "live_comments", "mentions")
    reconcile_seconds = 600.0
    capabilities = Capabilities(
        is_public=True,
        text_length=TEXT_LENGTH,
        attachments=False,
        most_hashtags=4,
        most_links=1,
        capitals_refused=True,
        delete=True,
        reply=True,
        hide=True,
        delete_theirs=True,
        private_reply=True,
        native_staff=True,
    )

    def __init__(self) -> None:
        self._posts = Posts()

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        length = settings.get("comment_length")
        return replace(self.capabilities, text_length=length) if isinstance(length, int) else self.capabilities

    def complete(self, payload: Any, *, account: Account) -> Any:
        """The post, of which an event names little more than its id; and whom the account answered."""
        return completed(payload, KIND, partial(self._complete, account))

    def _complete(self, account: Account, value: Fields, account_id: str) -> Fields:
        graph, media_id = self.graph(account), media_id_of(value)
        parent_id = str(value.get("parent_id") or "")
        if parent_id and is_own(value, account_id):
            value = {**value, "parent": asked(lambda: graph.get(parent_id, fields="from"))}
        media = self._posts.get(media_id, lambda: graph.get(media_id, fields=MEDIA_FIELDS))
        return {**value, "media": {**(value.get("media") or {}), **media, "id": media_id}}

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        """Comments hold no files; the post above them has its picture."""
        return fetch_link(attachment.reference, most_bytes=LARGEST_FILE)

    def reconcile(self, *, cursor: str, account: Account) -> Polled:
        return lost_comments(self.graph(account), account_id=account.external_id, cursor=cursor)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        if message.is_private_reply:
            return [private_part(message, limit=PRIVATE_BYTES, length=len(message.text.encode()))]
        return super().parts_of(message, account)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph = self.graph(account)
        if part.is_private_reply:
            return send_private_reply(part, graph=graph, sender=SENDER)
        return send_comment(part, graph=graph)

    def delete(self, sent: SentMessage, account: Account) -> None:
        delete_comments(self.graph(account), sent.external_ids)

    def hide(self, sent: SentMessage, account: Account, *, is_hidden: bool) -> None:
        self.graph(account).post(sent.external_ids[0], hide="true" if is_hidden else "false")
