"""Which piece of a text a search shows, and which words in it are lit up. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from common.words import folded, shown, spots

Json = dict[str, Any]

LENGTH = 160
BEFORE = 40
"""Of the words before the first hit, so many letters."""
ELLIPSIS = "…"


def pieces_of(text: str, is_hit: Callable[[str], bool], *, length: int = LENGTH) -> list[Json]:
    """The text around its first hit as ``[{"text", "is_hit"}]``; its beginning where nothing hits."""
    text = " ".join(shown(text).split())
    hits = list(_joined((spot.start, spot.end) for spot in spots(text) if is_hit(spot.word)))
    start, end = _window(text, hits[0][0] if hits else 0, length)
    pieces = [_piece(ELLIPSIS, is_hit=False)] if start else []
    at = start
    for hit_start, hit_end in hits:
        if hit_start >= end:
            break
        pieces += [_piece(text[at:hit_start], is_hit=False), _piece(text[hit_start : min(hit_end, end)], is_hit=True)]
        at = min(hit_end, end)
    tail = text[at:end] + (ELLIPSIS if end < len(text) else "")
    return [piece for piece in [*pieces, _piece(tail, is_hit=False)] if piece["text"]]


def lit_up(text: str, parts: Iterable[str]) -> list[Json]:
    """The whole text, with these parts of it lit up wherever they stand."""
    text = shown(text)
    compared = folded(text)
    if len(compared) != len(text):
        return [_piece(text, is_hit=False)]
    found = ((hit.start(), hit.end()) for part in parts if part for hit in re.finditer(re.escape(part), compared))
    pieces, at = [], 0
    for start, end in _joined(found):
        pieces += [_piece(text[at:start], is_hit=False), _piece(text[start:end], is_hit=True)]
        at = end
    return [piece for piece in [*pieces, _piece(text[at:], is_hit=False)] if piece["text"]]


def has_hit(pieces: list[Json]) -> bool:
    return any(piece["is_hit"] for piece in pieces)


def _piece(text: str, *, is_hit: bool) -> Json:
    return {"text": text, "is_hit": is_hit}


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order; those that overlap as one, as the groups of a phone and the phone do."""
    start = end = -1
    for next_start, next_end in sorted(ranges):
        if next_start > end:
            if end > 0:
                yield start, end
            start = next_start
        end = max(end, next_end)
    if end > 0:
        yield start, end


def _window(text: str, hit: int, length: int) -> tuple[int, int]:
    """Begins and ends between words where there are some, and never starts after the hit."""
    start = 0
    if hit > BEFORE:
        start = hit - BEFORE
        start = min(hit, text.find(" ", start, hit) + 1 or start)
    end = start + length
    if end < len(text):
        end = max(text.rfind(" ", hit + 1, end), hit + 1) if " " in text[hit + 1 : end] else end
    return start, min(end, len(text))
