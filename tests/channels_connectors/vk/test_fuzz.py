"""Whatever an event says: it is read, or refused, in time that grows with its length at most."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.registry import connector_for

pytestmark = [pytest.mark.row("C18")]

REFUSALS = (ValueError, LookupError, TypeError, AttributeError)
SECRET = "a-secret"
MESSAGE: dict[str, Any] = {
    "type": "message_new", "event_id": "a", "group_id": 555, "v": "5.199", "secret": SECRET,
    "object": {
        "client_info": {"button_actions": ["text", "callback"], "inline_keyboard": True},
        "message": {
            "id": 1, "conversation_message_id": 2, "date": 1790000000, "peer_id": 7, "from_id": 7, "text": "[id1|A] Hi",
            "payload": '{"button": "x"}', "geo": {"coordinates": {"latitude": 1.5, "longitude": 2.5}, "place": {}},
            "reply_message": {"conversation_message_id": 1, "text": "x", "from_id": -555},
            "fwd_messages": [{"text": "y", "attachments": []}],
            "attachments": [
                {"type": "photo", "photo": {"sizes": [{"url": "https://x", "width": 1, "height": 1}]}},
                {"type": "doc", "doc": {"url": "https://x", "title": "t", "size": 3}},
                {"type": "market", "market": {"id": 1, "owner_id": 1, "title": "t", "price": {"text": "1"}}},
                {"type": "sticker", "sticker": {"sticker_id": 1, "images": []}},
            ],
        },
    },
}  # fmt: skip
COMMENT: dict[str, Any] = {
    "type": "wall_reply_new", "event_id": "b", "group_id": 555, "v": "5.199", "secret": SECRET,
    "object": {
        "id": 1, "from_id": 7, "date": 1790000000, "text": "Hi", "post_id": 3, "owner_id": -555,
        "reply_to_user": 8, "reply_to_comment": 9, "attachments": [{"type": "link", "link": {"url": "https://x"}}],
    },
}  # fmt: skip
TYPES = (
    "message_new", "message_reply", "message_edit", "message_event", "message_read", "message_typing_state",
    "message_reaction_event", "message_allow", "wall_reply_new", "wall_reply_edit", "wall_reply_delete",
)  # fmt: skip
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=8), st.integers(), max_size=3),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def with_junk(payload: Any, place: tuple[Any, ...], junk: Any) -> Any:
    if not place:
        return junk
    changed = json.loads(json.dumps(payload))
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    return changed


@pytest.mark.parametrize("payload", [MESSAGE, COMMENT], ids=["message", "comment"])
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_junk_anywhere_is_read_or_refused(payload: dict[str, Any], data: Any):
    changed = with_junk(payload, data.draw(st.sampled_from(places(payload))), data.draw(JUNK))
    if isinstance(changed, dict) and isinstance(changed.get("type"), str):
        changed["type"] = data.draw(st.sampled_from(TYPES))
    body = json.dumps(changed).encode()
    for kind in ("vk", "vk_comments"):
        account = Account(channel_id=1, credentials={}, webhook_secret=SECRET, scope=f"{kind}:555")
        connector = connector_for(kind)
        for work in (
            lambda: connector.events(WebhookRequest(body=body), account),  # noqa: B023
            lambda: connector.parse(connector.read(body), account=account),  # noqa: B023
        ):
            try:
                work()
            except REFUSALS:
                continue


def test_three_megabytes_are_read_in_time_that_grows_with_them():
    connector = connector_for("vk")
    account = Account(channel_id=1, credentials={}, scope="vk:555")

    def seconds(length: int) -> float:
        message = MESSAGE["object"]["message"] | {"text": "[id1|a" * (length // 6), "payload": ""}
        payload = MESSAGE | {"object": {"message": message}}
        began = time.perf_counter()
        connector.parse(payload, account=account)
        return time.perf_counter() - began

    assert seconds(3_000_000) < 3


def test_forwarded_messages_do_not_grow_without_end():
    connector = connector_for("vk")
    inner: dict[str, Any] = {"text": "x", "fwd_messages": []}
    for _level in range(40):
        inner = {"text": "x", "fwd_messages": [inner, inner]}
    message = MESSAGE["object"]["message"] | {"fwd_messages": [inner], "payload": ""}

    (said,) = connector.parse(
        MESSAGE | {"object": {"message": message}}, account=Account(channel_id=1, credentials={}, scope="vk:555")
    )

    assert len(said.text) < 1000
