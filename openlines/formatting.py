"""Marks in what operators write: ``**bold**``, ``_italic_``, ``~~struck~~``, `` `code` ``. Pure, in one pass.

A mark opens before a character that is no space and after one that is no letter, and closes the other way round, on
the same line; inside code and addresses there are none. What is not closed stays as written. The console has the same
rules in ``static/console/core/formatting.js``, both are held to ``tests/formatting.json``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openlines.types import TextFormat

MARKS = {"**": "BOLD", "_": "ITALIC", "~~": "STRUCK", "`": "CODE"}
TOKEN = re.compile(r"(?:https?://|www\.)[^\s<>\"']+|\*+|_+|~+|`+|\n")
SPACES = "\t\n\v\f\r"
OF_WORDS = frozenset("LNM")


@dataclass(slots=True)
class Token:
    text: str
    mark: str = ""
    can_open: bool = False
    can_close: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks, in the order in which they are nested."""

    text: str
    marks: tuple[str, ...] = ()


def pieces(text: str) -> list[Piece]:
    """The text without its marks, in runs."""
    tokens = list(_tokens(text))
    _pair(tokens)
    runs = groupby(_runs(tokens), key=lambda run: run.marks)
    return [Piece("".join(run.text for run in same), marks) for marks, same in runs]


def plain(text: str) -> str:
    return "".join(piece.text for piece in pieces(text))


def plain_of(text: str, payload: Mapping[str, Any]) -> str:
    """The words of a message as channels without marks, lists and quotes have them."""
    return plain(text) if payload.get("is_formatted") else text


def has_marks(text: str) -> bool:
    return any(piece.marks for piece in pieces(text))


def formats(text: str) -> tuple[str, tuple[TextFormat, ...]]:
    """The plain text, and which marks hold from where to where in it."""
    found: list[TextFormat] = []
    since: dict[str, int] = {}
    place = 0
    for piece in [*pieces(text), Piece("")]:
        ended = [mark for mark in since if mark not in piece.marks]
        found += [TextFormat(mark, since.pop(mark), place) for mark in ended]
        since |= {mark: place for mark in piece.marks if mark not in since}
        place += len(piece.text)
    return plain(text), tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while found := TOKEN.search(text, place):
        end = found.end() if found[0][0] in "*_~`\n" else found.start() + len(found[0].rstrip("*_~`"))
        if found.start() > place:
            yield Token(text[place : found.start()])
        yield _token(text, found.start(), end)
        place = end
    if place < len(text):
        yield Token(text[place:])


def _token(text: str, start: int, end: int) -> Token:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    mark = MARKS.get(text[start:end], "")
    can_open = bool(mark and after and not _is_space(after) and not _is_of_word(before))
    can_close = bool(mark and before and not _is_space(before) and not _is_of_word(after))
    return Token(text[start:end], mark, can_open, can_close)


def _is_space(character: str) -> bool:
    return character in SPACES or unicodedata.category(character)[0] == "Z"


def _is_of_word(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] in OF_WORDS


def _pair(tokens: Sequence[Token]) -> None:
    """Give marks that belong together their roles. ``opened`` is a stack of at most one mark of each kind."""
    ends_of_code = _ends_of_code(tokens)
    opened: dict[str, int] = {}
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.text == "\n":
            opened.clear()
        elif token.mark == "CODE":
            if token.can_open and ends_of_code[place]:
                token.role, place = "open", ends_of_code[place]
                tokens[place].role = "close"
        elif token.can_close and token.mark in opened:
            _close(tokens, opened, token)
        elif token.can_open and token.mark not in opened:
            opened[token.mark] = place
        place += 1


def _close(tokens: Sequence[Token], opened: dict[str, int], token: Token) -> None:
    """What was opened inside and is not closed by now stays as written."""
    while token.role == "":
        mark, start = opened.popitem()
        if mark == token.mark:
            tokens[start].role, token.role = "open", "close"


def _ends_of_code(tokens: Sequence[Token]) -> list[int]:
    """For each place, where the next mark on its line is that can close code; 0 where there is none."""
    ends = [0] * len(tokens)
    following = 0
    for place in range(len(tokens) - 1, -1, -1):
        ends[place] = following
        if tokens[place].text == "\n":
            following = 0
        elif tokens[place].mark == "CODE" and tokens[place].can_close:
            following = place
    return ends


def _runs(tokens: Sequence[Token]) -> Iterator[Piece]:
    marks: tuple[str, ...] = ()
    for token in tokens:
        if token.role == "open":
            marks = (*marks, token.mark)
        elif token.role == "close":
            marks = marks[:-1]
        else:
            yield Piece(token.text, marks)
