"""What visitors' sockets are told, and what they are never told."""

import json

import pytest
from django.utils import timezone

from channels_connectors.livechat.streams import visitor_stream
from common.events import publish
from openlines.events import OperatorTyped
from openlines.models import Message
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import mark_read, pin_dialog
from openlines.services.replies import send_reply
from openlines.streams import streams_of
from routing.services.answering import answer_dialog
from tests.factories import write


@pytest.fixture
def talking(anna, cast, commit, bells):
    """Anna has written and Olga has taken the dialog; what was told so far is forgotten."""
    with commit():
        anna.write("Hello")
    with commit():
        answer_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
    bells.taken()
    return anna


def reply(cast, dialog, text, **fields):
    return send_reply(dialog_id=dialog.pk, operator=cast.olga, text=text, now=timezone.now(), **fields)[0]


def to_visitors(bells):
    """Frames that reach any visitor: body by stream."""
    return [frame for frame in bells.frames if any(stream.startswith("visitor:") for stream in frame.to)]


@pytest.mark.row("C3")
def test_an_answer_is_told_with_its_words(talking, cast, commit, bells, widget):
    with commit():
        reply(cast, talking.dialog, "Hi, this is Olga")

    (frame,) = to_visitors(bells)
    visitor = talking.dialog.chat.external_id
    assert frame.to == {visitor_stream(widget.channel.pk, visitor)}
    assert [message["text"] for message in frame.body["messages"]] == ["Hi, this is Olga"]
    assert frame.body["dialog"]["revision"] == frame.body["messages"][0]["revision"]


def test_state_before_and_frames_are_the_fresh_state(talking, cast, commit, bells):
    known = talking.messages()
    with commit():
        reply(cast, talking.dialog, "One")
    with commit():
        reply(cast, talking.dialog, "Between us", visibility="STAFF")
    with commit():
        reply(cast, talking.dialog, "Two")

    messages = {message["id"]: message for message in known["messages"]}
    revision = known["dialogs"][0]["revision"]
    for frame in to_visitors(bells):
        assert frame.body["from_revision"] <= revision
        messages |= {message["id"]: message for message in frame.body["messages"]}
        revision = frame.body["dialog"]["revision"]
    fresh = talking.messages()
    assert list(messages.values()) == fresh["messages"]
    assert revision == fresh["dialogs"][0]["revision"]


@pytest.mark.row("C3")
def test_whispers_are_never_told(talking, cast, commit, bells):
    with commit():
        reply(cast, talking.dialog, "Between us", visibility="STAFF")
    with commit():
        pin_dialog(dialog_id=talking.dialog.pk, operator=cast.olga, is_pinned=True, now=timezone.now())

    assert to_visitors(bells) == []


def test_staff_frames_reach_staff_only(talking, cast, commit, bells):
    with commit():
        reply(cast, talking.dialog, "Between us", visibility="STAFF")
        reply(cast, talking.dialog, "Hi")
        finish_dialog(dialog_id=talking.dialog.pk, operator=cast.olga, now=timezone.now())

    for frame in bells.frames:
        is_for_visitors = any(stream.startswith("visitor:") for stream in frame.to)
        assert is_for_visitors == (frame.body["type"] in {"chat.changed", "typing"})
        if is_for_visitors:
            assert len(frame.to) == 1
            assert "Between us" not in json.dumps(frame.body)
    for user in (cast.alla, cast.sergey, cast.olga, cast.mallory):
        assert not any(stream.startswith("visitor:") for stream in streams_of(user))


def test_other_channels_tell_no_visitor(channel, commit, bells):
    with commit():
        write(channel, "Hello")

    assert to_visitors(bells) == []


@pytest.mark.row("C3")
def test_the_visitor_sees_that_an_operator_read(talking, cast, commit, bells):
    with commit():
        talking.write("Are you there?")
    bells.taken()
    seq = talking.dialog.last_seq
    with commit():
        mark_read(dialog_id=talking.dialog.pk, operator=cast.olga, seq=seq)

    (frame,) = to_visitors(bells)
    assert (frame.body["dialog"]["read_seq"], frame.body["messages"]) == (seq, [])


def test_the_end_is_told(talking, cast, line, commit, bells):
    line.closing_action = "NONE"
    line.save()
    with commit():
        finish_dialog(dialog_id=talking.dialog.pk, operator=cast.olga, now=timezone.now())

    assert to_visitors(bells)[-1].body["dialog"]["is_open"] is False


@pytest.mark.row("C3")
def test_the_visitor_sees_the_operator_typing(talking, cast, commit, bells, monkeypatch):
    # Other channels tell their providers on threads of their own.
    monkeypatch.setattr("channels_connectors.subscribers.later", lambda work: None)
    with commit():
        publish(OperatorTyped(talking.dialog.pk, cast.olga.pk))

    (frame,) = to_visitors(bells)
    assert frame.body == {"type": "typing", "name": "Olga"}


def test_the_visitors_own_words_reach_their_other_tabs(talking, commit, bells):
    with commit():
        talking.write("And another thing")

    (frame,) = to_visitors(bells)
    assert [message["text"] for message in frame.body["messages"]] == ["And another thing"]


def test_an_automatic_text_is_public(anna, line, commit, bells):
    line.welcome_text = "Welcome!"
    line.save()
    with commit():
        anna.write("Hello")

    texts = [message["text"] for frame in to_visitors(bells) for message in frame.body["messages"]]
    assert texts == ["Hello", "Welcome!"]
    assert Message.objects.filter(visibility="STAFF").exists()
