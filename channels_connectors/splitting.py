"""Cutting long texts in the unit that a provider counts in: characters, UTF-16 units or bytes."""

import re
import unicodedata
from collections.abc import Iterator

ENCODINGS = {"utf16": ("utf-16-le", 2), "bytes": ("utf-8", 1), "characters": ("utf-32-le", 4)}

# The best places first. In the first half of a part only a word may be cut: else parts become needlessly small.
BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。!?])\s+"))
WORD_BREAK = re.compile(r"\s+")
LINK = re.compile(r"(?:[A-Za-z]{2,10}://|www\.)\S+")

JOINER = "\u200d"
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
SKIN_TONES = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)


def length_in(text: str, unit: str) -> int:
    """How long a text is in ``characters``, ``utf16`` units or ``bytes``."""
    encoding, size = ENCODINGS[unit]
    return len(text.encode(encoding, "surrogatepass")) // size


def split_text(text: str, limit: int, unit: str = "characters") -> list[str]:
    """Parts of at most ``limit`` units, cut at a paragraph, a sentence or a word, never inside a character or a link.

    The white space at the cuts is left out; a text of nothing but white space has no parts.
    """
    return [text[start:end] for start, end in places_of_parts(text, limit, unit)]


def places_of_parts(text: str, limit: int, unit: str = "characters") -> Iterator[tuple[int, int]]:
    """From which character to before which each part goes."""
    end_of_text = len(text.rstrip())
    start = _after_space(text, 0, end_of_text)
    while start < end_of_text:
        window = _window(text, start, end_of_text, limit, unit)
        if start + len(window) >= end_of_text:
            yield start, end_of_text
            return
        cut = start + _cut(text[start:end_of_text], window)
        yield start, start + len(text[start:cut].rstrip())
        start = _after_space(text, cut, end_of_text)


def _after_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _window(text: str, start: int, end: int, limit: int, unit: str) -> str:
    """The longest beginning that fits; at least one character."""
    encoding, size = ENCODINGS[unit]
    # No unit holds more characters than it has units.
    beginning = text[start : min(end, start + limit)].encode(encoding, "surrogatepass")
    return beginning[: limit * size].decode(encoding, "ignore") or text[start]


def _cut(text: str, window: str) -> int:
    if text[len(window)].isspace():
        return len(window)
    for pattern in BREAKS:
        place = _last(pattern, window, at_least=len(window) // 2)
        if place:
            return place
    return _last(WORD_BREAK, window, at_least=1) or _inside_word(text, len(window))


def _last(pattern: re.Pattern[str], window: str, *, at_least: int) -> int:
    return max((found.start() for found in pattern.finditer(window, at_least)), default=0)


def _inside_word(text: str, furthest: int) -> int:
    """Where to cut a text without white space: before a link that would be torn, else between whole characters."""
    for link in LINK.finditer(text[: furthest + 1]):
        if 0 < link.start() < furthest < link.end():
            furthest = link.start()
    place = furthest
    while place > 0 and not _is_character_boundary(text, place):
        place -= 1
    return place or furthest


def _is_character_boundary(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if JOINER in (before, after) or _extends(after):
        return False
    if ord(before) in REGIONAL_INDICATORS and ord(after) in REGIONAL_INDICATORS:
        return _flag_letters_before(text, place) % 2 == 0
    return True


def _extends(character: str) -> bool:
    """Combining marks, variation selectors, key caps, skin tones and flag tags belong to what stands before them."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc") or ord(character) in SKIN_TONES or ord(character) in TAGS
    )


def _flag_letters_before(text: str, place: int) -> int:
    count = 0
    while count < place and ord(text[place - count - 1]) in REGIONAL_INDICATORS:
        count += 1
    return count
