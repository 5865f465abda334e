"""Mails as they are kept: their own bytes below one line of ours that says which folder they were taken from.

The line is always the first, so that nobody who writes a mail can have a say in it.
"""

import re
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

FIRST_LINE = re.compile(rb"X-Taken-From: (inbox|sent)(; headers-only)?\r\n")
# Where mails are inside one another without end, only the outermost is opened.
MOST_CONTAINERS = 60
CONTAINER = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
KNOWN = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "delivered-to"})
LONGEST_HEAD = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """``is_whole`` when its parts can be read, ``is_complete`` when all its bytes are here."""

    message: Message
    body: bytes
    is_sent_folder: bool = False
    is_whole: bool = True
    is_complete: bool = True


def stored_bytes(mail: bytes, *, folder: str, is_complete: bool = True) -> bytes:
    return f"X-Taken-From: {folder}{'' if is_complete else '; headers-only'}\r\n".encode() + mail


def read_stored(body: bytes) -> Stored:
    """Raises ``ValueError`` for what is no mail at all."""
    head = read_head(body)
    if not head.is_complete or sum(1 for _found in CONTAINER.finditer(head.body)) > MOST_CONTAINERS:
        return head
    message = BytesParser(policy=compat32).parsebytes(head.body)
    return replace(head, message=message, is_whole=True)


def read_head(body: bytes) -> Stored:
    """Only what stands above the text. Raises ``ValueError``."""
    first = FIRST_LINE.match(body)
    mail = body[first.end() :] if first else body
    message = BytesParser(policy=compat32).parsebytes(mail[:LONGEST_HEAD], headersonly=True)
    if not KNOWN.intersection(name.lower() for name, _value in message.raw_items()):
        raise ValueError("a mail has headers")
    return Stored(
        message, mail, is_sent_folder=first is not None and first[1] == b"sent", is_whole=False,
        is_complete=first is None or first[2] is None,
    )  # fmt: skip
