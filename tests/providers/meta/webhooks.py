"""Webhooks as Meta words them: what happens, packed and signed as Meta does."""

import hashlib
import hmac
import json
from typing import Any

from channels_connectors.connector import WebhookRequest
from tests.providers.meta.model import (
    APP_ID,
    APP_SECRET,
    FB_USER,
    IG_ID,
    IG_USER,
    IGSID,
    MEDIA_ID,
    PAGE_ID,
    POST_ID,
    PSID,
    START,
)

Payload = dict[str, Any]


def packed(*elements: Payload, about: str = "page", account: str = PAGE_ID) -> bytes:
    """Elements in one entry each, as Meta writes them: nothing but ASCII, slashes escaped."""
    entries = [{"id": account, "time": (START + number) * 1000, **element} for number, element in enumerate(elements)]
    return json.dumps({"object": about, "entry": entries}).replace("/", "\\/").encode()


def in_one_entry(*elements: Payload, about: str = "page", account: str = PAGE_ID) -> bytes:
    entry: Payload = {"id": account, "time": START}
    for element in elements:
        for place, items in element.items():
            entry[place] = [*entry.get(place, []), *items]
    return json.dumps({"object": about, "entry": [entry]}).replace("/", "\\/").encode()


def signed(body: bytes, secret: str = APP_SECRET) -> WebhookRequest:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    old = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    headers = {
        "x-hub-signature-256": f"sha256={digest}", "x-hub-signature": f"sha1={old}",
        "content-type": "application/json", "user-agent": "facebookexternalua",
    }  # fmt: skip
    return WebhookRequest(body=body, headers=headers)


# What happens between a client and an account.


def between(
    client: str = PSID, own: str = PAGE_ID, *, at: int = START, is_ours: bool = False, **fields: Any
) -> Payload:
    sender, recipient = (own, client) if is_ours else (client, own)
    value = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": at * 1000, **fields}
    return {"messaging": [value]}


def message(
    mid: str, text: str = "", *, client: str = PSID, own: str = PAGE_ID, at: int = START, **more: Any
) -> Payload:
    words = {"text": text} if text else {}
    return between(client, own, at=at, message={"mid": mid, **words, **more})


def echo(mid: str, text: str, *, client: str = PSID, own: str = PAGE_ID, app_id: str = "99", **more: Any) -> Payload:
    said = {"mid": mid, "text": text, "is_echo": True, "app_id": int(app_id), **more}
    return between(client, own, is_ours=True, message=said)


def own_echo(mid: str, text: str, metadata: str) -> Payload:
    return echo(mid, text, app_id=APP_ID, metadata=metadata)


def attachment(kind: str, url: str = "", **more: Any) -> Payload:
    return {"type": kind, "payload": {"url": url, **more} if url else dict(more)}


# What happens below a post.


def feed(
    verb: str, comment_id: str, text: str = "", *, author: str = FB_USER, parent: str = POST_ID, **more: Any
) -> Payload:
    names = {FB_USER: "Anna Petrova", PAGE_ID: "Loft"}
    value = {
        "item": "comment", "verb": verb, "comment_id": comment_id, "post_id": POST_ID, "parent_id": parent,
        "from": {"id": author, "name": names.get(author, "Somebody")}, "message": text, "created_time": START,
        "post": {"id": POST_ID, "permalink_url": "https://fb.test/p1", "is_published": True}, **more,
    }  # fmt: skip
    return {"changes": [{"field": "feed", "value": value}]}


def ig_comment(comment_id: str, text: str, *, author: str = IG_USER, parent: str = "", **more: Any) -> Payload:
    names = {IG_USER: "anna_p", IG_ID: "loft"}
    value: Payload = {
        "id": comment_id, "text": text, "from": {"id": author, "username": names.get(author, "x")},
        "media": {"id": MEDIA_ID, "media_product_type": "FEED"}, **more,
    }  # fmt: skip
    if parent:
        value["parent_id"] = parent
    return {"changes": [{"field": "comments", "value": value}]}


def direct(mid: str, text: str = "", **more: Any) -> Payload:
    return message(mid, text, client=IGSID, own=IG_ID, **more)
