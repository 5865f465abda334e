"""Comments that webhooks may have lost, looked up and told as the webhook would have told them.

``cursor`` is when the newest known comment was written. The first look only finds that out: what was said before the
channel was connected is no news.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from channels_connectors.connector import Event, Polled
from channels_connectors.meta.events import comment_key
from channels_connectors.meta.graph import Graph
from channels_connectors.meta.times import seconds_of

Fields = Mapping[str, Any]

POSTS, COMMENTS, MOST_PAGES = 25, 100, 5
POST_FIELDS = "id,permalink_url"
COMMENT_FIELDS = "id,message,from,created_time,parent{id},attachment{type,media}"
# Seconds that a comment may take to be seen in lists.
OVERLAP = 600


def lost_comments(graph: Graph, *, page_id: str, cursor: str) -> Polled:
    since = int(cursor) if cursor.isdigit() else None
    newest, events = since or 0, []
    for post in graph.get(f"{page_id}/posts", fields=POST_FIELDS, limit=POSTS).get("data", ()):
        for comment, written in _newest_first(graph, post, since):
            newest = max(newest, written)
            if since is not None:
                events.append((written, _event(page_id, post, comment, written)))
    events.sort(key=lambda pair: pair[0])
    return Polled(events=[event for _written, event in events], cursor=str(newest))


def _newest_first(graph: Graph, post: Fields, since: int | None) -> Iterator[tuple[Fields, int]]:
    """Lists may repeat what they have told: it ends where everything is known."""
    told: set[str] = set()
    comments = graph.all_of(
        f"{post['id']}/comments", fields=COMMENT_FIELDS, filter="stream", order="reverse_chronological",
        limit=COMMENTS if since is not None else 1, most_pages=MOST_PAGES if since is not None else 1,
    )  # fmt: skip
    for comment in comments:
        written = seconds_of(comment.get("created_time"))
        if str(comment["id"]) in told or written < (since or 0) - OVERLAP:
            return
        told.add(str(comment["id"]))
        yield comment, written


def _event(page_id: str, post: Fields, comment: Fields, written: int) -> Event:
    value: dict[str, Any] = {
        "item": "comment", "verb": "add", "comment_id": comment["id"], "post_id": post["id"],
        "parent_id": comment["parent"]["id"] if comment.get("parent") else post["id"],
        "message": comment.get("message", ""), "created_time": written,
        "post": {"id": post["id"], "permalink_url": post.get("permalink_url", "")},
    }  # fmt: skip
    if "from" in comment:
        value["from"] = comment["from"]
    media = (comment.get("attachment") or {}).get("media") or {}
    if picture := (media.get("image") or {}).get("src"):
        value["photo"] = picture
    entry = {"id": page_id, "time": written, "changes": [{"field": "feed", "value": value}]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    return Event(key=comment_key(str(comment["id"])), body=body)
