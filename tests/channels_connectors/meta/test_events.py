"""One webhook of an app, taken apart: whose each event is, and what it is known by."""

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.meta.events import events_of, key_of
from channels_connectors.registry import CONNECTORS
from tests.providers.meta.model import IG_ID, PAGE_ID
from tests.providers.meta.webhooks import (
    attachment,
    between,
    direct,
    echo,
    feed,
    ig_comment,
    in_one_entry,
    message,
    packed,
)

KINDS = ("messenger", "facebook_comments", "instagram", "instagram_comments")
ACCOUNT = Account(channel_id=1, credentials={"app_id": "1", "app_secret": "x", "access_token": "t"})
pytestmark = [pytest.mark.row(row) for row in ("C4", "C5", "C6", "C7")]


def events(body: bytes):
    return events_of(WebhookRequest(body=body))


def test_each_event_of_a_page_goes_to_the_channel_it_is_for():
    body = in_one_entry(message("m_1", "One"), feed("add", "555_1", "Two"), message("m_2", "Three"))

    found = events(body)

    assert [event.scope for event in found] == [
        f"messenger:{PAGE_ID}", f"messenger:{PAGE_ID}", f"facebook_comments:{PAGE_ID}",
    ]  # fmt: skip
    assert [event.key for event in found] == ["message:m_1", "message:m_2", "comment:555_1:add"]


def test_each_event_of_an_instagram_account_goes_to_the_channel_it_is_for():
    found = events(packed(direct("aWdf1", "One"), ig_comment("179_1", "Two"), about="instagram", account=IG_ID))

    assert [event.scope for event in found] == [f"instagram:{IG_ID}", f"instagram_comments:{IG_ID}"]


def test_pages_and_accounts_in_one_request_stay_apart():
    first, second = (
        json.loads(packed(message("m_1", "One"))),
        json.loads(packed(message("m_1", "One"), account="other")),
    )
    body = json.dumps({"object": "page", "entry": [*first["entry"], *second["entry"]]}).encode()

    assert [event.scope for event in events(body)] == [f"messenger:{PAGE_ID}", "messenger:other"]


def test_what_no_channel_reads_is_not_kept():
    like = {"changes": [{"field": "feed", "value": {"item": "like", "verb": "add"}}]}
    other = {"changes": [{"field": "ratings", "value": {"item": "rating"}}]}

    assert events(packed(like, other)) == []
    assert events(packed({"changes": [{"field": "messages", "value": {}}]}, about="whatsapp_business_account")) == []


def test_all_three_shapes_of_instagram_are_taken():
    message_of = direct("aWdf1", "Hi")["messaging"][0]
    as_test = {"changes": [{"field": "messages", "value": message_of}]}
    plain = {"field": "comments", "value": ig_comment("179_1", "Hi")["changes"][0]["value"]}

    found = events(packed(as_test, plain, about="instagram", account=IG_ID))

    assert [event.scope.partition(":")[0] for event in found] == ["instagram", "instagram_comments"]
    for event, kind in zip(found, ("instagram", "instagram_comments"), strict=True):
        (item,) = CONNECTORS[kind].parse(json.loads(event.body), account=ACCOUNT)
        assert item.text == "Hi"


def test_what_happens_again_to_the_same_message_has_another_key():
    keys = [
        key_of(json.loads(packed(element)))
        for element in (
            message("m_1", "Hi"),
            message("m_1", is_deleted=True),
            between(message_edit={"mid": "m_1", "text": "Hi!", "num_edit": 1}),
            between(message_edit={"mid": "m_1", "text": "Hi!!", "num_edit": 2}),
            between(reaction={"mid": "m_1", "action": "react", "emoji": "👍"}),
            between(reaction={"mid": "m_1", "action": "unreact"}),
            between(read={"watermark": 1}),
            between(delivery={"watermark": 1}),
            feed("add", "m_1", "Hi"),
            feed("edited", "m_1", "Hi!"),
            feed("edited", "m_1", "Hi!!"),
            feed("hide", "m_1"),
            feed("remove", "m_1"),
        )
    ]

    assert len(set(keys)) == len(keys)


def test_an_event_stands_alone_as_it_stood_in_the_batch():
    for event in events(in_one_entry(message("m_1", "One"), message("m_2", "Two"), feed("add", "555_1", "Three"))):
        (again,) = events(event.body)
        assert again == event


VALID = {
    "messenger": [
        message("m_1", "Hi", reply_to={"mid": "m_0"}, attachments=[attachment("image", "https://x.test/a.png")]),
        message("m_2", "Yes", quick_reply={"payload": "answer:1"}),
        echo("m_3", "Hello", metadata="7.0"),
        between(postback={"mid": "m_4", "title": "Go", "payload": "go", "referral": {"ref": "ad"}}),
        between(reaction={"mid": "m_1", "action": "react", "emoji": "👍"}),
        between(delivery={"mids": ["m_1"], "watermark": 1_790_000_000_000}),
        between(read={"watermark": 1_790_000_000_000}),
        between(message_edit={"mid": "m_1", "text": "Hi!", "num_edit": 1}),
        message("m_5", attachments=[{"type": "location", "payload": {"coordinates": {"lat": 1.5, "long": 2.5}}}]),
    ],
    "facebook_comments": [feed(verb, "555_1", "Hi") for verb in ("add", "edited", "remove", "hide", "unhide")]
    + [feed("add", "555_2", "Hi", author=PAGE_ID, parent="555_1")],
    "instagram": [
        direct("aWdf1", "Hi", reply_to={"story": {"id": "S1", "url": "https://x.test/s.jpg"}}),
        direct("aWdf2", is_deleted=True),
        direct("aWdf3", attachments=[attachment("story_mention", "https://x.test/s.jpg")]),
        between(read={"mid": "aWdf1"}),
    ],
    "instagram_comments": [ig_comment("179_1", "Hi"), ig_comment("179_2", "Hi", author=IG_ID, parent="179_1")],
}  # fmt: skip
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=20), st.just([]), st.just({}),
    st.just([None]), st.just({"id": None}), st.just(10**400), st.just("\ud800\0"),
)  # fmt: skip


def paths_in(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from paths_in(item, (*path, name))


def mutated(value, path, junk):
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = mutated(value[path[0]], path[1:], junk)
    return copy


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_no_nonsense_is_worse_than_refused(kind, draw):
    about = "instagram" if kind.startswith("instagram") else "page"
    genuine = json.loads(packed(draw.draw(st.sampled_from(VALID[kind])), about=about, account=IG_ID))
    payload = genuine
    for _times in range(draw.draw(st.integers(1, 3))):
        paths = list(paths_in(payload))
        payload = mutated(payload, draw.draw(st.sampled_from(paths)), draw.draw(JUNK))
    connector = CONNECTORS[kind]

    for read in (
        lambda: connector.events(WebhookRequest(body=json.dumps(payload).encode()), ACCOUNT),
        lambda: connector.parse(payload, account=ACCOUNT),
    ):
        with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
            assert len(repr(read())) < 20_000


def test_a_body_of_three_megabytes_is_read_in_no_time():
    many = [message(f"m_{number}", "x" * 200) for number in range(8000)]

    assert len(events(in_one_entry(*many))) == 8000
