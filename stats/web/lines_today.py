"""Today's figures of the lines, as a piece that the list of lines takes in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.web.access import administrators_only
from openlines.models import Line
from stats.queries import figures_of_lines, start_of_today


@require_safe
@administrators_only
def lines_today(request: HttpRequest) -> HttpResponse:
    line_ids = list(Line.objects.filter(archived_at=None).order_by("pk").values_list("pk", flat=True))
    figures = figures_of_lines(line_ids, since=start_of_today(timezone.now()))
    return render(request, "settings/lines/_figures.html", {"figures": figures})
