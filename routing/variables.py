"""Values that automatic texts take from routing; they are asked for only where a text has them."""

from datetime import datetime

from openlines.models import Dialog
from openlines.texts import text_variable
from routing.waiting import wait_words, waiting_of


@text_variable("position")
def place_in_the_queue(dialog: Dialog, now: datetime) -> str:
    waiting = waiting_of(dialog, now=now)
    return str(waiting.position) if waiting else ""


@text_variable("wait")
def usual_wait(dialog: Dialog, now: datetime) -> str:
    """Nothing where nothing honest can be said."""
    waiting = waiting_of(dialog, now=now)
    return wait_words(waiting.wait) if waiting and waiting.wait else ""
