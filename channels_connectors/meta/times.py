"""Times as the Graph API writes them."""

from datetime import datetime
from typing import Any


def seconds_of(time: Any) -> int:
    """Of ``2026-09-21T10:00:00+0000``; 0 where it makes no sense."""
    try:
        return int(datetime.fromisoformat(str(time)).timestamp())
    except ValueError:
        return 0
