"""Names that strangers give themselves and their files."""

import re

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def straight(text: str) -> str:
    """Without the signs that turn the direction of what stands after them, as “exe.gpj” would be read “jpg.exe”."""
    return _TURNS.sub("", text)
