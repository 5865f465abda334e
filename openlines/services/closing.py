"""The end of a dialog: by its operator, by the client, by silence. Each says what its line has for it.

Who was told something may answer it: for the line's grace such a dialog is only about to be closed, and stays with its
operator; a word of either side takes it back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.events import DialogClosed, DialogClosing
from openlines.models import Channel, Dialog
from openlines.services.automatic_texts import send_automatic_text
from openlines.services.lifecycle import CLOSING, SILENCE, require_open
from openlines.services.locking import lock_dialog, lock_open_dialogs, save_changes
from openlines.services.messages import add_service_line
from openlines.services.rating import ask_for_rating
from openlines.services.timers import cancel_timers, on_timer, set_timer
from openlines.services.topics import TopicRequired, chosen_topic, is_topic_required
from openlines.types import IncomingClosing


@dataclass(frozen=True, slots=True)
class Ending:
    """A way for dialogs to end: what the line does, what it says, what staff read."""

    reason: str
    action: str
    text: str
    service_line: str


BY_OPERATOR = Ending(Dialog.CloseReason.OPERATOR, "closing_action", "closing_text", "DIALOG_FINISHED")
BY_CLIENT = Ending(Dialog.CloseReason.CLIENT, "client_closing_action", "client_closing_text", "CLOSED_BY_CLIENT")
BY_SILENCE = Ending(Dialog.CloseReason.SILENCE, "silence_action", "silence_text", "CLOSED_BY_SILENCE")


@transaction.atomic
def finish_dialog(
    *, dialog_id: int, operator: User, as_spam: bool = False, topic_id: int | None = None, now: datetime
) -> Dialog:
    """Close by an operator; what is about to be closed is closed at once. Spam is closed without a word to the client,
    and without a topic.

    Raises ``NotFound``, ``NotAllowed`` (not the owner, not a supervisor), ``DialogAlreadyClosed``, ``InvalidInput``,
    ``TopicRequired``.
    """
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    if dialog.owner_id != operator.pk and not steers(operator, dialog.line_id):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can finish it."))
    _note_topic(dialog, topic_id, is_asked=not as_spam)
    if as_spam:
        add_service_line(dialog, "MARKED_AS_SPAM", now=now, operator=operator.name)
        close_dialog(dialog, reason=Dialog.CloseReason.SPAM, now=now)
    elif dialog.closing_at is not None:
        add_service_line(dialog, "CLOSED_AT_ONCE", now=now, operator=operator.name)
        close_dialog(dialog, reason=dialog.close_reason, now=now)
    else:
        _end(dialog, BY_OPERATOR, now=now, operator=operator.name)
    return dialog


def _note_topic(dialog: Dialog, topic_id: int | None, *, is_asked: bool) -> None:
    """Whoever finishes a dialog says what it was about, where the line wants to know."""
    topic = chosen_topic(dialog, topic_id)
    if topic is not None and topic != dialog.topic:
        dialog.topic = topic
        save_changes(dialog, "topic")
    if is_asked and dialog.topic_id is None and is_topic_required(dialog):
        raise TopicRequired


@transaction.atomic
def close_by_client(*, channel: Channel, closing: IncomingClosing, now: datetime) -> None:
    """The client ends the conversation, whoever has it. Where none is open, nothing happens."""
    for dialog in lock_open_dialogs(chat__channel=channel, chat__external_id=closing.chat_external_id):
        if dialog.closing_at is None:
            _end(dialog, BY_CLIENT, now=now)
        else:
            add_service_line(dialog, BY_CLIENT.service_line, now=now)
            close_dialog(dialog, reason=dialog.close_reason, now=now)


@on_timer(SILENCE)
def close_by_silence(dialog: Dialog, now: datetime) -> None:
    if dialog.is_pinned or dialog.state != Dialog.State.ACTIVE or dialog.waiting_since is not None:
        return
    if dialog.closing_at is None and dialog.snoozed_at is None:
        _end(dialog, BY_SILENCE, now=now, minutes=max(1, dialog.line.silence_seconds // 60))


def _end(dialog: Dialog, ending: Ending, *, now: datetime, **params: object) -> None:
    """Only a dialog with an owner may wait for an answer to the text: somebody must be there to go on with it."""
    line = dialog.line
    has_spoken = send_automatic_text(dialog, ending.text, action=getattr(line, ending.action), now=now)
    has_spoken |= ask_for_rating(dialog, now=now)
    add_service_line(dialog, ending.service_line, now=now, **params)
    if has_spoken and line.grace_seconds and dialog.state == Dialog.State.ACTIVE:
        _begin_closing(dialog, reason=ending.reason, now=now)
    else:
        close_dialog(dialog, reason=ending.reason, now=now)


def _begin_closing(dialog: Dialog, *, reason: str, now: datetime) -> None:
    """Nothing is owed to the client any more, and nothing is expected."""
    dialog.closing_at = now + timedelta(seconds=dialog.line.grace_seconds)
    dialog.close_reason = reason
    dialog.waiting_since = dialog.snoozed_at = dialog.snoozed_until = None
    dialog.unread = 0
    save_changes(dialog, "closing_at", "close_reason", "waiting_since", "unread", "snoozed_at", "snoozed_until")
    cancel_timers([dialog.pk])
    set_timer(dialog.pk, CLOSING, dialog.closing_at)
    if dialog.owner_id is not None:
        publish(DialogClosing(dialog.pk, dialog.owner_id))


@on_timer(CLOSING)
def close_after_grace(dialog: Dialog, now: datetime) -> None:
    """Nobody said anything to the text."""
    if dialog.closing_at is not None and dialog.closing_at <= now:
        close_dialog(dialog, reason=dialog.close_reason, now=now)


def close_dialog(dialog: Dialog, *, reason: str, now: datetime) -> None:
    """The end of a dialog, whoever ended it. The owner stays on record."""
    dialog.state = Dialog.State.CLOSED
    dialog.close_reason = reason
    dialog.closed_at = now
    dialog.offered_to = []
    dialog.offer_started_at = dialog.offer_expires_at = dialog.waiting_since = dialog.closing_at = None
    dialog.snoozed_at = dialog.snoozed_until = None
    dialog.unread = 0
    fields = ("state", "close_reason", "closed_at", "offered_to", "offer_started_at", "offer_expires_at")
    save_changes(dialog, *fields, "waiting_since", "closing_at", "unread", "snoozed_at", "snoozed_until")
    cancel_timers([dialog.pk])
    publish(DialogClosed(dialog.pk, reason))
