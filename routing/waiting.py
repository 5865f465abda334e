"""What a client who waits may be told: their place in the queue, and how long it usually takes from there. Reads only.

The place is by the order in which dialogs are offered (``ranked_at``, then id), among those of the line that nobody
has taken yet. The time is a range, never a number: ``pace`` makes it of the line's last fifty takings of the last week.
Nothing is announced for a line that does not work, that nobody is at, or outside its hours; what began outside them
teaches nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.statements import Statement
from openlines.models import Dialog
from routing.pace import Pace, Taking, Wait
from routing.services.off_hours import is_closed_now

WAITING = frozenset({Dialog.State.NEW, Dialog.State.QUEUED, Dialog.State.OFFERED})
SAMPLE = 50
WEEK = timedelta(days=7)
MINUTE, HOUR = 60, 3600
HOURS_FROM = 90 * MINUTE

# Two indexes answer for two parts: what waits in the queue, and the few that are offered. Somebody is at the line who
# may have dialogs but for their limits: see ``services.choosing.obstacle``.
PLACE = """
    SELECT count(*), min(opened_at), (
        SELECT line.is_active AND EXISTS (
            SELECT FROM openlines_queuemember member JOIN crm_user person ON person.id = member.operator_id
            WHERE member.line_id = line.id AND person.is_active
              AND (person.presence = 'ONLINE' OR NOT queue.checks_presence)
              AND NOT (person.is_absent AND queue.checks_absence)
              AND (NOT queue.checks_working_day OR (person.working_day = 'STARTED' AND NOT person.is_paused))
        )
        FROM openlines_line line JOIN routing_queue queue ON queue.line_id = line.id WHERE line.id = %(line)s
    ), EXISTS (SELECT FROM routing_schedule WHERE line_id = %(line)s AND is_enabled)
    FROM (
        SELECT opened_at FROM openlines_dialog
        WHERE line_id = %(line)s AND state IN ('NEW', 'QUEUED') AND (ranked_at, id) < (%(rank)s, %(id)s)
        UNION ALL
        SELECT opened_at FROM openlines_dialog
        WHERE line_id = %(line)s AND state = 'OFFERED' AND (ranked_at, id) < (%(rank)s, %(id)s)
    ) ahead
"""
TAKINGS = Statement(
    lambda line_id, since: (
        Dialog.objects.filter(line_id=line_id, answered_at__gte=since, is_off_hours=False)
        .order_by("-answered_at")
        .values_list("opened_at", "answered_at")[: SAMPLE + 1]
    )
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """``position`` counts from 1; ``wait`` is ``None`` where nothing honest can be said."""

    position: int
    wait: Wait | None

    @property
    def ahead(self) -> int:
        return self.position - 1


def waiting_of(dialog: Dialog, *, now: datetime) -> Waiting | None:
    """``None`` for a dialog that somebody has, or that is over.

    Two statements, two more in a line that has hours, whatever it has behind it.
    """
    if dialog.state not in WAITING:
        return None
    rank = dialog.ranked_at or dialog.opened_at
    with connection.cursor() as cursor:
        cursor.execute(PLACE, {"line": dialog.line_id, "rank": rank, "id": dialog.pk})
        ahead, first_opened_at, is_served, has_hours = cursor.fetchone()
    begun_at = min(first_opened_at or dialog.opened_at, dialog.opened_at)
    if not is_served or (has_hours and is_closed_now(dialog.line_id, now)):
        return Waiting(ahead + 1, None)
    return Waiting(ahead + 1, pace_of(dialog.line_id, now=now).wait(ahead + 1, since=begun_at))


def pace_of(line_id: int, *, now: datetime) -> Pace:
    """How fast the line took its last clients."""
    return Pace([Taking(*row) for row in TAKINGS.rows(line_id=line_id, since=now - WEEK)], now)


def wait_words(wait: Wait) -> str:
    """«2–5 minutes», in the reader's language: in whole minutes, in hours when it is long."""
    unit = HOUR if wait.to_seconds > HOURS_FROM else MINUTE
    low, high = wait.from_seconds // unit, -(-wait.to_seconds // unit)
    if unit == HOUR:
        if low == 0:
            return ngettext("up to %(high)s hour", "up to %(high)s hours", high) % {"high": high}
        return ngettext("%(low)s–%(high)s hour", "%(low)s–%(high)s hours", high) % {"low": low, "high": high}
    if high <= 1:
        return _("less than a minute")
    if low == 0:
        return ngettext("up to %(high)s minute", "up to %(high)s minutes", high) % {"high": high}
    return ngettext("%(low)s–%(high)s minute", "%(low)s–%(high)s minutes", high) % {"low": low, "high": high}
