"""Cutting long texts the way Telegram counts them: in UTF-16 units."""

import re
import unicodedata
from collections.abc import Iterator

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024

# The best places first. In the first half of a part only a word may be cut: else parts become needlessly small.
BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。!?])\s+"))
WORD_BREAK = re.compile(r"\s+")
LINK = re.compile(r"(?:https?://|www\.|tg://)\S+")

JOINER = "\u200d"
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
SKIN_TONES = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int = TEXT_LENGTH) -> list[str]:
    """Parts of at most ``limit`` units, cut at a paragraph, a sentence or a word, never inside a character or a link.

    The white space at the cuts is left out; a text of nothing but white space has no parts.
    """
    return [text[start:end] for start, end in places_of_parts(text, limit)]


def places_of_parts(text: str, limit: int = TEXT_LENGTH) -> Iterator[tuple[int, int]]:
    """From which character to before which each part goes."""
    rest = text.rstrip()
    whole = len(rest)
    rest = rest.lstrip()
    while utf16_length(rest) > limit:
        end = _cut(rest, limit)
        start = whole - len(rest)
        yield start, start + len(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest:
        yield whole - len(rest), whole


def _cut(text: str, limit: int) -> int:
    window = text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
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
