"""What a visitor sees of the queue: their place, and what staff's work does to it."""

import pytest
from django.utils import timezone

from channels_connectors.livechat.queries import newest_dialog
from channels_connectors.livechat.tokens import visitor_of
from openlines.models import Dialog
from openlines.services.lifecycle import mark_read
from routing.services.answering import answer_dialog


@pytest.fixture
def both(anna, boris, commit):
    """Anna has written, then Boris; nobody has taken them."""
    for visitor in (anna, boris):
        with commit():
            visitor.write("Hello")
    return anna, boris


def dialog_of(visitor):
    return Dialog.objects.get(chat__external_id=visitor_of(visitor.token, channel_id=visitor.widget.channel.pk))


def place(visitor):
    return visitor.messages()["dialogs"][-1]["waiting"]


@pytest.mark.row("R12")
def test_visitors_are_told_their_places(both):
    anna, boris = both

    assert place(anna) == {"position": 1, "wait": None}
    assert place(boris) == {"position": 2, "wait": None}


@pytest.mark.row("R12")
def test_the_range_comes_with_the_place(both, monkeypatch):
    monkeypatch.setattr("routing.pace.gaps", lambda takings: [60.0] * 50)
    _anna, boris = both

    wait = place(boris)["wait"]

    assert wait["from_seconds"] <= 120 < wait["to_seconds"]


@pytest.mark.row("R12")
def test_whoever_is_taken_has_no_place_and_the_others_move_up(both, cast, commit):
    anna, boris = both
    with commit():
        answer_dialog(dialog_id=dialog_of(anna).pk, operator=cast.olga, now=timezone.now())

    assert place(anna) is None
    assert place(boris) == {"position": 1, "wait": None}


def test_the_place_is_gone_as_soon_as_an_operator_looks(both, cast, commit, bells):
    anna, _boris = both
    bells.taken()
    with commit():
        dialog = answer_dialog(dialog_id=dialog_of(anna).pk, operator=cast.olga, now=timezone.now())
        mark_read(dialog_id=dialog.pk, operator=cast.olga, seq=dialog.last_seq)

    frames = [frame.body for frame in bells.frames if frame.body["type"] == "chat.changed"]
    assert frames[-1]["dialog"]["waiting"] is None


def test_the_first_word_is_answered_with_the_place(anna):
    assert anna.write("Hello").json()["dialog"]["waiting"] == {"position": 1, "wait": None}
    assert "waiting" not in anna.write("Is anybody there?").json()["dialog"]


def test_frames_leave_the_place_out(both, bells, commit):
    anna, _boris = both
    bells.taken()
    with commit():
        anna.write("Is anybody there?")

    (frame,) = [frame.body for frame in bells.frames if frame.body["type"] == "chat.changed"]
    assert "waiting" not in frame["dialog"]


@pytest.mark.row("R12")
def test_the_place_comes_with_the_heartbeats_that_there_are_anyway(both):
    _anna, boris = both
    visitor = visitor_of(boris.token, channel_id=boris.widget.channel.pk)

    newest = newest_dialog(boris.widget, visitor, now=timezone.now())

    assert newest["waiting"]["position"] == 2
