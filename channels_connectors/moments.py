"""Moments as providers count them."""

from datetime import UTC, datetime
from typing import Any

ODD = (OverflowError, OSError, ValueError, TypeError)


def moment_of(seconds: Any) -> datetime | None:
    """Counted in seconds from 1970 on, as a number or its digits; nothing where that makes no sense."""
    try:
        moment = datetime.fromtimestamp(float(seconds), UTC)
    except ODD:
        return None
    return moment if moment.year >= 1970 and seconds else None


def moment_of_milliseconds(milliseconds: Any) -> datetime | None:
    try:
        return moment_of(float(milliseconds) / 1000)
    except ODD:
        return None
