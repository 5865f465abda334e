"""What can't work about a line's queue, as far as routing sees it."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from openlines.line_warnings import LineWarning, line_check, texts_that_say_nothing
from openlines.models import Line
from routing.services.choosing import obstacle
from routing.services.off_hours import closed_period
from routing.services.people import members_of


@line_check
def _somebody_answers(line: Line) -> Iterable[LineWarning]:
    people = members_of(line.queue, now=timezone.now())
    obstacles = {obstacle(person, line.queue) for person in people}
    if not people:
        yield _empty(line)
    elif obstacles == {"ABSENT"}:
        words = _("Everybody in the queue is absent: dialogs wait until somebody comes back.")
        yield LineWarning(code="ALL_ABSENT", section="queue", message=words)
    elif None not in obstacles and "FULL" in obstacles:
        words = _("Everybody who is available has as many dialogs as the limits allow: new ones wait.")
        yield LineWarning(code="ALL_FULL", section="queue", message=words, is_passing=True)
    elif None not in obstacles:
        words = _("Nobody in the queue is available right now: new dialogs wait.")
        yield LineWarning(code="NOBODY_AVAILABLE", section="queue", message=words, is_passing=True)


def _empty(line: Line) -> LineWarning:
    words = _("The queue is empty: nobody is offered a dialog.")
    if line.queue_entries.exists():
        words = _("Nobody in the queue works with clients any more: nobody is offered a dialog.")
    return LineWarning(code="EMPTY_QUEUE", section="queue", message=words)


@line_check
def _waiting_clients_are_told(line: Line) -> Iterable[LineWarning]:
    rules = (
        ("off_hours_action", "off_hours_text", _("Outside the hours")),
        ("no_answer_action", "no_answer_text", _("Nobody has answered")),
    )
    yield from texts_that_say_nothing(line, line.queue, rules)


@line_check
def _hours_are_kept(line: Line) -> Iterable[LineWarning]:
    has_hours = hasattr(line, "schedule") and line.schedule.is_enabled
    if line.queue.off_hours_action != Line.Action.NONE and not has_hours:
        words = _("What is sent outside the hours is never sent: the line has no hours and is always open.")
        yield LineWarning(code="NO_HOURS", section="hours", message=words)
    # Hours that never come are refused; but special days pass.
    if has_hours and (period := closed_period(line.schedule, timezone.now())) and period.opening is None:
        words = _("The line is closed, and its hours have no opening in the next two years: nothing is offered.")
        yield LineWarning(code="NEVER_OPEN", section="hours", message=words)


@line_check
def _priorities_count(line: Line) -> Iterable[LineWarning]:
    is_used = line.priority or any(channel.priority for channel in line.channels.all())
    if is_used and not line.queue.priority_seconds:
        words = _("Priorities are set, but one step counts for no waiting: nobody goes first.")
        yield LineWarning(code="PRIORITY_COUNTS_NOTHING", section="queue", message=words)
