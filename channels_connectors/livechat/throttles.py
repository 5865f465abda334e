"""How much a visitor, or an address, may do at once. Counted in Redis: without it nobody is slowed down."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``times`` in ``seconds``."""

    name: str
    times: int
    seconds: int


MESSAGES_OF_VISITOR = Rate("messages", 10, 10)
MESSAGES_OF_ADDRESS = Rate("address-messages", 60, 10)
FILES_OF_VISITOR = Rate("files", 10, 60)
FILES_OF_ADDRESS = Rate("address-files", 60, 60)
SESSIONS_OF_ADDRESS = Rate("address-sessions", 30, 60)
SOCKETS_OF_ADDRESS = Rate("address-sockets", 120, 60)
CALLS_OF_ADDRESS = Rate("address-calls", 600, 60)


class TooFast(DomainError):
    code = "too_fast"
    status = 429
    message = _("That was a lot at once. Wait a few seconds and try again.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


def take_turn(rate: Rate, who: str, *, now: datetime) -> None:
    """Raises ``TooFast`` when ``who`` has had all turns of this span of time."""
    moment = now.timestamp()
    span = int(moment // rate.seconds)
    key = f"livechat:{rate.name}:{who}:{span}"
    if cache.add(key, 1, rate.seconds * 2):
        return
    try:
        count = cache.incr(key)
    except ValueError:
        return
    if count > rate.times:
        raise TooFast(max(1, math.ceil((span + 1) * rate.seconds - moment)))
