"""The lines and the page of one line."""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from channels_connectors.registry import SETUPS
from channels_connectors.web.health import health_of
from channels_connectors.web.kinds import setup_of
from channels_connectors.web.line_forms import NewLineForm
from channels_connectors.web.line_page import LinePage
from channels_connectors.web.line_sections.entries import eligible_staff, possible_rows
from channels_connectors.web.rearranging import rearranged
from common.errors import DomainError
from common.pages import drawer, is_partial, say
from crm.current import staff
from crm.models import User
from crm.web.access import administrators_only
from openlines.line_warnings import warnings_for
from openlines.models import Channel, Line, QueueMember
from openlines.services.lines import create_line
from openlines.web.topics import topics_block
from routing.services.line_settings import save_line_settings


@require_safe
@administrators_only
def line_list(request: HttpRequest) -> HttpResponse:
    channels = Channel.objects.exclude(state=Channel.State.DISCONNECTED).order_by("pk")
    members = QueueMember.objects.select_related("operator").order_by("position")
    lines = Line.objects.select_related("group").prefetch_related(
        Prefetch("channels", channels), Prefetch("queue_members", members)
    )
    online = Count("queue_members", filter=Q(queue_members__operator__presence=User.Presence.ONLINE))
    found = list(lines.annotate(online=online).order_by("pk"))
    context = {
        "lines": [line for line in found if line.archived_at is None],
        "archived": [line for line in found if line.archived_at is not None],
        "shows_archived": "archived" in request.GET,
    }
    return render(request, "settings/lines/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_line(request: HttpRequest) -> HttpResponse:
    form = NewLineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        line = create_line(administrator=staff(request), name=form.cleaned_data["name"])
        say(request, _("The line works. Connect a channel, and clients can write."))
        page = reverse("line", args=[line.pk])
        return HttpResponseClientRedirect(page) if is_partial(request) else redirect(page)
    context = {"form": form}
    return drawer(
        request, "settings/lines/new.html", context, back=reverse("lines"), status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    found = _line(line_id)
    if request.method != "POST" and found.archived_at is not None:
        return render(request, "settings/lines/archived.html", {"line": found})
    if request.method != "POST":
        return _painted(request, LinePage(found))
    if action := request.POST.get("rearrange"):
        # Another order in the page; nothing is stored yet.
        page = LinePage(found, rearranged(request.POST, action))
        added = request.POST.get("language", "") if action == "add-language" else ""
        return _painted(request, page, is_unsaved=True, added_language=added)
    page = LinePage(found, request.POST)
    if not page.is_valid() or not _save(request, page):
        return _painted(request, page, is_unsaved=True, status=422)
    say(request, _("Saved. It works like this from now on."))
    return _painted(request, LinePage(_line(line_id))) if is_partial(request) else redirect("line", line_id=line_id)


def _line(line_id: int) -> Line:
    lines = Line.objects.select_related("queue", "schedule", "group").prefetch_related(
        "supervisors", "channels__account", "schedule__special_days"
    )
    return get_object_or_404(lines, pk=line_id)


def _save(request: HttpRequest, page: LinePage) -> bool:
    try:
        save_line_settings(
            administrator=staff(request),
            line=page.line,
            line_changes=page.line_changes,
            queue_changes=page.queue_changes,
            places=page.places,
            hours=page.hours.new_hours,
            now=timezone.now(),
        )
    except DomainError as error:
        page.refuse(error)
        return False
    return True


def _painted(request: HttpRequest, page: LinePage, *, status: int = 200, **facts: Any) -> HttpResponse:
    """The whole page, or after saving by htmx its form alone."""
    is_part = is_partial(request) and request.method == "POST"
    context: dict[str, Any] = {"line": page.line, "page": page, "is_partial": is_part, **_warnings(page.line), **facts}
    if is_part:
        return render(request, "settings/lines/_form.html", context, status=status)
    return render(
        request, "settings/lines/line.html", context | _channels(page.line) | topics_block(page.line), status=status
    )


def _warnings(found: Line) -> dict[str, Any]:
    """What can't work about the line as it is stored."""
    warnings = warnings_for(found)
    lasting = [warning for warning in warnings if not warning.is_passing]
    return {"warnings": warnings, "has_lasting": bool(lasting), "marked": {warning.section for warning in lasting}}


def _channels(found: Line) -> dict[str, Any]:
    channels = sorted(found.channels.all(), key=lambda channel: channel.pk)
    gone = [channel for channel in channels if channel.state == Channel.State.DISCONNECTED]
    tiles = [(channel, setup_of(channel.kind), health_of(channel)) for channel in channels if channel not in gone]
    used = {channel.kind for channel, _kind, _health in tiles}
    sandbox = next((channel for channel, _kind, _health in tiles if channel.kind == "sandbox"), None)
    return {
        "tiles": tiles,
        "kinds": [(setup, kind in used) for kind, setup in SETUPS.items()],
        "gone": [(channel, setup_of(channel.kind)) for channel in gone],
        "sandbox": sandbox,
    }


@require_safe
@administrators_only
def queue_row(request: HttpRequest) -> HttpResponse:
    """One more operator or group at the end of a queue that is being edited."""
    row = possible_rows(eligible_staff()).row(request.GET.get("candidate", ""))
    return render(request, "settings/lines/_queue_row.html", {"row": row})
