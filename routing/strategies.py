"""Ways of distribution. A strategy orders candidates and says how many get the offer at once; adding one is a class
and a line in ``STRATEGIES``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from routing.models import Queue

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A queue member as a strategy sees them."""

    operator_id: int
    name: str
    position: int
    presence: str
    open_dialogs: int = 0
    last_offered_at: datetime | None = None


class Strategy(Protocol):
    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those who get the offer now, out of the available ones that were not offered this round."""


class Evenly:
    """Turns: whoever's last turn in this line is longest ago; newcomers first; ties in queue order.

    A turn is used up by the offer, so someone who skips does not get the next dialog as well.
    """

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda c: (c.last_offered_at or LONG_AGO, c.position))[:1]


class Strictly:
    """Every new dialog starts from the top of the queue."""

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda c: c.position)[:1]


class AllAtOnce:
    """Everyone gets the offer; the first to answer takes it."""

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda c: c.position)


STRATEGIES: dict[str, Strategy] = {
    Queue.Distribution.EVENLY: Evenly(),
    Queue.Distribution.STRICTLY: Strictly(),
    Queue.Distribution.ALL_AT_ONCE: AllAtOnce(),
}
