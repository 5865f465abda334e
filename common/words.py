"""Words as search knows them: one way to take a text apart, for what is kept, what is typed and what is lit up."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, TextField

LONGEST_WORD = 40
NUMBER_DIGITS = 10

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s().-]{0,3}\d){9,14}(?!\w)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Spot:
    """A word and where it stands in its text."""

    word: str
    start: int
    end: int


def shown(text: str) -> str:
    """The text as it is shown and taken apart: composed letters, nothing invisible inside words."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\0", "")))


def folded(text: str) -> str:
    """Without what people don't look at when they compare words: case, the two dots of ё, the one over a small İ."""
    return text.lower().replace("ё", "е").replace("\u0307", "")


def spots(text: str) -> Iterator[Spot]:
    """The words of a text that went through ``shown``; a number written in groups is one word beside its groups."""
    for found in _WORD.finditer(text):
        yield Spot(folded(found[0])[:LONGEST_WORD], found.start(), found.end())
    for found in _NUMBER.finditer(text):
        yield Spot(number_word(found[0]), found.start(), found.end())


def words_of(text: str, *, most: int) -> list[str]:
    """Its different words, in their order and its numbers after them; of an endless text the first ones."""
    text = folded(shown(text))
    words = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(text))
    words.update(dict.fromkeys(map(number_word, _NUMBER.findall(text))))
    return list(words)[:most]


def number_word(number: str) -> str:
    """A phone's own digits: however the country was written, or not, they are the same."""
    return re.sub(r"\D", "", number)[-NUMBER_DIGITS:]


def pattern_of(part: str) -> str:
    """For LIKE. A word begins with one or two letters, and may have three anywhere."""
    return f"{part}%" if len(part) < 3 else f"%{part}%"


def is_part(part: str, word: str) -> bool:
    """The same without a database."""
    return word.startswith(part) if len(part) < 3 else part in word


def have_part(parts: Iterable[str], word: str) -> bool:
    return any(is_part(part, word) for part in parts)


class Folded(Func):
    """``folded`` in the database, and the expression of the indexes that find by it."""

    template = "replace(lower(%(expressions)s), 'ё', 'е')"
    arity = 1
    output_field = TextField()

    def __init__(self, field: str | F, **extra: Any) -> None:
        super().__init__(field, **extra)
