from hypothesis import given
from hypothesis import strategies as some

from channels_connectors import splitting
from channels_connectors.splitting import length_in

UNIT = "utf16"
FAMILY = "👨‍👩‍👧"
FLAG = "🇷🇺"
words = some.text(some.sampled_from(f"ab .\n!{FAMILY}{FLAG}é\u0301❤\ufe0f👍🏽"), max_size=120)


def split_text(text: str, limit: int = 4096) -> list[str]:
    return splitting.split_text(text, limit, UNIT)


def test_a_text_that_fits_stays_whole():
    assert split_text("Good morning!") == ["Good morning!"]
    assert split_text("a" * 4096) == ["a" * 4096]
    assert split_text("   \n ") == []


def test_length_is_counted_in_utf16_units_as_telegram_does():
    assert length_in("😀", "utf16") == 2
    assert split_text("😀" * 2049) == ["😀" * 2048, "😀"]


def test_paragraphs_are_preferred_to_sentences_and_sentences_to_words():
    assert split_text("One two. Three\n\nfour. Five six", 20) == ["One two. Three", "four. Five six"]
    assert split_text("One two three. Four five six", 20) == ["One two three.", "Four five six"]
    assert split_text("One two three four five six", 20) == ["One two three four", "five six"]


def test_a_break_right_at_the_limit_is_taken():
    assert split_text("One two. Three four", 8) == ["One two.", "Three", "four"]


def test_a_link_is_not_torn():
    link = "https://example.com/order/42"
    assert split_text(f"中文中文中文中文{link}", 30) == ["中文中文中文中文", link]
    assert split_text(f"See {link} today", 30) == ["See", f"{link}", "today"]


def test_a_link_longer_than_a_message_is_torn_all_the_same():
    assert [len(part) for part in split_text("https://example.com/" + "a" * 50, 40)] == [40, 30]


def test_emoji_of_several_characters_stay_whole():
    assert split_text(FAMILY * 3, 17) == [FAMILY * 2, FAMILY]
    assert split_text(FLAG * 3, 6) == [FLAG] * 3
    assert split_text("👍🏽" * 3, 7) == ["👍🏽"] * 3
    assert split_text("e\u0301" * 3, 3) == ["e\u0301"] * 3


def test_marks_without_end_do_not_hang():
    parts = split_text("e" + "\u0301" * 100, 40)
    assert "".join(parts) == "e" + "\u0301" * 100


@given(words, some.integers(12, 40))
def test_nothing_is_lost_and_no_part_is_too_long(text, limit):
    parts = split_text(text, limit)

    assert all(0 < length_in(part, UNIT) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
