"""Whatever the people, the rules and the order of events: what holds for every decision. No database, many cases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.models import User
from openlines.models import Dialog, Line
from routing.models import Offer, Queue
from routing.services.choosing import Choice, Desk, Past
from routing.strategies import STRATEGIES, Candidate, Evenly

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MANY = settings(max_examples=300, deadline=None)
limits = st.none() | st.integers(1, 4)
moments = st.none() | st.integers(-3600, 3600).map(lambda seconds: NOON + timedelta(seconds=seconds))


def candidate(operator_id: int, **facts: Any) -> Candidate:
    known: dict[str, Any] = {"position": operator_id, "name": f"Operator {operator_id}", "presence": "ONLINE"} | facts
    return Candidate(operator_id=operator_id, **known)


@st.composite
def people(draw: st.DrawFn, *, at_most: int = 6) -> list[Candidate]:
    """Some there and some not, some with limits, some who were given more than others."""
    return [
        candidate(
            number,
            presence=draw(st.sampled_from(User.Presence.values)),
            working_day=draw(st.sampled_from(User.WorkingDay.values)),
            is_paused=draw(st.booleans()),
            is_absent=draw(st.booleans()),
            limit=draw(limits),
            own_limit=draw(limits),
            taken=draw(st.integers(0, 3)),
            taken_in_all=draw(st.integers(0, 5)),
            share=draw(st.integers(0, 9)),
            last_offered_at=draw(moments),
        )
        for number in range(1, draw(st.integers(0, at_most)) + 1)
    ]


@st.composite
def rules(draw: st.DrawFn) -> Queue:
    return Queue(
        line=Line(),
        distribution=draw(st.sampled_from(Queue.Distribution.values)),
        checks_presence=draw(st.booleans()),
        checks_working_day=draw(st.booleans()),
        checks_absence=draw(st.booleans()),
        nobody_rule=draw(st.sampled_from(Queue.NobodyRule.values)),
    )


def may_have_it(person: Candidate, queue: Queue, given: int) -> bool:
    """The rule of availability once more, in other words."""
    facts = [
        not (queue.checks_absence and person.is_absent),
        not (queue.checks_working_day and (person.working_day != "STARTED" or person.is_paused)),
        not (queue.checks_presence and person.presence != "ONLINE"),
        person.limit is None or person.taken + given < person.limit,
        person.own_limit is None or person.taken_in_all + given < person.own_limit,
    ]
    return all(facts)


class Shift:
    """A desk and what it decided: every dialog's past is kept, as offers keep it."""

    def __init__(self, queue: Queue, members: Sequence[Candidate]) -> None:
        self.queue = queue
        self.members = members
        self.desk = Desk(queue, members, now=NOON)
        self.given: Counter[int] = Counter()
        self.pasts: dict[int, Past] = {}

    def available(self) -> set[int]:
        return {m.operator_id for m in self.members if may_have_it(m, self.queue, self.given[m.operator_id])}

    def decide(self, number: int) -> Choice:
        past = self.pasts.get(number, Past())
        choice = self.desk.choose(Dialog(pk=number), past)
        self.given.update(choice.operator_ids)
        if choice.chosen:
            tried = past.tried if choice.round == past.round else frozenset()
            self.pasts[number] = Past(round=choice.round, tried=tried | set(choice.operator_ids))
        return choice


def shares_of(desk: Desk) -> list[int]:
    return [person.share for person in desk.in_order()]


@MANY
@given(rules(), people(), st.lists(st.integers(1, 4), max_size=12))
def test_only_who_is_available_is_chosen_and_somebody_is_whenever_somebody_is(
    queue: Queue, members: list[Candidate], numbers: list[int]
):
    shift = Shift(queue, members)

    for number in numbers:
        available = shift.available()
        choice = shift.decide(number)

        assert set(choice.operator_ids) <= available
        assert bool(choice.chosen) == bool(available)


@MANY
@given(rules(), people(), st.lists(st.integers(1, 3), max_size=16))
def test_nobody_has_a_dialog_twice_before_everyone_available_had_it_once(
    queue: Queue, members: list[Candidate], numbers: list[int]
):
    shift = Shift(queue, members)

    for number in numbers:
        available, past = shift.available(), shift.pasts.get(number, Past())
        choice = shift.decide(number)

        if set(choice.operator_ids) & past.tried:
            assert available <= past.tried
        if choice.chosen:
            assert choice.round == past.round + bool(past.tried and available <= past.tried)


@MANY
@given(rules(), people(), st.lists(st.integers(1, 3), max_size=16))
def test_every_decision_says_of_everyone_what_became_of_them(
    queue: Queue, members: list[Candidate], numbers: list[int]
):
    shift = Shift(queue, members)

    for number in numbers:
        available, past = shift.available(), shift.pasts.get(number, Past())
        choice = shift.decide(number)

        verdicts = {item["operator"]: item["verdict"] for item in choice.considered}
        assert verdicts.keys() == {member.name for member in members}
        assert {name for name, verdict in verdicts.items() if verdict == "OFFERED"} == {m.name for m in choice.chosen}
        open_to = {m.name for m in members if m.operator_id in available}
        assert open_to == {n for n, verdict in verdicts.items() if verdict in {"OFFERED", "LATER", "ALREADY_OFFERED"}}
        tried = {m.name for m in members if m.operator_id in past.tried & available}
        if choice.round == past.round:
            assert {n for n, verdict in verdicts.items() if verdict == "ALREADY_OFFERED"} == tried


@MANY
@given(people(), st.lists(st.integers(1, 3), max_size=12))
def test_strictly_the_first_who_is_available_and_had_it_not_yet(members: list[Candidate], numbers: list[int]):
    shift = Shift(Queue(line=Line(), distribution="STRICTLY"), members)

    for number in numbers:
        available, past = shift.available(), shift.pasts.get(number, Past())
        choice = shift.decide(number)

        assert choice.operator_ids == sorted(available - past.tried or available)[:1]


@MANY
@given(people(), st.lists(st.integers(1, 3), max_size=12))
def test_all_at_once_everyone_available_who_had_it_not_yet(members: list[Candidate], numbers: list[int]):
    shift = Shift(Queue(line=Line(), distribution="ALL_AT_ONCE"), members)

    for number in numbers:
        available, past = shift.available(), shift.pasts.get(number, Past())
        choice = shift.decide(number)

        assert choice.operator_ids == sorted(available - past.tried or available)


@pytest.mark.row("R2")
@MANY
@given(st.integers(1, 9), st.integers(0, 40))
def test_evenly_those_who_are_there_all_the_time_differ_by_one_at_most(operators: int, dialogs: int):
    queue = Queue(line=Line(), distribution="EVENLY")
    shift = Shift(queue, [candidate(number) for number in range(1, operators + 1)])

    for number in range(dialogs):
        shift.decide(number)

        assert max(shares_of(shift.desk)) - min(shares_of(shift.desk)) <= 1
        assert sum(shares_of(shift.desk)) == number + 1


@MANY
@given(people())
def test_evenly_the_least_and_then_the_longest_idle_is_next(members: list[Candidate]):
    chosen = Evenly().choose(members)

    assert len(chosen) == min(1, len(members))
    for one in chosen:
        assert one.share == min(m.share for m in members)
        equals = [m for m in members if m.share == one.share]
        idle = [m.last_offered_at for m in equals if m.last_offered_at is not None]
        assert one.last_offered_at is None or (len(idle) == len(equals) and one.last_offered_at == min(idle))


@MANY
@given(people(), st.randoms())
def test_no_way_of_distribution_depends_on_how_the_candidates_were_listed(members: list[Candidate], chance: Any):
    shuffled = list(members)
    chance.shuffle(shuffled)

    for strategy in STRATEGIES.values():
        assert strategy.order(members) == strategy.order(shuffled)
        assert strategy.choose(members) == strategy.choose(shuffled)
        assert {one.operator_id for one in strategy.order(members)} == {one.operator_id for one in members}


@MANY
@given(rules(), people(), people(at_most=2))
def test_those_before_the_queue_are_asked_in_their_order_if_they_are_available(
    queue: Queue, members: list[Candidate], known: list[Candidate]
):
    kinds = (Offer.Kind.RESPONSIBLE, Offer.Kind.LAST_OPERATOR)
    outsiders = [candidate(100 + one.operator_id, **facts_of(one)) for one in known]
    first_asked = list(zip(kinds, outsiders, strict=False))

    choice = Desk(queue, members, now=NOON).choose(Dialog(pk=1), Past(first_asked=first_asked))

    open_to = [(kind, one.operator_id) for kind, one in first_asked if may_have_it(one, queue, 0)]
    if open_to:
        assert (choice.kind, choice.operator_ids) == (open_to[0][0], [open_to[0][1]])
    else:
        assert choice.kind == Offer.Kind.QUEUE


def facts_of(person: Candidate) -> dict[str, Any]:
    names: Iterable[str] = Candidate.__dataclass_fields__.keys() - {"operator_id", "name", "position"}
    return {name: getattr(person, name) for name in names}


@MANY
@given(rules(), people(), st.lists(st.integers(1, 4), max_size=10))
def test_who_is_behind_others_gets_nothing_and_costs_nobody_a_turn(
    queue: Queue, members: list[Candidate], numbers: list[int]
):
    shift = Shift(queue, members)
    before = shift.desk.in_order()

    for number in numbers:
        choice = shift.desk.choose(Dialog(pk=number), Past(), is_behind=True)
        assert not choice.chosen

    assert shift.desk.in_order() == before
    assert not shift.desk.given
