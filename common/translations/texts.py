"""What a text for people is, wherever it was found."""

import re
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-z]|%[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrs]|\{\w*\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One msgid; ``plural`` is its English plural where the text counts something."""

    msgid: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.msgid


@dataclass(frozen=True, slots=True)
class NotLiteral(Exception):
    """A text put together while the program runs: no catalogue can hold it."""

    line: int
    code: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.code} must get its text as one literal"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))
