"""Bold and the like, as WhatsApp writes them: signs around words, on one line, without space inside."""

import re
from collections.abc import Sequence
from itertools import pairwise

from openlines.types import TextFormat

SIGNS = {"BOLD": "*", "ITALIC": "_", "STRUCK": "~", "CODE": "```"}
LINE = re.compile(r"\S(?:[^\n]*\S)?")


def marked(text: str, formats: Sequence[TextFormat], *, at_most: int) -> str:
    """The text with its signs, or without them where they would make it too long."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    # Whatever begins first ends last.
    for format_ in sorted(formats, key=lambda each: (each.start, -each.end)):
        sign = SIGNS.get(format_.mark)
        for line in LINE.finditer(text, format_.start, min(format_.end, len(text))) if sign else ():
            opening.setdefault(line.start(), []).append(str(sign))
            closing.setdefault(line.end(), []).insert(0, str(sign))
    places = sorted({0, len(text), *opening, *closing})
    pieces = ["".join([*closing.get(0, ()), *opening.get(0, ())])]
    for start, end in pairwise(places):
        pieces += [text[start:end], *closing.get(end, ()), *opening.get(end, ())]
    said = "".join(pieces)
    return said if len(said) <= at_most else text
