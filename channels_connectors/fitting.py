"""What connectors read, held against what we can keep: the last look before it is stored.

A connector takes an event apart; its provider, or whoever writes in its name, may have put anything in any place. What
would not fit is refused here like any other nonsense, so that no database has to.
"""

import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from openlines.models import Attachment, Message
from openlines.types import Incoming, IncomingAttachment, IncomingEcho, IncomingMessage

LONGEST_ID = 255
# Longer than what any provider lets people write.
LONGEST_TEXT = 200_000
MOST_ATTACHMENTS = 200
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
CHOICES: dict[type, Any] = {
    IncomingMessage: Message.Kind, IncomingEcho: Message.Kind, IncomingAttachment: Attachment.Kind,
}  # fmt: skip

T = TypeVar("T", bound=Incoming)


def fitted(item: T) -> T:
    """The same, without characters that can't be kept. Raises ``ValueError``, ``TypeError`` for what is none of what it
    claims to be."""
    changed: T = _fitted(item)
    return changed


def _fitted(item: Any) -> Any:
    kind: Any = type(item)
    found = {}
    for name, is_id in _texts(kind):
        value = getattr(item, name)
        clean = _text(name, value, LONGEST_ID if is_id else LONGEST_TEXT)
        if clean is not value:
            found[name] = clean
    for name in _others(kind):
        value = getattr(item, name)
        clean = _value(value)
        if clean is not value:
            found[name] = clean
    choices = CHOICES.get(kind)
    if choices is not None and item.kind not in choices:
        raise ValueError("of no kind that there is")
    return replace(item, **found) if found else item


@cache
def _texts(of: Any) -> tuple[tuple[str, bool], ...]:
    return tuple((one.name, _is_id(one.name)) for one in fields(of) if one.type is str)


def _is_id(name: str) -> bool:
    return name.endswith("external_id") or name == "alias"


@cache
def _others(of: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(of) if one.type not in (str, bool))


def _text(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    if len(value) > longest:
        if longest == LONGEST_ID:
            raise ValueError(f"{name} is longer than any id")
        value = value[:longest]
    return _clean(value)


def _clean(value: str) -> str:
    """Without NULs and halves of surrogate pairs."""
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


def _value(value: Any) -> Any:
    if value is None or value == {} or value == ():
        return value
    if isinstance(value, dict):
        return _fields(value)
    if isinstance(value, tuple):
        return _all(value)
    if isinstance(value, datetime):
        return _moment(value)
    return _fitted(value) if is_dataclass(value) else _plain(value)


def _all(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Media, or ids that a message follows."""
    clean = tuple(_value(one) for one in values[:MOST_ATTACHMENTS])
    same = len(clean) == len(values) and all(one is other for one, other in zip(clean, values, strict=True))
    return values if same else clean


def _moment(value: datetime) -> datetime | None:
    """Nobody knows of a moment that no calendar of ours shows."""
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value if EARLIEST <= value < LATEST else None


def _fields(value: dict[str, Any]) -> dict[str, Any]:
    """What is kept as JSON."""
    clean = {_clean(name): _plain(inner) for name, inner in value.items()}
    return value if clean == value else clean


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value[:LONGEST_TEXT])
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no number")
    if isinstance(value, dict):
        return _fields(value)
    if isinstance(value, list | tuple):
        return _list(value)
    return value


def _list(value: Iterable[Any]) -> list[Any]:
    return [_plain(inner) for inner in value]
