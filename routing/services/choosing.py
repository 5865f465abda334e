"""Who is next: decisions about a line's dialogs, one after the other. Pure: ``distribution`` reads and writes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crm.models import User
from openlines.models import Dialog
from routing.models import Queue
from routing.strategies import STRATEGIES, Candidate

NEXT_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was tried with a dialog: its round, who was offered it in this round, who is asked before the queue."""

    round: int = 1
    tried: frozenset[int] = frozenset()
    remembered: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom a dialog goes to, and why; nobody means that it waits in the queue."""

    dialog: Dialog
    code: str
    chosen: Sequence[Candidate] = ()
    next_one: Sequence[Candidate] = ()
    round: int = 1
    is_alone: bool = False
    considered: list[dict[str, object]] = field(default_factory=list)

    @property
    def operator_ids(self) -> list[int]:
        return [candidate.operator_id for candidate in self.chosen]

    @property
    def names(self) -> list[str]:
        return [candidate.name for candidate in self.chosen or self.next_one]


class Desk:
    """A line's queue while it is locked: its rules, its people, and whose turns have been used up meanwhile."""

    def __init__(self, queue: Queue, members: Sequence[Candidate], *, now: datetime) -> None:
        self.queue = queue
        self.members = list(members)
        self.turns: dict[int, datetime] = {}
        # Later than every turn so far, whatever another machine's clock said: equal moments would not be turns.
        used = [member.last_offered_at + NEXT_MOMENT for member in members if member.last_offered_at]
        self._moment = max([now, *used])

    def choose(self, dialog: Dialog, past: Past) -> Choice:
        """Nobody is offered a dialog twice before everyone available was offered it once; then it goes round again."""
        if not self.queue.line.is_active:
            return Choice(dialog=dialog, code="LINE_OFF")
        available = [member for member in self.members if is_available(member, self.queue)]
        if past.remembered is not None:
            return self._offer(dialog, [past.remembered], past, code="LAST_OPERATOR")
        fresh = [member for member in available if member.operator_id not in past.tried]
        chosen = STRATEGIES[self.queue.distribution].choose(fresh or available)
        if not chosen:
            return self._nobody(dialog)
        if past.tried and not fresh:
            past = Past(round=past.round + 1)
        return self._offer(dialog, chosen, past, code=self.queue.distribution, is_alone=len(available) == 1)

    def _nobody(self, dialog: Dialog) -> Choice:
        """It waits on the one whose turn it is, and anyone in the queue may take it."""
        next_one = STRATEGIES[self.queue.distribution].choose(self.members)[:1]
        return Choice(dialog=dialog, code="NOBODY_AVAILABLE", next_one=next_one, considered=self._verdicts((), ()))

    def _offer(
        self, dialog: Dialog, chosen: Sequence[Candidate], past: Past, *, code: str, is_alone: bool = False
    ) -> Choice:
        ids = {candidate.operator_id for candidate in chosen}
        choice = Choice(
            dialog=dialog,
            code=code,
            chosen=chosen,
            round=past.round,
            is_alone=is_alone,
            considered=self._verdicts(ids, past.tried),
        )
        self._use_turns(ids)
        return choice

    def _use_turns(self, operator_ids: Collection[int]) -> None:
        self.turns |= dict.fromkeys(operator_ids, self._moment)
        self.members = [
            replace(member, last_offered_at=self._moment) if member.operator_id in operator_ids else member
            for member in self.members
        ]
        self._moment += NEXT_MOMENT

    def _verdicts(self, chosen: Collection[int], tried: Collection[int]) -> list[dict[str, object]]:
        return [_verdict(member, self.queue, chosen, tried) for member in self.members]


def is_available(member: Candidate, queue: Queue) -> bool:
    return not queue.checks_presence or member.presence == User.Presence.ONLINE


def _verdict(candidate: Candidate, queue: Queue, chosen: Collection[int], tried: Collection[int]) -> dict[str, object]:
    if candidate.operator_id in chosen:
        verdict = "OFFERED"
    elif not is_available(candidate, queue):
        verdict = candidate.presence
    elif candidate.operator_id in tried:
        verdict = "ALREADY_OFFERED"
    else:
        verdict = "LATER"
    last = candidate.last_offered_at.isoformat() if candidate.last_offered_at else None
    return {"operator": candidate.name, "position": candidate.position, "verdict": verdict, "last_offered_at": last}
