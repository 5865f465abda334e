"""Who is next: decisions about a line's dialogs, one after the other. Pure: ``distribution`` reads and writes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from openlines.models import Dialog
from routing.models import Offer, Queue
from routing.services.availability import away_reason
from routing.strategies import STRATEGIES, Candidate

NEXT_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was tried with a dialog: its round, who was offered it in this round, to whom it was offered last, who is
    asked before the queue.

    ``first_asked`` are the people to ask before the queue with the kind of their offer, in order, the asked ones gone.
    """

    round: int = 1
    tried: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    first_asked: Sequence[tuple[str, Candidate]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom a dialog goes to, for how long, and why; nobody means that it waits in the queue."""

    dialog: Dialog
    code: str
    chosen: Sequence[Candidate] = ()
    next_one: Sequence[Candidate] = ()
    kind: str = Offer.Kind.QUEUE
    round: int = 1
    seconds: int = 0
    is_alone: bool = False
    considered: list[dict[str, object]] = field(default_factory=list)
    # Who hands it over.
    by: str = ""

    @property
    def operator_ids(self) -> list[int]:
        return [candidate.operator_id for candidate in self.chosen]

    @property
    def names(self) -> list[str]:
        return [candidate.name for candidate in self.chosen or self.next_one]

    @property
    def waits_on(self) -> int | None:
        return self.next_one[0].operator_id if self.next_one else None


class Desk:
    """A line's queue while it is locked: its rules, its people, and what they were given meanwhile.

    ``groups`` are those whose members alone may have a dialog that was transferred to them.
    """

    def __init__(
        self,
        queue: Queue,
        members: Sequence[Candidate],
        *,
        now: datetime,
        groups: Mapping[int, Sequence[Candidate]] | None = None,
    ) -> None:
        self.queue = queue
        self.given: dict[int, Candidate] = {}
        self._strategy = STRATEGIES[queue.distribution]
        self._people = {member.operator_id: member for member in members}
        self._members = list(self._people)
        self._groups = {pk: [member.operator_id for member in group] for pk, group in (groups or {}).items()}
        for group in (groups or {}).values():
            self._people = {member.operator_id: member for member in group} | self._people
        # Later than every turn so far, whatever another machine's clock said: equal moments would not be turns.
        used = [person.last_offered_at + NEXT_MOMENT for person in self._people.values() if person.last_offered_at]
        self._moment = max([now, *used])

    def choose(self, dialog: Dialog, past: Past, *, is_behind: bool = False) -> Choice:
        """Nobody is offered a dialog twice before everyone available was offered it once; then it goes round again.

        ``is_behind`` says that others wait longer, and are next.
        """
        if not self.queue.line.is_active:
            return Choice(dialog=dialog, code="LINE_OFF")
        return self._before_queue(dialog, past) or self._from_queue(dialog, past, is_behind=is_behind)

    def in_order(self) -> list[Candidate]:
        """The members as they stand now: available ones first, whoever is next at the top."""
        members = self._candidates(None)
        available = self._strategy.order(self._available(members))
        return available + [member for member in members if member not in available]

    def _before_queue(self, dialog: Dialog, past: Past) -> Choice | None:
        for kind, person in past.first_asked:
            candidate = self._people.setdefault(person.operator_id, person)
            if obstacle(candidate, self.queue) is None:
                return self._offer(dialog, [candidate], past, code=kind, kind=kind)
        return None

    def _from_queue(self, dialog: Dialog, past: Past, *, is_behind: bool) -> Choice:
        members = self._candidates(dialog.group_id)
        available = self._available(members)
        fresh = [member for member in available if member.operator_id not in past.tried]
        # Round again, but not at once to the one who has just declined.
        others = [member for member in available if member.operator_id not in past.last]
        chosen = self._strategy.choose(fresh or others or available)
        if not chosen:
            return self._nobody(dialog, members)
        if is_behind:
            return Choice(dialog=dialog, code="BEHIND_OTHERS", considered=self._verdicts(members, (), ()))
        if past.tried and not fresh:
            past = Past(round=past.round + 1)
        at_work = [member for member in members if obstacle(member, self.queue) in {None, "FULL"}]
        return self._offer(dialog, chosen, past, code=self.queue.distribution, is_alone=len(at_work) == 1)

    def _candidates(self, group_id: int | None) -> list[Candidate]:
        ids = self._members if group_id is None else self._groups.get(group_id, ())
        return [self._people[pk] for pk in ids]

    def _available(self, members: Iterable[Candidate]) -> list[Candidate]:
        return [member for member in members if obstacle(member, self.queue) is None]

    def _nobody(self, dialog: Dialog, members: Sequence[Candidate]) -> Choice:
        """It waits for a place, or with the one whose turn it is, and anyone in the queue may take it."""
        considered = self._verdicts(members, (), ())
        if any(item["verdict"] == "FULL" for item in considered):
            return Choice(dialog=dialog, code="ALL_BUSY", considered=considered)
        is_with_one = self.queue.nobody_rule == Queue.NobodyRule.TURN
        next_one = self._strategy.order(members)[:1] if is_with_one else []
        return Choice(dialog=dialog, code="NOBODY_AVAILABLE", next_one=next_one, considered=considered)

    def _offer(
        self,
        dialog: Dialog,
        chosen: Sequence[Candidate],
        past: Past,
        *,
        code: str,
        kind: str = Offer.Kind.QUEUE,
        is_alone: bool = False,
    ) -> Choice:
        ids = {candidate.operator_id for candidate in chosen}
        considered = self._verdicts(self._candidates(dialog.group_id), ids, past.tried)
        self._give(ids)
        return Choice(
            dialog=dialog,
            code=code,
            chosen=chosen,
            kind=kind,
            round=past.round,
            seconds=patience(self.queue, kind),
            is_alone=is_alone,
            considered=considered,
        )

    def _give(self, operator_ids: Collection[int]) -> None:
        for pk in operator_ids:
            person = self._people[pk]
            self.given[pk] = self._people[pk] = replace(
                person,
                share=person.share + 1,
                taken=person.taken + 1,
                taken_in_all=person.taken_in_all + 1,
                last_offered_at=self._moment,
            )
        self._moment += NEXT_MOMENT

    def _verdicts(
        self, members: Sequence[Candidate], chosen: Collection[int], tried: Collection[int]
    ) -> list[dict[str, object]]:
        return [_verdict(member, self.queue, chosen, tried) for member in members]


def patience(queue: Queue, kind: str) -> int:
    """How many seconds an offer of this kind lasts."""
    before = {
        Offer.Kind.RESPONSIBLE: queue.responsible_seconds,
        Offer.Kind.LAST_OPERATOR: queue.last_operator_seconds,
    }
    return before.get(Offer.Kind(kind), queue.offer_seconds)


def obstacle(candidate: Candidate, queue: Queue) -> str | None:
    """Why the line may not offer them anything now, by the facts that it counts; ``None`` when it may."""
    return away_reason(candidate, queue) or ("FULL" if candidate.is_full else None)


def is_available(candidate: Candidate, queue: Queue) -> bool:
    return obstacle(candidate, queue) is None


def _verdict(candidate: Candidate, queue: Queue, chosen: Collection[int], tried: Collection[int]) -> dict[str, object]:
    if candidate.operator_id in chosen:
        verdict = "OFFERED"
    elif barred := obstacle(candidate, queue):
        verdict = barred
    elif candidate.operator_id in tried:
        verdict = "ALREADY_OFFERED"
    else:
        verdict = "LATER"
    last = candidate.last_offered_at.isoformat() if candidate.last_offered_at else None
    known: dict[str, object] = {
        "operator": candidate.name,
        "position": candidate.position,
        "verdict": verdict,
        "share": candidate.share,
        "taken": candidate.taken,
        "last_offered_at": last,
    }
    if candidate.limit is not None:
        known |= {"limit": candidate.limit}
    if candidate.own_limit is not None:
        known |= {"taken_in_all": candidate.taken_in_all, "own_limit": candidate.own_limit}
    return known
