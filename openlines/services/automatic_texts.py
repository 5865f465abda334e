"""What clients are told without anybody writing it."""

from datetime import datetime

from openlines.models import Dialog, Line
from openlines.services.messages import add_automatic_text
from openlines.texts import words_for


def send_automatic_text(
    dialog: Dialog, field: str, *, action: str = Line.Action.TEXT, own: str | None = None, now: datetime
) -> bool:
    """Tell the client of a locked dialog, if the line has words for it and they can be reached; whether it did."""
    words = words_for(dialog, field, action=action, own=own, now=now) if dialog.client.is_reachable else ""
    if words:
        add_automatic_text(dialog, words, now=now)
    return bool(words)
