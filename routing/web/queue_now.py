"""The queue of a line at this moment, as a page that keeps itself fresh."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotFound
from common.pages import is_partial
from crm.current import staff
from crm.web.access import staff_only, supervisors_only
from openlines.access import steered_line, steered_lines, visible_dialog
from openlines.models import Line
from openlines.services.clients import change_client
from routing.queue_now import queue_now
from routing.queue_words import member_words, next_words, waits_for

UNCHANGED = 204


@require_safe
@supervisors_only
def first_queue(request: HttpRequest) -> HttpResponse:
    """Where "Queue now" leads: to the first of the reader's lines."""
    line = steered_lines(staff(request)).filter(archived_at=None).order_by("name", "pk").first()
    if line is None:
        return render(request, "routing/no_queue.html")
    return redirect("queue", line.pk)


@require_safe
@staff_only
def queue(request: HttpRequest, line_id: int) -> HttpResponse:
    """Asked for again and again, it answers with nothing while what is shown is still true (``?have=``)."""
    line = steered_line(staff(request), line_id)
    fresh, digest = _painted(request, line)
    if is_partial(request):
        return HttpResponse(status=UNCHANGED) if request.GET.get("have") == digest else HttpResponse(fresh)
    lines = steered_lines(staff(request)).filter(archived_at=None).order_by("name", "pk")
    return render(request, "routing/queue.html", {"line": line, "lines": lines, "fresh": fresh})


def _painted(request: HttpRequest, line: Line) -> tuple[str, str]:
    now = queue_now(line, now=timezone.now())
    context = {
        "queue": now,
        "line": line,
        "next_words": next_words(now),
        "waiting": [(row, waits_for(row.dialog, now)) for row in now.waiting],
        "members": [(member, member_words(member, now.queue)) for member in now.members],
    }
    body = render_to_string("routing/_queue.html", context, request=request)
    digest = hashlib.blake2s(body.encode(), digest_size=8).hexdigest()
    return render_to_string("routing/_fresh.html", {"body": body, "digest": digest, "line": line}), digest


@require_POST
@staff_only
def mark_important(request: HttpRequest, line_id: int, dialog_id: int) -> HttpResponse:
    """The client of a waiting dialog counts as important from now on: they move to the front."""
    line = steered_line(staff(request), line_id)
    dialog = visible_dialog(staff(request), dialog_id)
    if dialog.line_id != line.pk:
        raise NotFound
    change_client(client=dialog.client, is_vip=True)
    if not is_partial(request):
        return redirect("queue", line.pk)
    return HttpResponse(_painted(request, line)[0])
