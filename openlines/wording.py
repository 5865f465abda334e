"""What public places count in a text: tags, links, capitals. The console counts alike, both are held to
``tests/wording.json``."""

import re

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# A tag has a letter in it: “#1” is a number.
HASHTAG = re.compile(r"(?<![\w&])#[\d_]*[^\W\d_]")


def links_in(text: str) -> int:
    return len(LINK.findall(text))


def hashtags_in(text: str) -> int:
    return len(HASHTAG.findall(LINK.sub(" ", text)))


def is_in_capitals(text: str) -> bool:
    """Whether no letter is a small one; one letter alone shouts at nobody."""
    letters = [letter for letter in LINK.sub(" ", text) if letter.lower() != letter.upper()]
    return len(letters) > 1 and all(letter == letter.upper() for letter in letters)
