"""The cast and a line to work with, made through the services."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from channels_connectors.services.channels import connect_own
from crm.models import LeadStage, User
from openlines.models import Channel, Dialog, Line
from openlines.services.lines import create_line, set_queue_members
from openlines.services.receiving import receive_messages
from openlines.types import IncomingMessage, Person

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def make_user(username: str, role: str, *, presence: str = User.Presence.OFFLINE, **fields: Any) -> User:
    user = User(username=username, first_name=username.title(), role=role, presence=presence, **fields)
    user.set_password("correct horse")
    user.save()
    return user


@dataclass(frozen=True, slots=True)
class Cast:
    """Alla administers, Sergey supervises, Olga and Oleg answer, Mallory must see nothing."""

    alla: User
    sergey: User
    olga: User
    oleg: User
    mallory: User
    stranger: User


def make_cast() -> Cast:
    online = User.Presence.ONLINE
    return Cast(
        alla=make_user("alla", User.Role.ADMINISTRATOR),
        sergey=make_user("sergey", User.Role.SUPERVISOR),
        olga=make_user("olga", User.Role.OPERATOR, presence=online),
        oleg=make_user("oleg", User.Role.OPERATOR, presence=online),
        mallory=make_user("mallory", User.Role.OPERATOR, presence=online),
        stranger=make_user("stranger", User.Role.NONE),
    )


def make_line(cast: Cast, *, name: str = "Sales") -> Line:
    """Sergey supervises it, Olga and Oleg are its queue. It asks for no ratings, so that dialogs end quietly."""
    if not LeadStage.objects.exists():
        LeadStage.objects.create(name="New", position=1)
    line = create_line(administrator=cast.alla, name=name)
    Line.objects.filter(pk=line.pk).update(is_rating_asked=False)
    line.refresh_from_db()
    line.supervisors.add(cast.sergey)
    set_queue_members(administrator=cast.alla, line=line, operator_ids=[cast.olga.pk, cast.oleg.pk])
    return line


def make_channel(cast: Cast, line: Line, *, kind: str = "sandbox") -> Channel:
    return connect_own(administrator=cast.alla, line=line, kind=kind)


def write(
    channel: Channel, text: str, *, sender: str = "Anna", number: int | str = 1, now: datetime | None = None
) -> Dialog:
    """A client writes; returns their open dialog."""
    message = IncomingMessage(
        chat_external_id=sender.lower(),
        external_id=f"{sender.lower()}-{number}",
        sender=Person(external_id=sender.lower(), first_name=sender),
        text=text,
    )
    channel = Channel.objects.select_related("line").get(pk=channel.pk)
    with transaction.atomic():
        receive_messages(channel=channel, incoming=[message], now=now or timezone.now())
    return Dialog.objects.get(chat__channel=channel, chat__external_id=sender.lower(), closed_at=None)
