"""Ways of distribution. A strategy orders candidates and says how many get the offer at once; adding one is a class
and a line in ``STRATEGIES``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from crm.models import User
from routing.models import Queue

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An operator as a strategy sees them.

    ``share`` is what they were given in this line today, ``taken`` how many places of the line they have filled and
    ``taken_in_all`` how many over all lines; a limit of ``None`` is none.
    """

    operator_id: int
    name: str
    position: int
    presence: str
    working_day: str = User.WorkingDay.STARTED
    is_paused: bool = False
    is_absent: bool = False
    limit: int | None = None
    own_limit: int | None = None
    taken: int = 0
    taken_in_all: int = 0
    share: int = 0
    last_offered_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        is_full_here = self.limit is not None and self.taken >= self.limit
        return is_full_here or (self.own_limit is not None and self.taken_in_all >= self.own_limit)

    @property
    def turn(self) -> tuple[int, datetime, int]:
        return self.share, self.last_offered_at or LONG_AGO, self.position


class Strategy(Protocol):
    def order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The available ones, whoever is next first."""

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those who get the offer now, out of the available ones that were not offered this round."""


class Evenly:
    """To whoever was given the least in this line today; among equals to the one who is idle longest.

    What counts is an offer that was accepted, or that ran out unanswered. A skip, a transfer, a break give nobody more
    or less: the model product goes by the time of the last assignment, where each of those costs a turn.
    """

    def order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda candidate: candidate.turn)

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return self.order(candidates)[:1]


class Strictly:
    """Every new dialog starts from the top of the queue."""

    def order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda candidate: candidate.position)

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return self.order(candidates)[:1]


class AllAtOnce(Strictly):
    """Everyone gets the offer; the first to answer takes it."""

    def choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return self.order(candidates)


STRATEGIES: dict[str, Strategy] = {
    Queue.Distribution.EVENLY: Evenly(),
    Queue.Distribution.STRICTLY: Strictly(),
    Queue.Distribution.ALL_AT_ONCE: AllAtOnce(),
}
