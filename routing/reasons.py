"""Decisions in words, in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from openlines.presenters import iso
from routing.models import Decision
from routing.schedules import day_and_time

# What decisions of earlier versions did not note.
NAMES = {"by": "", "line": "", "group": "", "round": 1}


def decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "decided_at": iso(decision.decided_at),
        "outcome": decision.outcome,
        "reason": reason_words(decision.reason),
        "considered": [_considered_json(item) for item in decision.considered],
    }


def _considered_json(item: dict[str, Any]) -> dict[str, Any]:
    taken, limit = _places(item)
    return {
        "operator": item["operator"],
        "verdict": item["verdict"],
        "why": verdict_words(item),
        "share": item.get("share"),
        "taken": taken if limit is not None else None,
        "limit": limit,
    }


def reason_words(reason: dict[str, Any]) -> str:
    who = ", ".join(reason.get("operators", ()))
    words = {
        "EVENLY": _("Offered to %(who)s: given the least in this line today, round %(round)s."),
        "STRICTLY": _("Offered to %(who)s: first in the queue's order, round %(round)s."),
        "ALL_AT_ONCE": _("Offered to everyone available: %(who)s."),
        "RESPONSIBLE": _("Offered to %(who)s, who is responsible for this client."),
        "TRANSFER_OFFERED": _("%(by)s hands it over to %(who)s, who has to accept it."),
        "LAST_OPERATOR": _("Offered to %(who)s, who spoke with this client last."),
        "NOBODY_AVAILABLE": _("Nobody is available; the turn is %(who)s's."),
        "ALL_BUSY": _("Everyone who works has as many dialogs as they may: it waits for a place."),
        "BEHIND_OTHERS": _("Others wait longer and are next."),
        "LINE_OFF": _("The line is switched off: the dialog waits until it works again."),
        "OFF_HOURS": _("Outside the line's hours: the dialog waits for the opening, %(opening)s."),
        "ANSWERED": _("%(who)s answered."),
        "TRANSFERRED": _("Transferred to %(who)s."),
        "TRANSFERRED_TO_LINE": _("%(by)s handed it to the line “%(line)s”, whose rules hold from now on."),
        "TRANSFERRED_TO_GROUP": _("%(by)s handed it to the group “%(group)s”: only its members are asked."),
        "RETURNED_BY_HAND": _("Returned to the queue by %(by)s; %(who)s is asked last."),
        "REOPENED": _("%(who)s reopened the closed dialog."),
        "TAKEN_OVER": _("%(who)s took the dialog over."),
        "NO_ANSWER": _("Nobody had answered for as long as the line waits."),
        "OFFLINE": _("Taken back from %(who)s, who went offline."),
        "PAUSED": _("Taken back from %(who)s, who went on a break."),
        "DAY_ENDED": _("Taken back from %(who)s, whose working day ended."),
        "DAY_NOT_STARTED": _("Taken back from %(who)s, whose working day has not begun."),
        "ABSENT": _("Taken back from %(who)s, who is absent."),
        "DISMISSED": _("Taken back from %(who)s, who no longer works here."),
        "UNANSWERED": _("Taken back from %(who)s, who did not answer the client in time."),
    }[reason["code"]]
    text = words % (NAMES | reason | {"who": who or _("nobody"), "opening": _opening(reason)})
    if reason.get("alone"):
        text += " " + _("There is nobody else, so the offer has no deadline.")
    return text


def _opening(reason: dict[str, Any]) -> str:
    """By the clock of the line."""
    opening = reason.get("opening")
    return day_and_time(datetime.fromisoformat(opening)) if opening else _("which is not known")


def verdict_words(item: dict[str, Any]) -> str:
    """What the decision knew of them; how many dialogs they had is known where they have a limit."""
    taken, limit = _places(item)
    words = {
        "OFFERED": _("offered: place %(position)s in the queue, given today: %(share)s"),
        "LATER": _("available, but their turn comes later, given today: %(share)s"),
        "ALREADY_OFFERED": _("had this dialog already in this round"),
        "PAUSED": _("on a break"),
        "OFFLINE": _("offline"),
        "NOT_STARTED": _("the working day has not begun"),
        "ENDED": _("the working day is over"),
        "ABSENT": _("absent"),
        "FULL": _("no place free: %(taken)s of %(limit)s dialogs"),
    }
    limited = {
        "OFFERED": _(
            "offered: place %(position)s in the queue, given today: %(share)s, %(taken)s of %(limit)s dialogs"
        ),
        "LATER": _("available, but their turn comes later, given today: %(share)s, %(taken)s of %(limit)s dialogs"),
    }
    known = {"position": item["position"], "share": item.get("share", 0), "taken": taken, "limit": limit}
    return (words if limit is None else words | limited)[item["verdict"]] % known


def _places(item: dict[str, Any]) -> tuple[int, int | None]:
    """How many places are filled and how many there are, in this line or, where that is scarcer, over all lines."""
    taken, limit = item.get("taken", 0), item.get("limit")
    own_limit = item.get("own_limit")
    if own_limit is None:
        return taken, limit
    taken_in_all = item.get("taken_in_all", 0)
    if limit is None or own_limit - taken_in_all < limit - taken:
        return taken_in_all, own_limit
    return taken, limit
