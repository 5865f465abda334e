"""Texts are taken apart in one way, for what is kept, what is typed and what is lit up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.words import LONGEST_WORD, have_part, pattern_of, spots, words_of

pytestmark = pytest.mark.row("D14")


def test_words_are_compared_without_case_and_dots():
    assert words_of("Ещё ЁЛКА, Order's", most=10) == ["еще", "елка", "order", "s"]


def test_signs_part_words_and_what_is_invisible_does_not():
    assert words_of("да/нет anna@loft.example snake_case", most=10) == [
        "да", "нет", "anna", "loft", "example", "snake", "case",
    ]  # fmt: skip
    assert words_of("за\u00adказ\u200b и\u0306од", most=10) == ["заказ", "йод"]


@pytest.mark.parametrize("phone", ["+7 (916) 123-45-67", "8 916 123 45 67", "89161234567", "916-123-4567"])
def test_a_phone_is_one_word_whatever_way_it_is_written(phone):
    assert "9161234567" in words_of(f"My phone: {phone}.", most=20)


def test_dates_and_numbers_of_orders_are_no_phones():
    assert words_of("26.11.2026, № 12345", most=10) == ["26", "11", "2026", "12345"]


def test_an_endless_text_has_only_its_first_words():
    assert len(words_of(" ".join(map(str, range(100_000))), most=1000)) == 1000
    assert words_of("я" * 100_000, most=10) == ["я" * LONGEST_WORD]


def test_a_short_part_is_a_beginning_and_a_longer_one_is_anywhere():
    assert (pattern_of("за"), pattern_of("зак")) == ("за%", "%зак%")
    assert have_part(["за"], "заказ")
    assert not have_part(["аз"], "заказ")
    assert have_part(["каз"], "заказ")


@given(st.text(max_size=200))
def test_spots_are_where_they_say(text):
    for spot in spots(text):
        assert 0 <= spot.start < spot.end <= len(text)
        assert spot.word
