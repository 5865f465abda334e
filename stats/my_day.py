"""What one operator did today, and what they have on their hands: reads for the person themself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Case, Count, DurationField, ExpressionWrapper, F, IntegerField, Q, QuerySet, When

from crm.models import User
from openlines.models import Dialog, Line, Message, QueueMember, Rating
from routing.models import Offer
from stats.queries import OPEN

# A client may rate a dialog days after its end; today's ratings are looked for among those that ended lately.
RATED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LineLoad:
    """``limit`` is the person's own in this line; without it the line gives what comes."""

    id: int
    name: str
    open: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class MyDay:
    """All since the moment asked for but ``open`` and ``lines``, which are of now; see docs/howto/working-time.md."""

    taken: int
    answered: int
    finished: int
    first_reply: timedelta | None
    ratings: int
    rating: float | None
    open: int
    lines: list[LineLoad]


def my_day(operator: User, *, since: datetime) -> MyDay:
    """Seven queries, whatever was done."""
    lines = _loads(operator)
    own = _own(operator, since)
    columns = own.aggregate(
        finished=Count("pk", filter=Q(closed_at__gte=since) & ~Q(close_reason=Dialog.CloseReason.SPAM)),
        first_reply=Avg(
            ExpressionWrapper(F("first_replied_at") - F("opened_at"), output_field=DurationField()),
            filter=Q(first_replied_at__gte=since),
        ),
        open=Count("pk", filter=OPEN),
    )
    return MyDay(
        taken=_taken(operator, own, since),
        answered=_answered(operator, own, since),
        lines=lines,
        **columns,
        **_ratings(operator, since),
    )


def _own(operator: User, since: datetime) -> QuerySet[Dialog]:
    """Dialogs of theirs that were open at any time since then. Both halves have an index."""
    return Dialog.objects.filter(OPEN | Q(state=Dialog.State.CLOSED, closed_at__gte=since), owner=operator).order_by()


def _taken(operator: User, own: QuerySet[Dialog], since: datetime) -> int:
    """Accepted offers, and what they took without one; a dialog counts once."""
    accepted = Offer.objects.filter(operator=operator, outcome=Offer.Outcome.ACCEPTED, ended_at__gte=since)
    ids = set(accepted.values_list("dialog_id", flat=True))
    return len(ids.union(own.filter(answered_at__gte=since).values_list("pk", flat=True)))


def _answered(operator: User, own: QuerySet[Dialog], since: datetime) -> int:
    written = Message.objects.filter(
        dialog__in=own, author=operator, visibility=Message.Visibility.PUBLIC, created_at__gte=since
    )
    return written.order_by().values("dialog_id").distinct().count()


def _ratings(operator: User, since: datetime) -> dict[str, Any]:
    """On a scale of five: a like is a five, a dislike a one."""
    stars = Case(
        When(scale=Line.RatingScale.LIKE, then=F("score") * 4 + 1), default=F("score"), output_field=IntegerField()
    )
    ended = Q(dialog__state=Dialog.State.CLOSED, dialog__closed_at__gte=since - RATED_WITHIN)
    rated = Rating.objects.filter(
        ended | ~Q(dialog__state=Dialog.State.CLOSED), dialog__owner=operator, rated_at__gte=since, score__isnull=False
    )
    return rated.aggregate(ratings=Count("pk"), rating=Avg(stars))


def _loads(operator: User) -> list[LineLoad]:
    open_dialogs = Dialog.objects.filter(OPEN, owner=operator).order_by().values_list("line_id")
    taken = dict(open_dialogs.annotate(Count("pk")))
    members = QueueMember.objects.filter(operator=operator, line__archived_at=None).order_by("line__name", "line_id")
    limits = members.values_list("line_id", "line__name", "dialog_limit")
    return [LineLoad(id=pk, name=name, open=taken.get(pk, 0), limit=limit) for pk, name, limit in limits]
