"""All channels over all lines: how each does and what waits in it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from channels_connectors.logs import backlogs
from channels_connectors.registry import SETUPS
from channels_connectors.web.health import health_of
from channels_connectors.web.kinds import setup_of
from common.api.requests import integer_or_none
from common.pages import is_partial
from crm.web.access import administrators_only
from openlines.models import Channel, Line

TONES = ("ok", "warn", "off")


@require_safe
@administrators_only
def channel_list(request: HttpRequest) -> HttpResponse:
    kind, tone, line_id = (
        request.GET.get("kind", ""), request.GET.get("tone", ""), integer_or_none(request.GET, "line"),
    )  # fmt: skip
    channels = Channel.objects.select_related("line", "account").order_by("line__name", "pk")
    if kind:
        channels = channels.filter(kind=kind.replace("\0", ""))
    if line_id is not None:
        channels = channels.filter(line_id=line_id)
    now, waiting = timezone.now(), backlogs()
    rows = [_row(channel, waiting.get(channel.pk, {}), now) for channel in channels if hasattr(channel, "account")]
    context = {
        "rows": [row for row in rows if not tone or row["health"].tone == tone],
        "kinds": sorted(SETUPS.values(), key=lambda setup: str(setup.title)),
        "lines": Line.objects.order_by("name"),
        "asked": {"kind": kind, "tone": tone, "line": line_id},
        "is_filtered": bool(kind or tone or line_id),
    }
    template = "_list.html" if is_partial(request) else "list.html"
    return render(request, f"settings/channels/{template}", context)


def _row(channel: Channel, waiting: dict[str, int], now: Any) -> dict[str, Any]:
    return {
        "channel": channel,
        "kind": setup_of(channel.kind),
        "health": health_of(channel, now=now),
        "to_send": waiting.get("QUEUED", 0),
        "to_read": waiting.get("NEW", 0),
        "unreadable": waiting.get("FAILED", 0),
    }
