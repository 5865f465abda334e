"""Channels for the pages of administrators."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Length

from channels_connectors.models import Delivery, MessageTemplate, RawEvent, Refusal
from common.errors import NotFound
from crm.models import User
from openlines.access import lines_of
from openlines.models import Channel, Dialog, Message

PAGE_OF_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a channel, and what can't be read."""

    to_send: int
    to_read: int
    unreadable: int


def backlog_of(channel: Channel) -> Backlog:
    waiting = [Delivery.State.QUEUED, Delivery.State.SENDING]
    events = RawEvent.objects.filter(channel=channel)
    return Backlog(
        to_send=Delivery.objects.filter(channel=channel, state__in=waiting).count(),
        to_read=events.filter(state=RawEvent.State.NEW).count(),
        unreadable=events.filter(state=RawEvent.State.FAILED).count(),
    )


def refusals_of(channel: Channel, *, now: datetime) -> list[Refusal]:
    """Requests to its webhook that were turned away in the last week."""
    since = (now - timedelta(days=7)).astimezone(UTC).date()
    return list(Refusal.objects.filter(channel=channel, day__gte=since))


def latest_client_message(channel: Channel, *, since: datetime) -> Message | None:
    """The newest message of a client that came in this channel after the moment. What came is in an open dialog."""
    dialogs = Dialog.objects.filter(channel=channel, last_message_at__gt=since).exclude(state=Dialog.State.CLOSED)
    messages = Message.objects.filter(dialog__in=dialogs, author_kind=Message.Author.CLIENT, created_at__gt=since)
    return messages.select_related("dialog__client").order_by("-pk").first()


def raw_events_of(channel_id: int, *, state: str = "", before: int | None = None) -> QuerySet[RawEvent]:
    """A page of them and one more, newest first, older than ``before``; without their bodies, whose ``size`` they
    tell."""
    events = RawEvent.objects.filter(channel=channel_id).annotate(size=Length("body")).defer("body").order_by("-pk")
    events = events.filter(state=state) if state else events
    return (events.filter(pk__lt=before) if before is not None else events)[: PAGE_OF_EVENTS + 1]


def templates_for(user: User, channel_id: int) -> QuerySet[MessageTemplate]:
    """Those of a channel of the user's lines that can be sent. Raises ``NotFound``."""
    if not Channel.objects.filter(pk=channel_id, line__in=lines_of(user)).exists():
        raise NotFound
    return MessageTemplate.objects.filter(channel=channel_id, state="APPROVED").order_by("name", "language")
