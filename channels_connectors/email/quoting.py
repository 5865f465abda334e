"""Where what a client wrote ends, and the mail that they answer begins. Linear: only short stretches are looked at."""

import re
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

LONGEST_LINE = 250
WINDOW = 5
MOST_LOOKS = 60

ADDRESS = r"[\w.+-]{1,64}@[\w.-]{1,100}"
# Russian, which the library does not know; most mailers end the line with the address of whom they quote.
RUSSIAN = re.compile(
    rf"(?:.*\b(?:пишет|писала?|написала?|писал\(а\)|написал\(а\)):\s*$"
    rf"|.*\d{{4}}.*<?{ADDRESS}>?\s*:\s*$"
    r"|-{2,}\s*(?:Исходное сообщение|Пересланное сообщение|Пересылаемое сообщение|Оригинальное сообщение)\s*-{2,}"
    r"|[*> ]*От:.*(?:\n[*> ]*(?:Отправлено|Дата|Кому|Тема|Копия):.*){2})",
    re.IGNORECASE,
)
# No words of the client's own: nothing, or the line above a mail that they forward.
RULED = re.compile(r"(?:-{2,}[^\n]*-{2,})?")
HEADING = re.compile(r"[*> ]*[^\W\d_][\w-]{0,15}:|-{2,}|_{8,}")


def without_quote(text: str) -> tuple[str, str]:
    """What the client wrote, and what they quoted below it; nothing is quoted where they wrote between its lines."""
    lines = text.split("\n")
    start = _start_of_quote(lines)
    reply, quoted = "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()
    if not quoted or RULED.fullmatch(reply) or _goes_on_between(lines[start:]):
        return text.strip(), ""
    return reply, quoted


def _start_of_quote(lines: list[str]) -> int:
    looks, tail = 0, _quoted_tail(lines)
    for place in range(tail):
        if looks > MOST_LOOKS:
            break
        if _may_begin(lines, place):
            looks += 1
            if _begins(lines, place):
                return place
    return tail


def _quoted_tail(lines: list[str]) -> int:
    """From where on everything is quoted, with the line that says of whom."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].startswith(">")):
        start -= 1
    if not any(line.startswith(">") for line in lines[start:]):
        return len(lines)
    return start - 1 if start and lines[start - 1].rstrip().endswith(":") else start


def _may_begin(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if not line or len(line) > LONGEST_LINE:
        return False
    if line.endswith((":", "：")) or HEADING.match(line):
        return True
    following = lines[place + 1].strip() if place + 1 < len(lines) else ""
    return following.endswith((":", "：")) and len(following) <= LONGEST_LINE


def _begins(lines: list[str], place: int) -> bool:
    window = "\n".join(line.strip()[:LONGEST_LINE] for line in lines[place : place + WINDOW])
    first_two = window.split("\n", 2)[:2]
    if RUSSIAN.match(window) or RUSSIAN.match(" ".join(first_two)):
        return True
    if first_two[0].endswith(":") and len(first_two) > 1 and first_two[1].startswith(">"):
        return True
    return any(_headers().match(piece) for piece in (first_two[0], "\n".join(first_two), window))


@cache
def _headers() -> re.Pattern[str]:
    headers: re.Pattern[str] = EmailMessage(text="", languages=list(MAIL_LANGUAGES)).HEADER_REGEX
    return headers


def _goes_on_between(lines: list[str]) -> bool:
    marked = [place for place, line in enumerate(lines) if line.startswith(">")]
    return bool(marked) and any(line.strip() and not line.startswith(">") for line in lines[marked[0] :])
