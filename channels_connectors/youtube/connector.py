"""Comments below the videos of a YouTube channel."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
from django.utils.translation import gettext as _

from channels_connectors.connector import (
    POLL,
    Account,
    Capabilities,
    CheckedAccount,
    Connector,
    FetchedMedia,
    Polled,
    Rates,
    Receipt,
)
from channels_connectors.errors import ConnectorError
from channels_connectors.links import fetch_link
from channels_connectors.tokens import Tokens
from channels_connectors.youtube.client import YouTube, items_of
from channels_connectors.youtube.errors import now_of, refusal_of
from channels_connectors.youtube.looking import BUDGET, look
from channels_connectors.youtube.payloads import author_of, event_key, incoming_from
from openlines.types import Incoming, IncomingAttachment, OutgoingPart, SentMessage

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LATELY = timedelta(minutes=10)
MOST_VIDEOS = 1000
SHOWN, HIDDEN, REMOVED = "published", "heldForReview", "rejected"
GONE = frozenset({requests.codes.ok, requests.codes.no_content, requests.codes.not_found})


class YouTubeComments(Connector):
    kind = "youtube"
    capabilities = Capabilities(
        is_public=True,
        text_length=10_000,
        is_split=True,
        attachments=False,
        edit=True,
        delete=True,
        reply=True,
        hide=True,
        delete_theirs=True,
        native_staff=True,
        idempotency="listing",
        rates=Rates(account=5),
    )
    inbound = (POLL,)

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens or Tokens()
        self._videos: dict[str, Mapping[str, Any]] = {}

    # Inbound.

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def complete(self, payload: Any, *, account: Account) -> Any:
        """The video's title costs a unit, once for each video and process; without it comments are shown, too."""
        video_id = str(payload["snippet"].get("videoId") or "")
        if video_id and video_id not in self._videos:
            try:
                self._remember(video_id, self._at(account).video(video_id))
            except ConnectorError:
                return payload
        return payload | {"video": self._videos.get(video_id, {})}

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account.external_id)

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        budget = float(account.settings.get("units_for_looking") or BUDGET)
        return look(self._at(account), cursor=cursor, budget=budget)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetch_link(attachment.reference, most_bytes=LARGEST_DOWNLOAD)

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        return fetch_link(reference, most_bytes=LARGEST_DOWNLOAD) if "://" in reference else None

    # Outbound.

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        said = self._at(account).answer(_thread_id(part), _text(part)).json()
        return Receipt(parts=(str(said["id"]),))

    def find_sent(self, part: OutgoingPart, account: Account) -> Receipt | None:
        """The same words of ours in the same thread, of the last minutes by YouTube's own clock."""
        reply = self._at(account).replies(_thread_id(part))
        now = now_of(reply)
        for comment in items_of(reply):
            snippet = comment["snippet"]
            is_ours = author_of(comment) == account.external_id
            is_late = now is None or datetime.fromisoformat(snippet["publishedAt"]) >= now - LATELY
            if is_ours and is_late and _text(part) in (snippet.get("textOriginal"), snippet.get("textDisplay")):
                return Receipt(parts=(str(comment["id"]),))
        return None

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        self._at(account).change(sent.external_ids[0], _text(part))

    def delete(self, sent: SentMessage, account: Account) -> None:
        """Our own is taken back. A client's belongs to them: where YouTube lets only them delete it, it is rejected,
        and nobody sees it any more."""
        youtube = self._at(account)
        for external_id in sent.external_ids:
            reply = youtube.remove(external_id)
            if reply.status == requests.codes.forbidden:
                youtube.moderate(external_id, REMOVED)
            elif reply.status not in GONE:
                raise refusal_of(reply)

    def hide(self, sent: SentMessage, account: Account, *, is_hidden: bool) -> None:
        self._at(account).moderate(sent.external_ids[0], HIDDEN if is_hidden else SHOWN)

    # The account.

    def check(self, account: Account) -> CheckedAccount:
        me = self._at(account).myself()
        if not me.get("id"):
            raise ConnectorError(_("This Google account has no YouTube channel."), kind="TOKEN")
        title = str((me.get("snippet") or {}).get("title") or me["id"])
        return CheckedAccount(external_id=str(me["id"]), title=title)

    def _at(self, account: Account) -> YouTube:
        return YouTube(account, self._tokens)

    def _remember(self, video_id: str, video: Mapping[str, Any]) -> None:
        if len(self._videos) >= MOST_VIDEOS:
            self._videos.clear()
        self._videos[video_id] = video


def _thread_id(part: OutgoingPart) -> str:
    """Answers to answers stand in the same thread: an answer's id begins with its thread's."""
    comment_id = part.reply_to_external_id or str(part.thread.get("thread_id") or "")
    if not comment_id:
        raise ConnectorError(_("The comment to answer is not known."), kind="PERMANENT")
    return comment_id.partition(".")[0]


def _text(part: OutgoingPart) -> str:
    mention = str(part.thread.get("mention") or "")
    return part.text if not mention or part.text.startswith(mention) else f"{mention} {part.text}"
