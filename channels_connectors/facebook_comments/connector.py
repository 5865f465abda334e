"""Comments below the posts of a Facebook page as a channel."""

from functools import partial
from typing import Any

from channels_connectors.connector import (
    Account,
    Capabilities,
    FetchedMedia,
    Polled,
    Receipt,
)
from channels_connectors.facebook_comments.lost import lost_comments
from channels_connectors.facebook_comments.payloads import KIND, incoming_from, is_own
from channels_connectors.facebook_comments.sending import LIMITS, send_comment
from channels_connectors.links import fetch_link
from channels_connectors.meta.comments import delete_comments
from channels_connectors.meta.completing import Fields, Posts, asked, completed
from channels_connectors.meta.media import LARGEST_FILE, LARGEST_IMAGE
from channels_connectors.meta.pages import PageChannel
from channels_connectors.meta.sending import private_part, send_private_reply
from channels_connectors.meta.threads import author_of
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart, SentMessage

TEXT_LENGTH, PRIVATE_LENGTH = 8000, 2000
POST_FIELDS = "message,permalink_url,full_picture"


class FacebookComments(PageChannel):
    kind = KIND
    scopes = ("pages_read_engagement", "pages_manage_engagement", "pages_read_user_content", "pages_manage_metadata")
    fields = ("feed",)
    reconcile_seconds = 600.0
    capabilities = Capabilities(
        is_public=True,
        text_length=TEXT_LENGTH,
        caption_length=TEXT_LENGTH,
        upload_bytes=LARGEST_IMAGE,
        media=LIMITS,
        edit=True,
        delete=True,
        reply=True,
        hide=True,
        delete_theirs=True,
        private_reply=True,
        native_staff=True,
    )

    def __init__(self) -> None:
        self._posts = Posts()

    def complete(self, payload: Any, *, account: Account) -> Any:
        """The words and the picture of the post; and whom the page answered, in its own app or through us."""
        return completed(payload, KIND, partial(self._complete, account))

    def _complete(self, account: Account, value: Fields, page_id: str) -> Fields:
        graph, comment_id, post_id = self.graph(account), str(value["comment_id"]), str(value["post_id"])
        if value.get("verb") != "add":
            return value if author_of(value) else {**value, **asked(lambda: graph.get(comment_id, fields="from"))}
        if is_own(value, page_id):
            value = {**value, **asked(lambda: graph.get(comment_id, fields="parent{id,from}"))}
        post = self._posts.get(post_id, lambda: graph.get(post_id, fields=POST_FIELDS))
        return {**value, "post": {**(value.get("post") or {}), **post}}

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def reconcile(self, *, cursor: str, account: Account) -> Polled:
        return lost_comments(self.graph(account), page_id=self.node(account), cursor=cursor)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetch_link(attachment.reference, most_bytes=LARGEST_FILE)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        if message.is_private_reply:
            return [private_part(message, limit=PRIVATE_LENGTH, length=len(message.text))]
        return super().parts_of(message, account)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph, page_id = self.graph(account), self.node(account)
        if part.is_private_reply:
            return send_private_reply(part, graph=graph, sender=page_id)
        return send_comment(part, graph=graph, page_id=page_id)

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        self.graph(account).post(sent.external_ids[0], {"message": part.text})

    def delete(self, sent: SentMessage, account: Account) -> None:
        delete_comments(self.graph(account), sent.external_ids)

    def hide(self, sent: SentMessage, account: Account, *, is_hidden: bool) -> None:
        self.graph(account).post(sent.external_ids[0], {"is_hidden": is_hidden})
