"""A line's queue at this moment, for whoever supervises it: who waits, who is asked, who is next and why. Reads only.

Who is next is decided by ``services.choosing``, the code that decides when a client comes; here it decides about a
client who does not exist, and nothing is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from crm.models import User
from openlines.models import Dialog, Line
from routing.models import Decision, Queue
from routing.pace import Wait
from routing.services.choosing import Choice, Past, is_available, obstacle
from routing.services.distribution import desk_of
from routing.services.off_hours import ClosedPeriod, closed_period
from routing.strategies import Candidate
from routing.waiting import WAITING, pace_of

SHOWN_WAITING = 100
SHOWN_OFFERED = 50
SHOWN_MEMBERS = 200
SHOWN_DECISIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """A dialog that nobody has taken yet, with its place among all of those."""

    dialog: Dialog
    place: int
    wait: Wait | None
    operators: Sequence[User]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``order`` is among those who may be chosen; ``obstacle`` says why the others may not."""

    person: Candidate
    operator: User
    order: int | None
    obstacle: str | None
    open_dialogs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """Lists are cut where nobody reads on; the counts are of all."""

    queue: Queue
    now: datetime
    closed: ClosedPeriod | None
    next: Choice
    waiting: Sequence[Untaken]
    waiting_count: int
    offered: Sequence[Untaken]
    offered_count: int
    members: Sequence[Member]
    member_count: int
    available_count: int
    decisions: Sequence[Decision]

    @property
    def line(self) -> Line:
        return self.queue.line


def queue_now(line: Line, *, now: datetime) -> QueueNow:
    """A fixed number of statements, however long the queue is and whatever the line has behind it."""
    queue = Queue.objects.select_related("line__schedule").get(line=line)
    closed = closed_period(queue.line.schedule, now)
    desk = desk_of(queue, now=now)
    people = desk.in_order()
    available = sum(is_available(person, queue) for person in people)
    is_served = any(obstacle(person, queue) in {None, "FULL"} for person in people)
    untaken = _untaken(queue, is_served=line.is_active and not closed and is_served, now=now)
    waiting = [row for row in untaken.shown if row.dialog.state != Dialog.State.OFFERED]
    offered = [row for row in untaken.shown if row.dialog.state == Dialog.State.OFFERED]
    return QueueNow(
        queue=queue,
        now=now,
        closed=closed,
        next=desk.choose(Dialog(line=line), Past()),
        waiting=waiting,
        waiting_count=untaken.waiting_count,
        offered=offered,
        offered_count=untaken.offered_count,
        members=_members(people[:SHOWN_MEMBERS], queue),
        member_count=len(people),
        available_count=available,
        decisions=_decisions(line),
    )


@dataclass(frozen=True, slots=True)
class _All:
    shown: Sequence[Untaken]
    waiting_count: int
    offered_count: int


def _untaken(queue: Queue, *, is_served: bool, now: datetime) -> _All:
    """In the order in which they are offered; the first of each state as a whole."""
    rows = list(
        Dialog.objects.filter(line_id=queue.line_id, state__in=WAITING)
        .order_by("ranked_at", "pk")
        .values_list("pk", "state", "opened_at")
    )
    offered = [pk for pk, state, _at in rows if state == Dialog.State.OFFERED]
    waiting = [pk for pk, state, _at in rows if state != Dialog.State.OFFERED]
    places = {pk: place for place, (pk, _state, _at) in enumerate(rows, start=1)}
    first = min((opened_at for _pk, _state, opened_at in rows), default=now)
    dialogs = _dialogs([*waiting[:SHOWN_WAITING], *offered[:SHOWN_OFFERED]])
    people = _people(dialogs)
    pace = pace_of(queue.line_id, now=now) if is_served and dialogs else None
    shown = [
        Untaken(
            dialog=dialog,
            place=places[dialog.pk],
            wait=pace.wait(places[dialog.pk], since=first) if pace else None,
            operators=[people[pk] for pk in dialog.offered_to if pk in people],
        )
        for dialog in sorted(dialogs, key=lambda dialog: places[dialog.pk])
    ]
    return _All(shown, len(waiting), len(offered))


def _dialogs(dialog_ids: Sequence[int]) -> list[Dialog]:
    related = ("client", "channel", "waits_on", "group")
    return list(Dialog.objects.filter(pk__any_of=dialog_ids).select_related(*related)) if dialog_ids else []


def _people(dialogs: Sequence[Dialog]) -> dict[int, User]:
    asked = {pk for dialog in dialogs for pk in dialog.offered_to}
    return User.objects.in_bulk(sorted(asked)) if asked else {}


def _members(people: Sequence[Candidate], queue: Queue) -> list[Member]:
    ids = [person.operator_id for person in people]
    operators = User.objects.in_bulk(ids)
    owned = Dialog.objects.filter(owner__in=ids).exclude(state=Dialog.State.CLOSED).order_by()
    numbers = dict(owned.values_list("owner_id").annotate(Count("pk")))
    return [
        Member(
            person=person,
            operator=operators[person.operator_id],
            order=order if is_available(person, queue) else None,
            obstacle=obstacle(person, queue),
            open_dialogs=numbers.get(person.operator_id, 0),
        )
        for order, person in enumerate(people, start=1)
        if person.operator_id in operators
    ]


def _decisions(line: Line) -> list[Decision]:
    """Of what waits now and of what was taken last: older dialogs are not looked at."""
    untaken = Dialog.objects.filter(line=line, state__in=WAITING).order_by("-pk").values("pk")[:SHOWN_WAITING]
    taken = Dialog.objects.filter(line=line, answered_at__isnull=False).order_by("-answered_at")
    ids = [*untaken.values_list("pk", flat=True), *taken.values_list("pk", flat=True)[:SHOWN_DECISIONS]]
    latest = Decision.objects.filter(dialog_id__any_of=ids).order_by("-pk")
    return list(latest.select_related("dialog__client")[:SHOWN_DECISIONS])
