"""A shift of random length in which anything may happen. After each step the rules of the queue hold.

``HYPOTHESIS_PROFILE=soak`` goes on for longer; a failure prints how to have it again.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count, F
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common import doorbell
from openlines.models import Dialog, Timer
from openlines.services.closing import close_by_client, finish_dialog
from openlines.services.lifecycle import pin_dialog
from openlines.services.participants import invite_operators, leave_dialog
from openlines.services.replies import send_reply
from openlines.types import IncomingClosing
from routing.models import Decision, Queue
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.reopening import reopen_dialog
from routing.services.transferring import return_to_queue, take_over, transfer_dialog
from routing.services.working_day import end_day, pause, resume, start_day
from routing.types import Target, ToGroup, ToLine, ToOperator
from tests.routing.conftest import SHIFT
from tests.routing.floor import Floor
from tests.routing.shift import Shift
from tests.routing.witness import Witness, assert_decisions_tell

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
lines = st.integers(0, 1)
operators = st.integers(0, 4)
limits = st.none() | st.integers(1, 3)
settings_of_queue = st.fixed_dictionaries(
    {},
    optional={
        "distribution": st.sampled_from(Queue.Distribution.values),
        "checks_presence": st.sampled_from([True, True, False]),
        "checks_working_day": st.sampled_from([False, False, True]),
        "prefers_last_operator": st.booleans(),
        "place_rule": st.sampled_from(Queue.PlaceRule.values),
        "nobody_rule": st.sampled_from(Queue.NobodyRule.values),
        "offer_seconds": st.sampled_from([1, 30, 60, 600]),
        "last_operator_seconds": st.sampled_from([1, 60]),
        "transfers_as_offer": st.booleans(),
        "colleagues_take_over": st.booleans(),
        "return_seconds": st.sampled_from([None, None, 60, 300]),
        "no_answer_action": st.sampled_from(["NONE", "NONE", "RETURN"]),
        "no_answer_seconds": st.sampled_from([60, 300]),
    },
)
settings_of_line = st.fixed_dictionaries(
    {},
    optional={
        "grace_seconds": st.sampled_from([0, 300]),
        "continue_seconds": st.sampled_from([0, 3600]),
        "priority": st.integers(0, 9),
        "is_active": st.sampled_from([True, True, True, False]),
    },
)


class AnyShift(RuleBasedStateMachine):
    witness: Witness

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.travel = time_machine.travel(MONDAY, tick=False)
        self.shift = Shift.begins(self.travel.start())
        self.floor = Floor.read()
        self.decided = 0
        self.witness.begin()

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(there=st.sets(operators, min_size=1), ways=st.tuples(settings_of_queue, settings_of_queue))
    def the_day_begins(self, there: set[int], ways: tuple[dict[str, Any], dict[str, Any]]) -> None:
        for who in sorted(there):
            self.shift.comes(self.shift.operators[who])
        for line, changes in enumerate(ways):
            self.shift.rule(line, **changes)

    def _one_of(self, data: st.DataObject, state: str | None = None) -> Dialog:
        """The dialog of a step."""
        return data.draw(st.sampled_from(self._open(state)), label="dialog")

    def _open(self, state: str | None = None) -> list[Dialog]:
        found = [dialog for dialog in self.floor.dialogs if state in (None, dialog.state)]
        return sorted(found, key=lambda dialog: dialog.pk)

    # Clients

    @rule(line=lines, clients=st.lists(st.integers(0, 7), min_size=1, max_size=4))
    def clients_write(self, line: int, clients: list[int]) -> None:
        for client in clients:
            self.shift.writes(client, line)

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def a_client_ends_it(self, data: st.DataObject) -> None:
        dialog = self._one_of(data)
        closing = IncomingClosing(chat_external_id=dialog.chat.external_id)
        self.shift.do(lambda: close_by_client(channel=dialog.channel, closing=closing, now=self.shift.now))

    # Operators

    @rule(who=operators)
    def an_operator_comes(self, who: int) -> None:
        self.shift.comes(self.shift.operators[who])

    @rule(who=operators)
    def an_operator_leaves(self, who: int) -> None:
        self.shift.leaves(self.shift.operators[who])

    @rule(who=operators, act=st.sampled_from([start_day, pause, resume, resume, end_day]))
    def an_operator_begins_or_ends_a_day_or_a_break(self, who: int, act: Callable[..., Any]) -> None:
        self.shift.do(lambda: act(operator=self.shift.operators[who], now=self.shift.now))

    @precondition(lambda self: self._open("OFFERED"))
    @rule(data=st.data())
    def whoever_is_asked_answers(self, data: st.DataObject) -> None:
        dialog = self._one_of(data, "OFFERED")
        who = self._asked(data, dialog)
        assert self.shift.do(lambda: answer_dialog(dialog_id=dialog.pk, operator=who, now=self.shift.now))

    @precondition(lambda self: self._open("OFFERED"))
    @rule(data=st.data())
    def whoever_is_asked_skips(self, data: st.DataObject) -> None:
        dialog = self._one_of(data, "OFFERED")
        who = self._asked(data, dialog)
        assert self.shift.do(lambda: skip_dialog(dialog_id=dialog.pk, operator=who, now=self.shift.now))

    def _asked(self, data: st.DataObject, dialog: Dialog) -> Any:
        asked = data.draw(st.sampled_from(dialog.offered_to), label="asked")
        return self.floor.people[asked]

    @precondition(lambda self: self._open())
    @rule(data=st.data(), who=operators)
    def somebody_answers(self, data: st.DataObject, who: int) -> None:
        dialog, operator = self._one_of(data), self.shift.operators[who]
        self.shift.do(lambda: answer_dialog(dialog_id=dialog.pk, operator=operator, now=self.shift.now))

    @precondition(lambda self: self._open("ACTIVE"))
    @rule(data=st.data())
    def an_owner_replies(self, data: st.DataObject) -> None:
        dialog = self._one_of(data, "ACTIVE")
        reply: dict[str, Any] = {"dialog_id": dialog.pk, "operator": dialog.owner, "text": "Good morning"}
        assert self.shift.do(lambda: send_reply(**reply, now=self.shift.now))

    @precondition(lambda self: self._open())
    @rule(data=st.data(), to=operators, line=lines)
    def it_is_transferred(self, data: st.DataObject, to: int, line: int) -> None:
        dialog, shift = self._one_of(data), self.shift
        targets: list[Target] = [
            ToOperator(shift.operators[to].pk),
            ToLine(shift.lines[line].pk),
            ToGroup(shift.group.pk),
        ]
        target, actor = data.draw(st.sampled_from(targets)), dialog.owner or shift.cast.alla
        shift.do(lambda: transfer_dialog(dialog_id=dialog.pk, actor=actor, target=target, now=shift.now))

    @precondition(lambda self: self._open("ACTIVE"))
    @rule(data=st.data())
    def it_is_given_back(self, data: st.DataObject) -> None:
        dialog = self._one_of(data, "ACTIVE")
        actor = dialog.owner or self.shift.cast.alla
        assert self.shift.do(lambda: return_to_queue(dialog_id=dialog.pk, actor=actor, now=self.shift.now))

    @precondition(lambda self: self._open())
    @rule(data=st.data(), who=st.integers(0, 5))
    def it_is_taken_over(self, data: st.DataObject, who: int) -> None:
        dialog, actor = self._one_of(data), [*self.shift.operators, self.shift.cast.sergey][who]
        self.shift.do(lambda: take_over(dialog_id=dialog.pk, actor=actor, now=self.shift.now))

    @precondition(lambda self: self._open())
    @rule(data=st.data(), as_spam=st.booleans())
    def it_is_finished(self, data: st.DataObject, as_spam: bool) -> None:
        dialog = self._one_of(data)
        actor = dialog.owner or self.shift.cast.sergey
        self.shift.do(lambda: finish_dialog(dialog_id=dialog.pk, operator=actor, as_spam=as_spam, now=self.shift.now))

    @precondition(lambda self: self._open("ACTIVE"))
    @rule(data=st.data(), is_pinned=st.booleans())
    def it_is_pinned(self, data: st.DataObject, is_pinned: bool) -> None:
        dialog = self._one_of(data, "ACTIVE")
        pin: dict[str, Any] = {"dialog_id": dialog.pk, "operator": dialog.owner, "is_pinned": is_pinned}
        self.shift.do(lambda: pin_dialog(**pin, now=self.shift.now))

    @precondition(lambda self: self._open())
    @rule(data=st.data(), who=operators)
    def a_colleague_is_invited(self, data: st.DataObject, who: int) -> None:
        dialog, colleague = self._one_of(data), self.shift.operators[who].pk
        invitation: dict[str, Any] = {"dialog_id": dialog.pk, "actor": dialog.owner or self.shift.cast.sergey}
        self.shift.do(lambda: invite_operators(**invitation, operator_ids=[colleague], now=self.shift.now))

    @precondition(lambda self: self._shared())
    @rule(data=st.data())
    def a_colleague_leaves_it(self, data: st.DataObject) -> None:
        dialog = data.draw(st.sampled_from(self._shared()), label="dialog")
        who = self.floor.people[data.draw(st.sampled_from(dialog.participant_ids), label="participant")]
        assert self.shift.do(lambda: leave_dialog(dialog_id=dialog.pk, operator=who, now=self.shift.now))

    def _shared(self) -> list[Dialog]:
        return [dialog for dialog in self._open() if dialog.participant_ids]

    @precondition(lambda self: Dialog.objects.filter(state="CLOSED").exists())
    @rule(data=st.data())
    def it_is_reopened(self, data: st.DataObject) -> None:
        dialog = data.draw(st.sampled_from(list(Dialog.objects.filter(state="CLOSED").order_by("pk"))), label="dialog")
        actor = dialog.owner or self.shift.cast.alla
        self.shift.do(lambda: reopen_dialog(dialog_id=dialog.pk, actor=actor, now=self.shift.now))

    # Administrators

    @rule(line=lines, changes=settings_of_queue)
    def other_rules(self, line: int, changes: dict[str, Any]) -> None:
        self.shift.rule(line, **changes)

    @rule(data=st.data(), line=lines)
    def something_else_is_set_up(self, data: st.DataObject, line: int) -> None:
        match data.draw(
            st.sampled_from(["queue", "line", "hours", "limit", "client", "channel", "absence"]), label="what"
        ):
            case "queue":
                who = data.draw(st.lists(operators, unique=True), label="members")
                people = [self.shift.operators[one] for one in who]
                self.shift.seat(line, people, {one.pk: data.draw(limits, label="limit") for one in people})
            case "line":
                self.shift.set_up(line, **data.draw(settings_of_line, label="settings"))
            case "hours":
                self.shift.open_only_by_day(line, is_enabled=data.draw(st.booleans()))
            case "absence":
                self.shift.is_absent(self.shift.operators[data.draw(operators)], days=data.draw(st.integers(0, 1)))
            case "limit":
                self.shift.limit(self.shift.operators[data.draw(operators)], data.draw(limits))
            case "client" if self._open():
                self.shift.mark(self._one_of(data).client_id, is_vip=data.draw(st.booleans()))
            case "channel":
                self.shift.prefer(line, data.draw(st.integers(0, 9)))

    # The clock

    @rule(seconds=st.sampled_from([1, 30, 60, 60, 60, 300, 3600, 15 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.shift.pass_time(seconds)
        assert not Timer.objects.filter(due_at__lte=self.shift.now).exists(), "a timer is overdue"
        gaps = Dialog.objects.annotate(number=Count("messages")).exclude(number=F("last_seq"))
        assert not gaps.exists(), "a message is missing"

    @invariant()
    def the_rules_hold(self) -> None:
        self.floor = Floor.read()
        self._every_timer_fires_once_and_none_fails()
        self._everything_has_one_owner_or_waits_for_one()
        self._nothing_waits_that_somebody_could_have()
        self._every_deadline_has_its_timer()
        self._every_offer_is_explained()

    def _every_timer_fires_once_and_none_fails(self) -> None:
        assert not self.witness.failures
        assert set(self.witness.fired.values()) <= {1}

    def _everything_has_one_owner_or_waits_for_one(self) -> None:
        for dialog in self.floor.dialogs:
            assert dialog.state in {"QUEUED", "OFFERED", "ACTIVE"}
            assert (dialog.owner_id is not None) == (dialog.state == "ACTIVE")
            assert bool(dialog.offered_to) == (dialog.state == "OFFERED")
            assert self.floor.offers_of(dialog) == sorted(dialog.offered_to)
            assert dialog.owner_id not in dialog.participant_ids
        assert {offer.dialog_id for offer in self.floor.pending} <= {dialog.pk for dialog in self.floor.dialogs}

    def _nothing_waits_that_somebody_could_have(self) -> None:
        for dialog in self._open("QUEUED"):
            able = self.floor.able(dialog) if self.floor.works(dialog.line_id) else []
            assert not able, f"{dialog} waits, and {able} could have it"

    def _every_deadline_has_its_timer(self) -> None:
        offered = {d.pk: d.offer_expires_at for d in self._open("OFFERED") if d.offer_expires_at is not None}
        assert self.floor.deadlines == offered
        for offer in self.floor.pending:
            assert offer.expires_at == offer.dialog.offer_expires_at
            assert offer.expires_at is None or offer.expires_at > self.shift.now

    def _every_offer_is_explained(self) -> None:
        if self.witness.offered:
            assert_decisions_tell(self.witness.offered, self.decided)
            self.decided = Decision.objects.latest("pk").pk
            self.witness.offered.clear()


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Witness:
    monkeypatch.setattr(doorbell, "ring_many", lambda bell, messages: list(messages))
    return Witness(monkeypatch)


@pytest.mark.slow
@pytest.mark.row("R2")
@pytest.mark.row("R8")
@pytest.mark.row("R10")
def test_whatever_happens_on_a_shift_the_rules_of_the_queue_hold(db: None, witness: Witness):
    AnyShift.witness = witness
    run_state_machine_as_test(AnyShift, settings=SHIFT)
