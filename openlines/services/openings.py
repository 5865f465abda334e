"""What new dialogs begin with, for any number of them at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from common.events import publish
from openlines.events import DialogsOpened, RepliesQueued
from openlines.models import Channel, Dialog, Message
from openlines.services.leads import attach_leads_by_rule, lead_line
from openlines.services.machines import told_enough
from openlines.services.messages import append_all, automatic_text, service_line
from openlines.texts import words_for


def begin_dialogs(
    dialogs: Sequence[Dialog], *, channel: Channel, by_machines: Collection[int] = (), now: datetime
) -> None:
    """Their line in the feed, leads by the line's rule, the welcome; then they go to the queue. Nobody welcomes
    machines."""
    if not dialogs:
        return
    new_leads = attach_leads_by_rule(dialogs)
    texts = {dialog.pk: "" if dialog.pk in by_machines else _welcome(dialog, now) for dialog in dialogs}
    enough = told_enough([dialog for dialog in dialogs if texts[dialog.pk]], now=now)
    welcomes = {pk: automatic_text(text) for pk, text in texts.items() if text and pk not in enough}
    first_words: list[tuple[Dialog, Message]] = []
    for dialog in dialogs:
        first_words.append((dialog, _opening_line(dialog, channel)))
        if dialog.pk in new_leads:
            first_words.append((dialog, lead_line(new_leads[dialog.pk])))
        if dialog.pk in welcomes:
            first_words.append((dialog, welcomes[dialog.pk]))
    append_all(first_words, "lead", now=now)
    if welcomes:
        publish(RepliesQueued(tuple(message.pk for message in welcomes.values())))
    publish(DialogsOpened(tuple(dialog.pk for dialog in dialogs)))


def _opening_line(dialog: Dialog, channel: Channel) -> Message:
    return service_line(
        "DIALOG_OPENED", number=dialog.pk, channel=channel.name, kind=channel.kind, line=dialog.line.name
    )


def _welcome(dialog: Dialog, now: datetime) -> str:
    line = dialog.line
    is_sent = line.is_active and line.is_welcome_sent and dialog.client.is_reachable
    return words_for(dialog, "welcome_text", now=now) if is_sent else ""
