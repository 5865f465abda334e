"""Below a post everybody has a thread of their own with us. Pure."""

from collections.abc import Mapping
from typing import Any

from openlines.types import Person

Fields = Mapping[str, Any]

LONGEST_TITLE = 200


def chat_of(post_id: str, author_id: str) -> str:
    return f"{post_id}:{author_id}"


def author_of(comment: Fields) -> str:
    """Empty where Meta does not tell."""
    author = comment.get("from")
    return str(author.get("id") or "") if isinstance(author, dict) else ""


def nobody(root_id: str) -> Person:
    """Somebody whom Meta does not name: one for each thread, so that two of them are not taken for one."""
    return Person(external_id=f"unknown-{root_id}", is_anonymous=True)


def title_of(words: Any) -> str:
    """The beginning of a post, as the title of what is talked about."""
    line = " ".join(words.split()) if isinstance(words, str) else ""
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
