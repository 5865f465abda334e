"""How often a partner may call. Counted in the cache: without it nobody is slowed down."""

from datetime import datetime

from channels_connectors.livechat.throttles import Rate
from channels_connectors.livechat.throttles import take_turn as take_turn_of

CALLS = Rate("partner-calls", 1200, 60)


def take_turn(channel_id: int, *, now: datetime) -> None:
    """Raises ``TooFast``."""
    take_turn_of(CALLS, str(channel_id), now=now)
