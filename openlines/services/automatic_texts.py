"""What clients are told without anybody writing it."""

from datetime import datetime

from openlines.models import Dialog, Line
from openlines.services.machines import told_enough, written_to_by_machines
from openlines.services.messages import add_automatic_text
from openlines.texts import words_for


def send_automatic_text(
    dialog: Dialog, field: str, *, action: str = Line.Action.TEXT, own: str | None = None, now: datetime
) -> bool:
    """Tell the client of a locked dialog, if the line has words for it and somebody is there to read them; whether it
    did."""
    words = words_for(dialog, field, action=action, own=own, now=now) if dialog.client.is_reachable else ""
    if not words or written_to_by_machines([dialog.pk]) or told_enough([dialog], now=now):
        return False
    add_automatic_text(dialog, words, now=now)
    return True
