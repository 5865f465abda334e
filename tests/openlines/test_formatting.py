"""Marks in what operators write: the same rules here and in the console."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openlines.formatting import formats, has_marks, pieces, plain
from openlines.types import TextFormat

pytestmark = pytest.mark.row("D10")

VECTORS = json.loads((Path(__file__).parents[1] / "formatting.json").read_text())
ROUGH = st.text(alphabet=st.sampled_from("*_~`ab \n.я👍/:"), max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"][:30])
def test_marks_are_read_as_agreed(vector):
    assert [[piece.text, list(piece.marks)] for piece in pieces(vector["text"])] == vector["pieces"]


@settings(max_examples=300, deadline=None)
@given(ROUGH)
def test_nothing_but_marks_goes_missing(text: str):
    rest = iter(text)
    # What is left is a subsequence of the text, and what was taken away are signs only.
    assert all(character in rest for character in plain(text))
    assert {*text} - {*plain(text)} <= {*"*_~`"}


@settings(max_examples=300, deadline=None)
@given(ROUGH)
def test_formats_lie_inside_the_text_and_hold_words(text: str):
    words, found = formats(text)

    assert words == plain(text)
    assert bool(found) == has_marks(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(words)
        assert "\n" not in words[one.start : one.end]


def test_formats_are_counted_in_the_plain_text():
    words, found = formats("An **oak _table_** for `42`")

    assert words == "An oak table for 42"
    assert found == (TextFormat("BOLD", 3, 12), TextFormat("ITALIC", 7, 12), TextFormat("CODE", 17, 19))


def test_a_hundred_thousand_signs_take_no_time():
    started = time.process_time()
    for sign in ("**", "_", "`", "~~a ", "**a _b `c ", "https://"):
        formats(sign * 20_000)

    assert time.process_time() - started < 5
