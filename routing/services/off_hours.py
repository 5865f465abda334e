"""A line outside its hours: nothing is offered, clients are told once per closed period, and at the opening it goes on.

What was told is on record as the service line ``OFF_HOURS`` with ``is_told``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, prefetch_related_objects

from common.events import publish
from common.rows import insert_rows
from common.statements import Statement
from openlines.events import RepliesQueued
from openlines.models import Dialog, Line, Message, Timer
from openlines.services.lifecycle import ASSIGNMENT, set_assignment
from openlines.services.locking import lock_dialogs
from openlines.services.machines import told_enough, written_to_by_machines
from openlines.services.messages import append_all, automatic_text, service_line
from openlines.services.timers import on_timer, set_timers
from openlines.texts import text_variable, words_for
from routing.events import LineOpened
from routing.models import Decision, Queue, Schedule
from routing.schedules import hours_of, opening_words
from routing.services.expecting import expect_answers

OPENING = "opening"
CODE = "OFF_HOURS"
TOLD = Q(payload__service__code=CODE, payload__service__params__is_told=True)
KEPT = (*ASSIGNMENT, "ranked_at", "priority", "is_off_hours")
ANSWERED = Q(author_kind=Message.Author.OPERATOR, visibility=Message.Visibility.PUBLIC)

SCHEDULE_OF_CHANNEL = Statement(
    lambda channel_id: Schedule.objects.select_related("line__queue").filter(
        line__channels=channel_id, line__is_active=True, is_enabled=True
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriod:
    """The present one of a line: since when, if it was ever open; until when, if it ever opens. By the line's clock."""

    since: datetime | None
    opening: datetime | None

    @property
    def opening_iso(self) -> str | None:
        return self.opening.isoformat() if self.opening else None


def closed_period(schedule: Schedule, now: datetime) -> ClosedPeriod | None:
    """``None`` while the line is open."""
    if not schedule.is_enabled:
        return None
    prefetch_related_objects([schedule], "special_days")
    hours = hours_of(schedule)
    if hours.is_open(now):
        return None
    opening = hours.next_opening(now)
    return ClosedPeriod(since=hours.closed_since(now), opening=opening.astimezone(hours.zone) if opening else None)


def is_closed_now(line_id: int, now: datetime) -> bool:
    schedule = Schedule.objects.filter(line_id=line_id, is_enabled=True).first()
    return schedule is not None and not hours_of(schedule).is_open(now)


def keep_until_opening(dialogs: Sequence[Dialog], *, queue: Queue, now: datetime) -> bool:
    """Outside the hours these locked dialogs wait in the queue, where operators may take them by hand, and who has
    begun one is told. Says whether it is so."""
    period = closed_period(queue.line.schedule, now) if queue.line.is_active else None
    if period is None:
        return False
    begun = [dialog for dialog in dialogs if dialog.state == Dialog.State.NEW]
    texts = _texts(begun, queue, period, now)
    newly = [dialog for dialog in dialogs if dialog.state != Dialog.State.QUEUED]
    for dialog in newly:
        dialog.is_off_hours = dialog.is_off_hours or dialog.state == Dialog.State.NEW
        set_assignment(dialog, state=Dialog.State.QUEUED)
    insert_rows([_decision(dialog, period, now) for dialog in newly])
    if period.opening is not None:
        set_timers([dialog.pk for dialog in dialogs], OPENING, period.opening)
        expect_answers(dialogs, queue, since=period.opening)
    _say(newly, texts, period, *KEPT, now=now)
    return True


@transaction.atomic
def tell_who_writes_on(*, channel_id: int, dialog_ids: Sequence[int], now: datetime) -> None:
    """A client goes on with an open dialog in another closed period: they are told again, unless somebody answers them
    outside the hours, too."""
    for schedule in SCHEDULE_OF_CHANNEL.objects(channel_id=channel_id):
        if (period := closed_period(schedule, now)) is not None:
            _tell_again(dialog_ids, schedule.line.queue, period, now)


def _tell_again(dialog_ids: Sequence[int], queue: Queue, period: ClosedPeriod, now: datetime) -> None:
    if queue.off_hours_action == Line.Action.NONE:
        return
    dialogs = [dialog for dialog in lock_dialogs(dialog_ids) if dialog.is_open]
    in_touch = _chats_with(TOLD | ANSWERED, dialogs, period)
    unaware = [dialog for dialog in dialogs if dialog.chat_id not in in_touch]
    texts = _texts(unaware, queue, period, now)
    _say([dialog for dialog in unaware if dialog.pk in texts], texts, period, now=now)


def _texts(dialogs: Sequence[Dialog], queue: Queue, period: ClosedPeriod, now: datetime) -> dict[int, str]:
    """What is said in which dialog."""
    if not dialogs or queue.off_hours_action == Line.Action.NONE:
        return {}
    told = _chats_with(TOLD, dialogs, period)
    untold = [dialog for dialog in dialogs if dialog.chat_id not in told]
    prefetch_related_objects(untold, "client", "channel")
    texts = {dialog.pk: _text(dialog, queue, now) for dialog in untold if dialog.client.is_reachable}
    unanswered = written_to_by_machines([pk for pk, text in texts.items() if text])
    unanswered |= told_enough([dialog for dialog in untold if texts.get(dialog.pk)], now=now)
    return {pk: text for pk, text in texts.items() if text and pk not in unanswered}


def _text(dialog: Dialog, queue: Queue, now: datetime) -> str:
    dialog.line = queue.line
    action, own = queue.off_hours_action, queue.off_hours_text
    return words_for(dialog, "off_hours_text", action=action, own=own, now=now)


@text_variable("opening")
def opening_in_words(dialog: Dialog, now: datetime) -> str:
    """When the line opens next; nothing while it is open."""
    period = closed_period(dialog.line.schedule, now)
    return opening_words(period.opening, now=now) if period and period.opening else ""


def _chats_with(which: Q, dialogs: Sequence[Dialog], period: ClosedPeriod) -> Collection[int]:
    messages = Message.objects.filter(which, chat_id__any_of=[dialog.chat_id for dialog in dialogs])
    if period.since is not None:
        messages = messages.filter(created_at__gte=period.since)
    return set(messages.values_list("chat_id", flat=True))


def _say(dialogs: Sequence[Dialog], texts: dict[int, str], period: ClosedPeriod, *fields: str, now: datetime) -> None:
    said: list[tuple[Dialog, Message]] = []
    replies: list[Message] = []
    for dialog in dialogs:
        if dialog.pk in texts:
            replies.append(automatic_text(texts[dialog.pk]))
            said.append((dialog, replies[-1]))
        is_waiting = dialog.state == Dialog.State.QUEUED
        line = service_line(CODE, opening=period.opening_iso, is_told=dialog.pk in texts, is_waiting=is_waiting)
        said.append((dialog, line))
    append_all(said, *fields, now=now)
    if replies:
        publish(RepliesQueued(tuple(message.pk for message in replies)))


def _decision(dialog: Dialog, period: ClosedPeriod, now: datetime) -> Decision:
    reason = {"code": CODE, "operators": [], "of": 0, "opening": period.opening_iso}
    return Decision(dialog=dialog, outcome=Decision.Outcome.QUEUED, reason=reason, considered=[], decided_at=now)


@on_timer(OPENING)
def offer_at_opening(dialog: Dialog, now: datetime) -> None:
    """The line opens: what waits is offered, once for all the dialogs that wait for this moment."""
    due = Timer.objects.filter(kind=OPENING, dialog__line_id=dialog.line_id, due_at__lte=now)
    held = list(due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    Timer.objects.filter(pk__any_of=held).delete()
    publish(LineOpened(dialog.line_id))


def follow_new_hours(schedule: Schedule, *, now: datetime) -> None:
    """Dialogs that wait for the opening wait for the new one; if the line is open now they are offered."""
    waiting = Timer.objects.filter(kind=OPENING, dialog__line_id=schedule.line_id)
    period = closed_period(schedule, now)
    if period is None:
        waiting.delete()
        publish(LineOpened(schedule.line_id))
    elif period.opening is not None:
        set_timers(list(waiting.values_list("dialog_id", flat=True)), OPENING, period.opening)
