"""Hours for tests: a line that is open from nine to six on working days, in Moscow."""

from datetime import UTC, datetime
from typing import Any

from openlines.models import Line
from routing.models import Queue
from routing.services.hours import NewHours, change_hours
from tests.factories import Cast

WORKING_DAY = [["09:00", "18:00"]]
WORKING_WEEK = [*[WORKING_DAY] * 5, [], []]
TEXT = "We are closed, {client}. We answer {opening}."
# Monday, the 23rd of November 2026, is three hours ahead in Moscow.
MONDAY_NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 23, 19, tzinfo=UTC)
TUESDAY_OPENING = datetime(2026, 11, 24, 6, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 24, 19, tzinfo=UTC)


def new_hours(**values: Any) -> NewHours:
    defaults: dict[str, Any] = {"is_enabled": True, "time_zone": "Europe/Moscow", "weekly": WORKING_WEEK}
    return NewHours(**(defaults | values))


def keep_hours(cast: Cast, line: Line, *, now: datetime, text: str = TEXT, **values: Any) -> None:
    change_hours(administrator=cast.alla, line=line, hours=new_hours(**values), now=now)
    action = Line.Action.TEXT if text else Line.Action.NONE
    Queue.objects.filter(line=line).update(off_hours_action=action, off_hours_text=text)
