"""Nobody answered for the queue's set time: the client is told, or the dialog goes round anew."""

from datetime import datetime

from openlines.models import Dialog
from openlines.services.automatic_texts import send_automatic_text
from openlines.services.locking import save_changes
from openlines.services.messages import add_service_line
from openlines.services.timers import on_timer
from routing.models import Decision, Queue
from routing.services.distribution import begin_again, record_decision
from routing.services.expecting import NO_ANSWER, expect_answers
from routing.services.off_hours import closed_period

HIGHEST_COUNT = 2**15 - 1


@on_timer(NO_ANSWER, until_taken=True)
def act_on_no_answer(dialog: Dialog, now: datetime) -> None:
    """Only while the line works: outside its hours nobody is expected to answer."""
    queue = Queue.objects.select_related("line__schedule").get(line_id=dialog.line_id)
    if dialog.owner_id is not None or queue.no_answer_action == Queue.NoAnswer.NONE:
        return
    resumes_at = _resumes_at(queue, now)
    if resumes_at != now:
        if resumes_at is not None:
            expect_answers([dialog], queue, since=resumes_at)
        return
    _count(dialog, now)
    if queue.no_answer_action == Queue.NoAnswer.RETURN:
        record_decision(dialog, Decision.Outcome.RETURNED, code="NO_ANSWER", operators=[], now=now)
        begin_again(dialog, now=now)
    else:
        record_decision(dialog, Decision.Outcome.QUEUED, code="NO_ANSWER", operators=[], now=now)
        _tell(dialog, queue, now)


def _resumes_at(queue: Queue, now: datetime) -> datetime | None:
    """When the line works again: now, if it does; ``None`` where nobody knows."""
    if not queue.line.is_active:
        return None
    period = closed_period(queue.line.schedule, now)
    return period.opening if period else now


def _count(dialog: Dialog, now: datetime) -> None:
    dialog.no_answer_count = min(dialog.no_answer_count + 1, HIGHEST_COUNT)
    save_changes(dialog, "no_answer_count")
    seconds = int((now - (dialog.waiting_since or dialog.opened_at)).total_seconds())
    add_service_line(dialog, "NOBODY_ANSWERED", now=now, seconds=seconds, count=dialog.no_answer_count)


def _tell(dialog: Dialog, queue: Queue, now: datetime) -> None:
    if dialog.no_answer_count == 1:
        action, own = queue.no_answer_action, queue.no_answer_text
        send_automatic_text(dialog, "no_answer_text", action=action, own=own, now=now)
