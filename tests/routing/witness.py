"""Stands beside the queue while it decides, and says when a decision was not by the rules."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from openlines.models import Dialog
from openlines.services import timers
from routing.models import Decision, Turn
from routing.services import distribution
from routing.services.choosing import Choice
from tests.routing.floor import Floor, first, had_last, tried_in

OF_THE_QUEUE = frozenset({"QUEUE", "RESPONSIBLE", "LAST_OPERATOR"})


class Witness:
    """Every offer is looked at before it is stored, every timer when it fires."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offered: list[tuple[int, list[str]]] = []
        self.fired: Counter[tuple[int, str, datetime]] = Counter()
        self.failures: list[str] = []
        put_before = distribution.put_before

        def watched(choices: Sequence[Choice], now: datetime) -> None:
            self._look_at(choices)
            put_before(choices, now)

        monkeypatch.setattr(distribution, "put_before", watched)
        monkeypatch.setattr(timers.logger, "exception", lambda words, *about: self.failures.append(words % about))
        for kind, handler in list(timers._handlers.items()):
            monkeypatch.setitem(timers._handlers, kind, self._counting(kind, handler))

    def begin(self) -> None:
        self.offered.clear()
        self.fired.clear()
        self.failures.clear()

    def _counting(self, kind: str, handler: Callable[[Dialog, datetime], None]) -> timers.Handler:
        def fire(dialog: Dialog, now: datetime) -> None:
            self.fired[dialog.pk, kind, now] += 1
            handler(dialog, now)

        return fire

    def _look_at(self, choices: Sequence[Choice]) -> None:
        """All that one transaction decided, in the order in which it did."""
        floor = Floor.read()
        gone: set[int] = set()
        for choice in choices:
            if choice.kind in OF_THE_QUEUE:
                self._check(choice, floor, gone)
            gone.add(choice.dialog.pk)
            for operator_id in choice.operator_ids:
                floor.fill(operator_id, choice.dialog.line_id)
                floor.given.add(operator_id)
            self.offered.append((choice.dialog.pk, list(choice.names)))

    def _check(self, choice: Choice, floor: Floor, gone: set[int]) -> None:
        dialog, chosen = choice.dialog, choice.operator_ids
        busy = [pk for pk in chosen if not floor.may_have(pk, dialog.line_id)]
        assert not busy, f"{dialog} is offered to {busy}, who may not have it"
        assert len(set(chosen)) == len(chosen) > 0
        assert floor.works(dialog.line_id)
        if choice.kind == "QUEUE":
            self._check_round(choice, floor)
            self._check_way(choice, floor)
            self._check_place(choice, floor, gone)

    def _check_round(self, choice: Choice, floor: Floor) -> None:
        dialog = choice.dialog
        assert not set(choice.operator_ids) & tried_in(dialog.pk, choice.round), f"{dialog} was theirs in this round"
        if choice.round > dialog.first_round and not tried_in(dialog.pk, choice.round):
            untried = set(floor.able(dialog)) - tried_in(dialog.pk, choice.round - 1)
            assert not untried, f"{dialog} goes round again, and {untried} never had it"

    def _check_way(self, choice: Choice, floor: Floor) -> None:
        dialog = choice.dialog
        able, tried = floor.able(dialog), tried_in(dialog.pk, choice.round)
        open_to = [pk for pk in able if pk not in tried]
        if not tried:
            # Round again, but not at once to those who had it just now.
            last = had_last(dialog)
            open_to = [pk for pk in open_to if pk not in last] or open_to
        match floor.rules[dialog.line_id].distribution:
            case "STRICTLY" if dialog.group_id is None:
                assert choice.operator_ids == first(open_to)
            case "ALL_AT_ONCE":
                assert sorted(choice.operator_ids) == sorted(open_to)
            case "EVENLY":
                assert_least(choice, open_to, floor)

    def _check_place(self, choice: Choice, floor: Floor, gone: set[int]) -> None:
        """First come, first served, by the rank of each; who was offered before and not taken is no newcomer."""
        line = floor.waiting(choice.dialog.line_id, choice.dialog.group_id)
        waits = [dialog.pk for dialog in line if dialog.pk not in gone]
        if choice.dialog.pk in waits:
            assert waits[0] == choice.dialog.pk, f"{choice.dialog} passes {waits[0]} in the queue"


def assert_least(choice: Choice, open_to: Sequence[int], floor: Floor) -> None:
    """By what the decision says that it knew; the first of a transaction knew what is stored."""
    names = {floor.people[pk].name: pk for pk in open_to}
    told: Sequence[dict[str, Any]] = choice.considered
    known = {names[item["operator"]]: item["share"] for item in told if item["operator"] in names}
    (chosen,) = choice.operator_ids
    assert known.keys() == set(open_to)
    assert known[chosen] == min(known.values()), known
    if not floor.given:
        turns = Turn.objects.filter(line_id=choice.dialog.line_id, operator_id__in=open_to)
        shares = dict(turns.filter(share_date=timezone.localdate()).values_list("operator_id", "share"))
        assert known == {pk: shares.get(pk, 0) for pk in open_to}


def assert_decisions_tell(offered: Sequence[tuple[int, list[str]]], since: int) -> None:
    """For every offer there is a decision that names those who got it."""
    decisions = Decision.objects.filter(pk__gt=since, outcome="OFFERED")
    told = Counter((d.dialog_id, tuple(d.reason["operators"])) for d in decisions)
    assert told == Counter((pk, tuple(names)) for pk, names in offered)
