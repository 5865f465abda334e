"""The queue now in words, in the reader's language."""

from django.utils.translation import gettext as _

from openlines.models import Dialog
from routing.models import Queue
from routing.queue_now import Member, QueueNow
from routing.schedules import day_and_time
from routing.services.off_hours import ClosedPeriod


def next_words(queue: QueueNow) -> str:
    """Whom the next client is offered to, and why."""
    if not queue.line.is_active:
        return _("The line is switched off: nothing is offered.")
    if queue.closed:
        return _("Outside the hours nothing is offered: the line opens %(opening)s.") % opening_of(queue.closed)
    code = queue.next.code
    if code == "NOBODY_AVAILABLE" and not queue.next.names:
        code = "NOBODY_AT_ALL"
    words = {
        "EVENLY": _("Next is %(who)s: given the least in this line today."),
        "STRICTLY": _("Next is %(who)s: the first in the queue's order who is available."),
        "ALL_AT_ONCE": _("The next client is offered to everyone available at once."),
        "ALL_BUSY": _("Everyone who works has as many dialogs as they may: the next client waits for a free place."),
        "NOBODY_AVAILABLE": _("Nobody is available: the next client waits with %(who)s, whose turn it is."),
        "NOBODY_AT_ALL": _("Nobody is available: the next client waits for whoever comes first."),
    }
    return words[code] % {"who": ", ".join(queue.next.names)}


def opening_of(closed: ClosedPeriod) -> dict[str, str]:
    return {"opening": day_and_time(closed.opening) if closed.opening else _("at a time that is not known")}


def waits_for(dialog: Dialog, queue: QueueNow) -> str:
    """What a dialog that is not offered waits for."""
    if not queue.line.is_active:
        return _("the line, which is switched off")
    if queue.closed:
        return _("the opening")
    if dialog.group is not None:
        return _("somebody of %(group)s") % {"group": dialog.group}
    if queue.next.code == "ALL_BUSY":
        return _("a free place")
    if dialog.waits_on is not None:
        return _("%(who)s, whose turn it is") % {"who": dialog.waits_on.name}
    if queue.next.code == "NOBODY_AVAILABLE":
        return _("whoever comes first")
    return _("its turn")


def member_words(member: Member, queue: Queue) -> str:
    """Why somebody is next, later, or not asked."""
    person = member.person
    if member.obstacle is not None:
        return {
            "ABSENT": _("absent"),
            "NOT_STARTED": _("the working day has not begun"),
            "ENDED": _("the working day is over"),
            "PAUSED": _("on a break"),
            "OFFLINE": _("offline"),
            "FULL": _("no place free"),
        }[member.obstacle]
    if queue.distribution == Queue.Distribution.ALL_AT_ONCE:
        return _("is asked together with the others")
    if queue.distribution == Queue.Distribution.STRICTLY:
        return _("place %(position)s in the queue's order") % {"position": person.position}
    if member.order == 1:
        return _("next: given the least today")
    return _("later: given %(share)s today") % {"share": person.share}
