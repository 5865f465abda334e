"""Reports as pages."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.api.requests import integer_or_none
from common.errors import NotFound
from common.pages import is_partial
from crm.current import staff
from crm.models import User
from crm.web.access import supervisors_only
from openlines.access import watched_lines
from stats.queries import OperatorFigures, all_together, figures_of_lines, figures_of_operators, start_of_today
from stats.ratings import NOTHING, RatingFigures, ratings_of_lines, ratings_of_operators, ratings_together


@require_safe
@supervisors_only
def today(request: HttpRequest) -> HttpResponse:
    """What the reader's lines and their operators did since midnight; of one line with ``?line=``."""
    lines = list(watched_lines(staff(request)).order_by("name", "pk"))
    chosen = integer_or_none(request.GET, "line")
    shown = [line for line in lines if chosen in {None, line.pk}]
    if chosen is not None and not shown:
        raise NotFound
    now = timezone.now()
    since, ids = start_of_today(now), [line.pk for line in shown]
    figures, ratings = figures_of_lines(ids, since=since), ratings_of_lines(ids, since=since)
    context = {
        "now": now,
        "lines": lines,
        "chosen": chosen,
        "total": all_together(ids, since=since),
        "rating": ratings_together(ids, since=since),
        "rows": [(line, figures[line.pk], ratings.get(line.pk, NOTHING)) for line in shown],
        "operators": _operators(ids, since),
    }
    return render(request, "stats/_today.html" if is_partial(request) else "stats/today.html", context)


def _operators(line_ids: list[int], since: datetime) -> list[tuple[User, OperatorFigures, RatingFigures]]:
    ratings = ratings_of_operators(line_ids, since=since)
    figures = figures_of_operators(line_ids, since=since)
    return [(operator, own, ratings.get(operator.pk, NOTHING)) for operator, own in figures.items()]
