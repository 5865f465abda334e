"""Clients who write soon after the end go on with the same dialog, where its line wants it so."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from crm.models import User
from openlines.models import Channel, Dialog
from openlines.services.lifecycle import ASSIGNMENT, set_assignment
from openlines.services.locking import lock_open_dialogs_of_chats, lock_open_or_fresh_dialogs_of_chats, save_all
from openlines.services.messages import append_all, service_line


def lock_dialogs_to_go_on_with(channel: Channel, chat_ids: Collection[int], *, now: datetime) -> list[Dialog]:
    """Of each chat its open dialog, or the one that its client goes on with. Where the channel's line wants each round
    of talk to be its own, nothing more is asked of the database than what is open."""
    seconds = channel.line.continue_seconds
    if not seconds:
        return lock_open_dialogs_of_chats(chat_ids)
    latest: dict[int, Dialog] = {}
    for dialog in lock_open_or_fresh_dialogs_of_chats(chat_ids, since=now - timedelta(seconds=seconds)):
        before = latest.get(dialog.chat_id)
        if before is None or _end(dialog, now) >= _end(before, now):
            latest[dialog.chat_id] = dialog
    return [dialog for dialog in latest.values() if dialog.is_open or _may_go_on(dialog, channel)]


def _end(dialog: Dialog, now: datetime) -> tuple[bool, datetime]:
    return dialog.is_open, dialog.closed_at or now


def _may_go_on(dialog: Dialog, channel: Channel) -> bool:
    """Spam never does, and what ended in another line stays there."""
    return dialog.close_reason != Dialog.CloseReason.SPAM and dialog.line_id == channel.line_id


def take_up_again(dialogs: Sequence[Dialog]) -> None:
    """Closed dialogs are as new for whoever distributes them; those who took part in them still do."""
    if not dialogs:
        return
    forget_who_left(dialogs)
    for dialog in dialogs:
        set_assignment(dialog, state=Dialog.State.NEW)
        dialog.group = dialog.handed_over = None
    save_all(dialogs, *ASSIGNMENT)


def forget_who_left(dialogs: Collection[Dialog]) -> None:
    """Closed dialogs keep participants who no longer work with clients; the caller writes it down."""
    invited = {pk for dialog in dialogs for pk in dialog.participant_ids}
    if not invited:
        return
    at_work = {user.pk for user in User.objects.filter(pk__in=invited) if user.works_with_clients}
    for dialog in dialogs:
        dialog.participant_ids = [pk for pk in dialog.participant_ids if pk in at_work]


def say_that_they_go_on(dialogs: Sequence[Dialog], *, now: datetime) -> None:
    if dialogs:
        append_all([(dialog, service_line("REOPENED_BY_CLIENT")) for dialog in dialogs], now=now)
