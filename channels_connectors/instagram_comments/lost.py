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

POSTS, COMMENTS, MOST_PAGES = 25, 50, 5
ONE = "id,text,timestamp,username,from,parent_id"
COMMENT_FIELDS = f"{ONE},replies{{{ONE}}}"
# Seconds that a comment may take to be seen in lists.
OVERLAP = 600


def lost_comments(graph: Graph, *, account_id: str, cursor: str) -> Polled:
    since = int(cursor) if cursor.isdigit() else None
    newest, events = since or 0, []
    posts = graph.get(f"{account_id}/media", fields="id,comments_count", limit=POSTS).get("data", ())
    for post in posts:
        for comment in _all(graph, post):
            written = seconds_of(comment.get("timestamp"))
            newest = max(newest, written)
            if since is not None and written >= since - OVERLAP:
                events.append((written, _event(account_id, post, comment, written)))
    events.sort(key=lambda pair: pair[0])
    return Polled(events=[event for _written, event in events], cursor=str(newest))


def _all(graph: Graph, post: Fields) -> Iterator[Fields]:
    """Comments with their answers. Lists may repeat what they have told: it ends where everything is known."""
    if not post.get("comments_count", 1):
        return
    told: set[str] = set()
    for comment in graph.all_of(f"{post['id']}/comments", fields=COMMENT_FIELDS, limit=COMMENTS, most_pages=MOST_PAGES):
        if str(comment["id"]) in told:
            return
        told.add(str(comment["id"]))
        yield comment
        for answer in comment.get("replies", {}).get("data", ()):
            yield {"parent_id": comment["id"], **answer}


def _event(account_id: str, post: Fields, comment: Fields, written: int) -> Event:
    value = {"id": comment["id"], "text": comment.get("text", ""), "media": {"id": post["id"]}}
    value |= {name: comment[name] for name in ("from", "parent_id") if comment.get(name)}
    entry = {"id": account_id, "time": written, "changes": [{"field": "comments", "value": value}]}
    body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
    return Event(key=comment_key(str(comment["id"])), body=body)
