"""What comments say."""

import json

import pytest
from hypothesis import given, settings

from channels_connectors.connector import Account
from channels_connectors.youtube.connector import YouTubeComments
from channels_connectors.youtube.payloads import event_key, incoming_from
from tests.channels_connectors.hostile import REFUSALS, mutated
from tests.providers.youtube import ANNA, BORIS, OUR_CHANNEL, YouTubeSimulator

pytestmark = pytest.mark.row("C10")


def read(event):
    return incoming_from(event, OUR_CHANNEL)[0]


def test_a_comment_says_who_where_and_when():
    youtube = YouTubeSimulator()
    comment = youtube.comments("Nice")
    message = read(youtube.event(comment))

    assert (message.text, message.sender.username, message.chat_external_id) == ("Nice", "anna", f"V1:{ANNA}")
    assert message.sent_at.timestamp() == comment.published
    assert message.subject.url == f"https://www.youtube.com/watch?v=V1&lc={comment.id}"


def test_an_answer_in_somebody_s_thread_is_another_chat_and_answers_will_name_its_author():
    youtube = YouTubeSimulator()
    thread = youtube.comments("One")
    reply = youtube.answers_to(thread, "Two", author=BORIS)
    message = read(youtube.event(reply))

    assert message.chat_external_id == f"V1:{BORIS}"
    assert message.reply_to_external_id == thread.id
    assert message.thread == {"thread_id": thread.id, "comment_id": reply.id, "mention": "@boris"}


def test_a_comment_on_the_channel_itself_has_no_video():
    youtube = YouTubeSimulator()
    message = read(youtube.event(youtube.comments("Hello", video="")))

    assert message.subject.kind == "channel"
    assert message.chat_external_id == f"{OUR_CHANNEL}:{ANNA}"


def test_who_has_closed_their_channel_is_known_by_name():
    youtube = YouTubeSimulator()
    event = youtube.event(youtube.comments("Hello"))
    del event["comment"]["snippet"]["authorChannelId"]

    assert read(event).sender.external_id == "name:@anna"


def test_the_title_of_the_video_is_asked_for_once_and_is_not_needed(connector, account, youtube):
    events = [youtube.event(youtube.comments(text)) for text in ("One", "Two")]
    completed = [connector.complete(event, account=account) for event in events]

    assert [read(event).subject.title for event in completed] == ["How we make sofas"] * 2
    assert read(completed[0]).subject.image == "https://i.example.org/medium.jpg"
    assert len(youtube.calls_to("/videos")) == 1
    youtube.quota = 0
    other = connector.complete(youtube.event(youtube.comments("Three", video="V2")), account=account)
    assert read(other).subject.title == ""


def valid():
    youtube = YouTubeSimulator()
    thread = youtube.comments("One", image="https://i.example.org/1.png")
    reply = youtube.answers_to(thread, "@anna two", author=BORIS)
    own = youtube.answers_to(thread, "Three", author=OUR_CHANNEL)
    youtube.changes(reply, "Two!")
    events = [youtube.event(comment) for comment in (thread, reply, own)]
    return [*events, events[2] | {"answered": events[1]["comment"], "video": {"snippet": {"title": "Sofas"}}}]


@settings(max_examples=300, deadline=None)
@given(payload=mutated(valid()))
def test_whatever_comes_is_read_or_refused(payload):
    connector, account = YouTubeComments(), Account(channel_id=1, credentials={}, scope=f"youtube:{OUR_CHANNEL}")
    try:
        payload = connector.read(json.dumps(payload).encode())
        assert event_key(payload)
        assert len(connector.parse(payload, account=account)) <= 2
    except REFUSALS:
        pass
