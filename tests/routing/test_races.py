"""Exactly one owner, under any race: real threads, real connections, real commits."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from channels_connectors.inbox import keep_event, process_channel
from common.errors import DomainError
from crm.models import User
from openlines.models import Channel, Dialog, Line, Message, Timer
from openlines.services.client_side import record_reachability
from openlines.services.clients import change_client
from openlines.services.closing import finish_dialog
from openlines.services.lines import set_queue_members
from openlines.services.replies import send_reply
from openlines.services.timers import fire_due_timers
from openlines.types import IncomingReachability
from routing.models import Decision, Offer, Queue
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.presence import set_paused
from routing.services.transferring import return_to_queue, take_over, transfer_dialog
from routing.services.waiting_dialogs import offer_waiting
from routing.types import ToLine, ToOperator
from tests.factories import Cast, make_cast, make_channel, make_line, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("R10"), pytest.mark.slow]

CONNECTIONS = 16


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return make_channel(cast, make_line(cast))


class Crowd:
    """Threads with connections of their own, which start each round together."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        gate = threading.Barrier(CONNECTIONS)

        def leave() -> None:
            gate.wait(30)
            connection.close()

        for left in [self._pool.submit(leave) for _ in range(CONNECTIONS)]:
            left.result(30)
        self._pool.shutdown()

    def all_at_once(self, acts: Sequence[Callable[[], object]]) -> list[str]:
        """Do all of it as simultaneously as it gets; the refusals' codes, or ``done``, in the order of the acts."""
        gate = threading.Barrier(min(CONNECTIONS, len(acts)))
        started = iter(range(len(acts)))

        def run(act: Callable[[], object]) -> str:
            if next(started) < gate.parties:
                gate.wait(30)
            try:
                act()
            except DomainError as refusal:
                return refusal.code
            return "done"

        return [future.result(60) for future in [self._pool.submit(run, act) for act in acts]]


def test_answers_timeouts_transfers_and_ends_at_once_leave_one_owner_or_none(cast: Cast, channel: Channel):
    make_line(cast, name="Warehouse")
    Queue.objects.update(offer_seconds=1)
    chance = random.Random(42)
    with Crowd() as crowd:
        for number in range(60):
            dialog = write(channel, "Hello", sender=f"Client{number}")
            acts = chance.sample(everything(cast, dialog), k=8)

            outcomes = crowd.all_at_once(acts)

            assert "done" in outcomes
            check_invariants(dialog)


def everything(cast: Cast, dialog: Dialog) -> list[Callable[[], object]]:
    soon, pk = timezone.now() + timedelta(seconds=2), dialog.pk
    return [
        lambda: answer_dialog(dialog_id=pk, operator=cast.olga, now=soon),
        lambda: answer_dialog(dialog_id=pk, operator=cast.oleg, now=soon),
        lambda: answer_dialog(dialog_id=pk, operator=cast.sergey, now=soon),
        lambda: skip_dialog(dialog_id=pk, operator=cast.olga, now=soon),
        lambda: skip_dialog(dialog_id=pk, operator=cast.oleg, now=soon),
        lambda: fire_due_timers(now=soon),
        lambda: fire_due_timers(now=soon),
        lambda: transfer_dialog(dialog_id=pk, actor=cast.alla, target=ToOperator(cast.mallory.pk), now=soon),
        lambda: transfer_dialog(dialog_id=pk, actor=cast.olga, target=ToOperator(cast.oleg.pk), now=soon),
        *(
            lambda line=line: transfer_dialog(dialog_id=pk, actor=cast.alla, target=line, now=soon)
            for line in to_lines()
        ),
        lambda: return_to_queue(dialog_id=pk, actor=cast.sergey, now=soon),
        lambda: take_over(dialog_id=pk, actor=cast.sergey, now=soon),
        lambda: finish_dialog(dialog_id=pk, operator=cast.alla, now=soon),
        lambda: send_reply(dialog_id=pk, operator=cast.olga, text="Hi", now=soon, command_id=uuid4()),
        lambda: offer_waiting(line_id=dialog.line_id, now=soon),
    ]


def to_lines() -> list[ToLine]:
    return [ToLine(pk) for pk in Line.objects.values_list("pk", flat=True)]


def check_invariants(dialog: Dialog) -> None:
    dialog.refresh_from_db()
    assert dialog.state != "NEW"
    if dialog.is_open:
        assert (dialog.owner_id is None) == (dialog.state in {"OFFERED", "QUEUED"})
    assert dialog.offers.filter(outcome="ACCEPTED", round__gte=dialog.first_round).count() <= 1
    assert dialog.offers.filter(outcome="PENDING").exists() == (dialog.state == "OFFERED")
    assert Timer.objects.filter(dialog=dialog, kind="offer").exists() <= (dialog.state == "OFFERED")
    seqs = list(dialog.messages.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, dialog.last_seq + 1))
    revisions = list(dialog.messages.values_list("revision", flat=True))
    assert max(revisions) <= dialog.revision


def test_many_dialogs_and_many_operators_at_once_meet_no_deadlock(
    cast: Cast, channel: Channel, caplog: pytest.LogCaptureFixture
):
    """Clients write, operators answer, skip, reply and leave, dialogs go from line to line, an administrator reorders
    the queue."""
    make_line(cast, name="Warehouse")
    chance = random.Random(7)
    dialogs = [write(channel, "Hello", sender=f"Client{n}") for n in range(12)]
    acts = [act for dialog in dialogs for act in chance.sample(everything(cast, dialog), k=6)]
    acts += [writing(channel, f"Client{n}", k) for n in range(12) for k in range(2)]
    acts += [act for dialog in dialogs for act in around(cast, dialog)]
    acts += [reordering(cast, channel, order) for order in ([cast.oleg, cast.olga], [cast.olga, cast.oleg])]
    chance.shuffle(acts)

    with Crowd() as crowd:
        outcomes = crowd.all_at_once(acts)

    assert Counter(outcomes)["done"] > len(acts) / 3
    assert "deadlock" not in caplog.text
    for dialog in Dialog.objects.all():
        check_invariants(dialog)
    assert Message.objects.filter(text__startswith="More").count() == 24


def around(cast: Cast, dialog: Dialog) -> list[Callable[[], object]]:
    """What takes the same locks by other ways: names, blocks, breaks."""
    report = IncomingReachability(
        chat_external_id=dialog.chat.external_id, person_external_id=dialog.chat.external_id, is_reachable=False
    )
    return [
        lambda: change_client(client=dialog.client, name="Another"),
        lambda: record_reachability(channel=dialog.channel, report=report, now=timezone.now()),
        lambda: set_paused(operator=cast.olga, is_paused=dialog.pk % 2 == 0, now=timezone.now()),
    ]


def writing(channel: Channel, sender: str, number: int) -> Callable[[], object]:
    """As it comes in: one processor per channel, whoever they are."""
    event = {"chat": sender.lower(), "id": f"more-{number}", "sender": {"name": sender}, "text": f"More {number}"}

    def write_and_process() -> None:
        keep_event(channel_id=channel.pk, key=f"{sender}-{number}", body=json.dumps(event).encode())
        process_channel(channel_id=channel.pk, now=timezone.now())

    return write_and_process


def reordering(cast: Cast, channel: Channel, operators: Iterable[User]) -> Callable[[], object]:
    ids = [operator.pk for operator in operators]
    return lambda: set_queue_members(administrator=cast.alla, line=channel.line, operator_ids=ids)


@pytest.mark.row("R3")
def test_an_offer_expires_once_however_many_look_at_the_clock(cast: Cast, channel: Channel):
    dialogs = [write(channel, "Hello", sender=f"Client{n}") for n in range(10)]
    later: datetime = timezone.now() + timedelta(minutes=2)

    with Crowd() as crowd:
        crowd.all_at_once([lambda: fire_due_timers(now=later)] * 8)

    for dialog in dialogs:
        outcomes = list(dialog.offers.order_by("pk").values_list("outcome", flat=True))
        assert outcomes in (["EXPIRED", "PENDING"], ["PENDING"])
    fire_due_timers(now=later)
    assert set(Offer.objects.values_list("dialog", "outcome")) == {
        (dialog.pk, outcome) for dialog in dialogs for outcome in ("EXPIRED", "PENDING")
    }
    assert Decision.objects.filter(outcome="OFFERED").count() == 20


@pytest.mark.row("R9")
def test_turns_stay_even_when_many_write_at_once(cast: Cast, channel: Channel):
    others = [make_channel(cast, channel.line) for _ in range(4)]

    with Crowd() as crowd:
        crowd.all_at_once([writing(one, f"Client{n}", 0) for n in range(6) for one in others])

    counts = Counter(Offer.objects.values_list("operator__username", flat=True))
    assert counts == {"olga": 12, "oleg": 12}
