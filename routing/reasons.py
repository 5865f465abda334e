"""Decisions in words, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from openlines.presenters import iso
from routing.models import Decision


def decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "decided_at": iso(decision.decided_at),
        "outcome": decision.outcome,
        "reason": reason_words(decision.reason),
        "considered": [
            {"operator": item["operator"], "verdict": item["verdict"], "why": verdict_words(item)}
            for item in decision.considered
        ],
    }


def reason_words(reason: dict[str, Any]) -> str:
    who = ", ".join(reason.get("operators", ()))
    words = {
        "EVENLY": _("Offered to %(who)s: longest without a new dialog, round %(round)s."),
        "STRICTLY": _("Offered to %(who)s: first in the queue's order, round %(round)s."),
        "ALL_AT_ONCE": _("Offered to everyone available: %(who)s."),
        "LAST_OPERATOR": _("Offered to %(who)s, who spoke with this client last."),
        "NOBODY_AVAILABLE": _("Nobody is available; the turn is %(who)s's."),
        "LINE_OFF": _("The line is switched off: the dialog waits until it works again."),
        "ANSWERED": _("%(who)s answered."),
        "TRANSFERRED": _("Transferred to %(who)s."),
        "TAKEN_OVER": _("%(who)s took the dialog over."),
        "OFFLINE": _("Taken back from %(who)s, who went offline."),
        "PAUSED": _("Taken back from %(who)s, who went on a break."),
    }[reason["code"]]
    text = words % {"who": who or _("nobody"), "round": reason.get("round", 1)}
    if reason.get("alone"):
        text += " " + _("There is nobody else, so the offer has no deadline.")
    return text


def verdict_words(item: dict[str, Any]) -> str:
    words = {
        "OFFERED": _("offered, place %(position)s in the queue"),
        "LATER": _("available, but their turn comes later"),
        "ALREADY_OFFERED": _("had this dialog already in this round"),
        "PAUSED": _("on a break"),
        "OFFLINE": _("offline"),
    }[item["verdict"]]
    return words % {"position": item["position"]}
