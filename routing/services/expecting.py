"""Until when somebody should have taken a dialog."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openlines.models import Dialog
from openlines.services.timers import set_timers
from routing.models import Queue

NO_ANSWER = "no_answer"


def expect_answers(dialogs: Sequence[Dialog], queue: Queue, *, since: datetime) -> None:
    """From then on the queue's patience counts, for any number of dialogs at once; where it does nothing about it,
    nothing is asked of the database. Clients are told once per dialog, returning to the queue goes on and on."""
    action = queue.no_answer_action
    if action == Queue.NoAnswer.NONE:
        return
    is_repeated = action == Queue.NoAnswer.RETURN
    expected = [dialog.pk for dialog in dialogs if is_repeated or not dialog.no_answer_count]
    set_timers(expected, NO_ANSWER, since + timedelta(seconds=queue.no_answer_seconds))
