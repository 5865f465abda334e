"""What a webhook of a Meta app holds, event by event: whose each is, and what it is known by when it comes again."""

from collections.abc import Iterator, Mapping
from typing import Any

from channels_connectors.connector import Event, WebhookRequest
from channels_connectors.meta.webhooks import Element, elements, event_key, fingerprint, mapping

PAGE, INSTAGRAM = "page", "instagram"
COMMENT_FIELDS = frozenset({"comments", "live_comments", "mentions"})
# What happened, by the part of an event that says so.
EDITS = ("message_edit", "message_edits")


def events_of(request: WebhookRequest) -> list[Event]:
    return [
        Event(key=_key(element), body=element.body(), scope=f"{kind}:{element.account_id}")
        for element, kind in _of_interest(request.json())
    ]


def key_of(payload: Any) -> str:
    """The key of an event that stands alone. Raises ``LookupError`` for what is none."""
    for element, _kind in _of_interest(payload):
        return _key(element)
    raise LookupError("no event")


def of_kind(payload: Any, kind: str) -> Iterator[Element]:
    """What there is for one channel kind."""
    return (element for element, theirs in _of_interest(payload) if theirs == kind)


def messaging_of(element: Element) -> Mapping[str, Any]:
    """The dashboard's test events put what stands in ``messaging`` into a change."""
    return element.change if element.field else element.value


def _of_interest(payload: Any) -> Iterator[tuple[Element, str]]:
    for element in elements(payload):
        if kind := _kind(element):
            yield element, kind


def _kind(element: Element) -> str:
    """Of which channel kind it is; empty for what no channel reads, like the likes of a page."""
    if element.object == PAGE:
        if element.field != "feed":
            return "messenger" if _is_messaging(element) else ""
        return "facebook_comments" if element.change.get("item") == "comment" else ""
    if element.object != INSTAGRAM:
        return ""
    if element.field in COMMENT_FIELDS:
        return "instagram_comments"
    return "instagram" if _is_messaging(element) else ""


def _is_messaging(element: Element) -> bool:
    return "sender" in messaging_of(element)


def _key(element: Element) -> str:
    if element.field == "feed":
        return feed_key(element.change, element.entry.get("time"))
    if element.field in COMMENT_FIELDS:
        value = element.change
        return comment_key(str(value.get("id") or value.get("comment_id") or f"of {value['media_id']}"))
    return _messaging_key(messaging_of(element))


def comment_key(comment_id: str, verb: str = "add", *details: object) -> str:
    return event_key("comment", comment_id, verb, *details)


def feed_key(value: Mapping[str, Any], time: object) -> str:
    """A comment is added once; it may be edited, hidden and shown again many times."""
    verb = str(value["verb"])
    details = () if verb in ("add", "remove") else (time, fingerprint(value))
    return comment_key(str(value["comment_id"]), verb, *details)


def _messaging_key(value: Mapping[str, Any]) -> str:
    sender, timestamp = mapping(value["sender"])["id"], value.get("timestamp")
    if "message" in value:
        message = mapping(value["message"])
        return event_key("deleted" if message.get("is_deleted") else "message", message["mid"])
    for name in EDITS:
        if name in value:
            edit = mapping(value[name])
            return event_key("edit", edit["mid"], edit.get("num_edit"), fingerprint(edit.get("text")))
    if "postback" in value and "mid" in mapping(value["postback"]):
        return event_key("postback", value["postback"]["mid"])
    return event_key("other", sender, timestamp, fingerprint(value))
