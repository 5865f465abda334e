"""How clients and supervisors liked the work since a moment: reads for reports, a query each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Avg, Count, Q

from openlines.models import Line
from openlines.services.rating import OPEN_FOR
from stats.queries import at_work_since, touched_dialogs


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """``given`` counts clients' ratings; ``liked`` is a share of 100, ``stars`` and ``work`` are averages of 1 to 5.
    Where nobody said anything there is nothing, not zero."""

    given: int = 0
    liked: float | None = None
    stars: float | None = None
    work: float | None = None


NOTHING = RatingFigures()


def ratings_of_lines(line_ids: Collection[int], *, since: datetime) -> dict[int, RatingFigures]:
    return _by("line_id", line_ids, since)


def ratings_of_operators(line_ids: Collection[int], *, since: datetime) -> dict[int, RatingFigures]:
    """By whoever had the rated dialogs last."""
    return _by("owner_id", line_ids, since)


def ratings_together(line_ids: Collection[int], *, since: datetime) -> RatingFigures:
    return _figures(_rated(line_ids, since).aggregate(**_columns(since)))


def _by(column: str, line_ids: Collection[int], since: datetime) -> dict[int, RatingFigures]:
    rows = _rated(line_ids, since).order_by().values(column).annotate(**_columns(since))
    return {row.pop(column): _figures(row) for row in map(dict, rows)}


def _rated(line_ids: Collection[int], since: datetime) -> Any:
    """A rating comes at most so long after the end of its dialog, so this finds all that were given since then."""
    return touched_dialogs(line_ids, since - OPEN_FOR).filter(rating__isnull=False)


def _columns(since: datetime) -> dict[str, Aggregate]:
    is_given = Q(rating__rated_at__gte=since)
    is_like, is_five = Q(rating__scale=Line.RatingScale.LIKE), Q(rating__scale=Line.RatingScale.FIVE)
    return {
        "given": Count("pk", filter=is_given),
        "share": Avg("rating__score", filter=is_given & is_like),
        "stars": Avg("rating__score", filter=is_given & is_five),
        "work": Avg("rating__supervisor_score", filter=at_work_since(since)),
    }


def _figures(row: dict[str, Any]) -> RatingFigures:
    share = row["share"]
    return RatingFigures(
        given=row["given"],
        liked=None if share is None else float(share) * 100,
        stars=None if row["stars"] is None else float(row["stars"]),
        work=None if row["work"] is None else float(row["work"]),
    )
