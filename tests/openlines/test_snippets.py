"""What of a text a search shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.words import shown
from openlines.snippets import has_hit, lit_up, pieces_of

pytestmark = pytest.mark.row("D14")


def marked(pieces):
    return "".join(f"[{piece['text']}]" if piece["is_hit"] else piece["text"] for piece in pieces)


def test_a_short_text_is_shown_whole_with_every_hit():
    pieces = pieces_of("Столы и\nстулья, столы!", lambda word: word == "столы")

    assert marked(pieces) == "[Столы] и стулья, [столы]!"


def test_a_long_text_is_shown_around_its_first_hit():
    pieces = pieces_of(f"{'слово ' * 100}дуб {'слово ' * 100}", lambda word: word == "дуб", length=60)

    text = marked(pieces)
    assert text.startswith("…слово")
    assert "[дуб]" in text
    assert text.endswith("…")
    assert len(text) < 70


def test_a_phone_is_lit_up_as_one():
    assert marked(pieces_of("8 (916) 123-45-67 or 5", lambda word: "1234567" in word)) == "[8 (916) 123-45-67] or 5"


def test_markup_stays_text():
    assert marked(pieces_of("<b>oak</b>", lambda word: word == "oak")) == "<b>[oak]</b>"


def test_parts_of_names_are_lit_up_wherever_they_stand():
    assert marked(lit_up("Фёдор Петров", ["федо", "етр"])) == "[Фёдо]р П[етр]ов"
    assert not has_hit(lit_up("Anna", ["boris"]))


@given(st.text(max_size=400), st.sampled_from(["", "a", "1", "я"]), st.integers(1, 80))
def test_pieces_are_a_part_of_the_text_in_its_order(text, part, length):
    pieces = pieces_of(text, lambda word: bool(part) and part in word, length=length)

    shown_text = "".join(piece["text"] for piece in pieces)
    whole = " ".join(shown(text).split())
    assert shown_text.strip("…") in whole or not shown_text.strip("…")
