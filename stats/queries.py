"""What the lines and their operators did since a moment: reads for reports, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from crm.models import User
from openlines.models import Dialog, Message, QueueMember
from routing.models import Offer

OPEN = ~Q(state=Dialog.State.CLOSED)
MISSED = (Offer.Outcome.EXPIRED, Offer.Outcome.SKIPPED)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class LineFigures:
    """``open_now`` and ``waiting_now`` are of this moment, the others since the moment asked for."""

    opened: int = 0
    answered: int = 0
    closed: int = 0
    open_now: int = 0
    waiting_now: int = 0
    missed_offers: int = 0
    first_answer_median: timedelta | None = None


@dataclass(frozen=True, slots=True)
class OperatorFigures:
    """``open_now`` is of this moment, the others since the moment asked for."""

    open_now: int = 0
    accepted: int = 0
    skipped: int = 0
    expired: int = 0
    messages: int = 0


def start_of_today(now: datetime) -> datetime:
    """Midnight in the installation's time zone."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def figures_of_lines(line_ids: Collection[int], *, since: datetime) -> dict[int, LineFigures]:
    """Figures of each of the lines; a line where nothing happened has zeros. Two queries."""
    figures: dict[int, dict[str, Any]] = {line_id: {} for line_id in line_ids}
    for row in _dialogs_of_lines(line_ids, since):
        figures[row.pop("line_id")] |= row
    missed = _offers(line_ids, since).filter(outcome__in=MISSED).values_list("dialog__line_id")
    for line_id, number in missed.annotate(number=Count("pk")):
        figures[line_id]["missed_offers"] = number
    return {line_id: LineFigures(**values) for line_id, values in figures.items()}


def all_together(lines: Iterable[int], *, since: datetime) -> LineFigures:
    """The same over several lines at once: a median of medians would be wrong. Two queries."""
    line_ids = list(lines)
    totals = touched_dialogs(line_ids, since).aggregate(**_line_columns(since))
    missed = _offers(line_ids, since).filter(outcome__in=MISSED).count()
    return LineFigures(missed_offers=missed, **totals)


def _dialogs_of_lines(line_ids: Collection[int], since: datetime) -> Iterable[dict[str, Any]]:
    rows = touched_dialogs(line_ids, since).order_by().values("line_id").annotate(**_line_columns(since))
    return map(dict, rows)


def _line_columns(since: datetime) -> dict[str, Aggregate]:
    is_answered = Q(first_replied_at__gte=since)
    wait = ExpressionWrapper(F("first_replied_at") - F("opened_at"), output_field=DurationField())
    return {
        "opened": Count("pk", filter=Q(opened_at__gte=since)),
        "answered": Count("pk", filter=is_answered),
        "closed": Count("pk", filter=Q(closed_at__gte=since)),
        "open_now": Count("pk", filter=OPEN),
        "waiting_now": Count("pk", filter=OPEN & Q(waiting_since__isnull=False)),
        "first_answer_median": Median(wait, filter=is_answered),
    }


def touched_dialogs(line_ids: Collection[int], since: datetime) -> QuerySet[Dialog]:
    """Dialogs that were open at any time since then: whatever is counted happened in one of them.

    Both halves have an index, so old dialogs cost nothing.
    """
    return Dialog.objects.filter(at_work_since(since), line__in=line_ids)


def at_work_since(moment: datetime) -> Q:
    return OPEN | Q(state=Dialog.State.CLOSED, closed_at__gte=moment)


def _offers(line_ids: Collection[int], since: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(dialog__in=touched_dialogs(line_ids, since), ended_at__gte=since).order_by()


def figures_of_operators(line_ids: Collection[int], *, since: datetime) -> dict[User, OperatorFigures]:
    """Those who stand in the lines' queues or did something there, by name. Five queries."""
    figures = _merged(
        _open_dialogs(line_ids), _ended_offers(line_ids, since), _written_messages(line_ids, since),
        {pk: {} for pk in QueueMember.objects.filter(line__in=line_ids).values_list("operator_id", flat=True)},
    )  # fmt: skip
    staff = User.objects.filter(pk__in=figures).order_by("first_name", "last_name", "pk")
    return {operator: OperatorFigures(**figures[operator.pk]) for operator in staff}


def _merged(*parts: Mapping[int, dict[str, int]]) -> dict[int, dict[str, int]]:
    figures: dict[int, dict[str, int]] = {}
    for part in parts:
        for operator_id, values in part.items():
            figures.setdefault(operator_id, {}).update(values)
    return figures


def _open_dialogs(line_ids: Collection[int]) -> dict[int, dict[str, int]]:
    owned = Dialog.objects.filter(OPEN, line__in=line_ids, owner__isnull=False).order_by()
    return {pk: {"open_now": number} for pk, number in owned.values_list("owner_id").annotate(Count("pk"))}


def _ended_offers(line_ids: Collection[int], since: datetime) -> dict[int, dict[str, int]]:
    columns = {
        "accepted": Count("pk", filter=Q(outcome=Offer.Outcome.ACCEPTED)),
        "skipped": Count("pk", filter=Q(outcome=Offer.Outcome.SKIPPED)),
        "expired": Count("pk", filter=Q(outcome=Offer.Outcome.EXPIRED)),
    }
    rows = _offers(line_ids, since).values_list("operator_id").annotate(**columns)
    return {pk: dict(zip(columns, numbers, strict=True)) for pk, *numbers in rows}


def _written_messages(line_ids: Collection[int], since: datetime) -> dict[int, dict[str, int]]:
    written = Message.objects.filter(
        dialog__in=touched_dialogs(line_ids, since),
        author_kind=Message.Author.OPERATOR,
        visibility=Message.Visibility.PUBLIC,
        author__isnull=False,
        created_at__gte=since,
    ).order_by()
    return {pk: {"messages": number} for pk, number in written.values_list("author_id").annotate(Count("pk"))}
