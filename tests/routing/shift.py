"""A day of two lines that share operators: what people do, each of it as a real request would do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import time_machine
from django.utils import timezone

from common.errors import DomainError
from common.events import publish
from crm.events import StaffChanged
from crm.models import Client, StaffGroup, User
from openlines.events import PrioritiesChanged
from openlines.models import Channel, Dialog, Line
from openlines.services.lines import Place, change_line, set_queue
from openlines.services.timers import fire_due_timers
from routing.models import Queue
from routing.services.absences import add_absence, refresh_absences
from routing.services.hours import NewHours, change_hours
from routing.services.presence import forget_silent_consoles, keep_alive, let_go
from routing.services.queues import change_queue
from routing.services.working_day import end_forgotten_days
from tests.committing import committed
from tests.factories import Cast, make_cast, make_channel, make_line, make_user, write

NAMES = ("roman", "rita", "ruslan")


@dataclass
class Shift:
    clock: time_machine.Traveller
    cast: Cast
    lines: list[Line]
    channels: list[Channel]
    operators: list[User]
    group: StaffGroup
    consoles: dict[int, UUID] = field(default_factory=dict)
    refusals: int = 0
    hellos: int = 0

    @classmethod
    def begins(cls, clock: time_machine.Traveller) -> "Shift":
        cast = make_cast()
        operators = [cast.olga, cast.oleg, *(make_user(name, "OPERATOR") for name in NAMES)]
        User.objects.filter(pk__in=[cast.olga.pk, cast.oleg.pk]).update(presence="OFFLINE")
        group = StaffGroup.objects.create(name="Experts")
        group.members.set(operators[1:3])
        lines = [make_line(cast, name=name) for name in ("Sales", "Support")]
        channels = [make_channel(cast, line) for line in lines]
        shift = cls(clock, cast, lines, channels, operators, group)
        shift.seat(0, operators[:4], {})
        shift.seat(1, operators[2:], {})
        return shift

    @property
    def now(self) -> datetime:
        return timezone.now()

    def do(self, act: Callable[[], object]) -> bool:
        """As a request does it; people are refused politely or not at all."""
        try:
            with committed():
                act()
        except DomainError:
            self.refusals += 1
            return False
        return True

    def pass_time(self, seconds: float) -> None:
        """What is due is done, and nothing of it is left."""
        self.clock.shift(timedelta(seconds=seconds))
        with committed():
            fire_due_timers(now=self.now)
        self.do(self._sweep)

    def writes(self, number: int, place: int) -> None:
        self.hellos += 1
        channel = self.channels[place]
        self.do(lambda: write(channel, "Hello", sender=f"Client{number}", number=self.hellos, now=self.now))

    def comes(self, operator: User) -> None:
        console = self.consoles.setdefault(operator.pk, uuid4())
        self.do(lambda: keep_alive(connection_id=console, operator_id=operator.pk, now=self.now))

    def leaves(self, operator: User) -> None:
        """The console is closed, and the grace for reloading it passes unused; all others beat."""
        console = self.consoles.pop(operator.pk, None)
        if console is None:
            return
        self.do(lambda: let_go(connection_id=console, now=self.now - timedelta(minutes=1)))
        self.do(self._sweep)

    def _sweep(self) -> None:
        for pk, console in self.consoles.items():
            keep_alive(connection_id=console, operator_id=pk, now=self.now)
        forget_silent_consoles(now=self.now)
        refresh_absences(now=self.now)
        end_forgotten_days(now=self.now)

    def seat(self, place: int, operators: Sequence[User], limits: dict[int, int | None]) -> None:
        places = [Place(operator_id=one.pk, dialog_limit=limits.get(one.pk)) for one in operators]
        self.do(lambda: set_queue(administrator=self.cast.alla, line=self.lines[place], places=places))

    def rule(self, place: int, **changes: Any) -> None:
        queue = Queue.objects.select_related("line").get(line=self.lines[place])
        self.do(lambda: change_queue(administrator=self.cast.alla, queue=queue, **changes))

    def set_up(self, place: int, **changes: Any) -> None:
        line = Line.objects.get(pk=self.lines[place].pk)
        self.do(lambda: change_line(administrator=self.cast.alla, line=line, **changes))

    def open_only_by_day(self, place: int, *, is_enabled: bool) -> None:
        hours = NewHours(is_enabled=is_enabled, time_zone="UTC", weekly=[[["09:00", "18:00"]]] * 7)
        line = self.lines[place]
        self.do(lambda: change_hours(administrator=self.cast.alla, line=line, hours=hours, now=self.now))

    def is_absent(self, operator: User, *, days: int) -> None:
        today = timezone.localdate()
        last = today + timedelta(days=days)
        self.do(
            lambda: add_absence(
                actor=self.cast.alla, operator_id=operator.pk, kind="SICK", first_date=today, last_date=last,
                now=self.now,
            )
        )  # fmt: skip

    def limit(self, operator: User, limit: int | None) -> None:
        def change() -> None:
            User.objects.filter(pk=operator.pk).update(dialog_limit=limit)
            publish(StaffChanged(operator.pk))

        self.do(change)

    def mark(self, client_id: int, *, is_vip: bool) -> None:
        def change() -> None:
            Client.objects.filter(pk=client_id).update(is_vip=is_vip)
            publish(PrioritiesChanged(client_id=client_id))

        self.do(change)

    def prefer(self, place: int, priority: int) -> None:
        channel = self.channels[place]

        def change() -> None:
            Channel.objects.filter(pk=channel.pk).update(priority=priority)
            publish(PrioritiesChanged(line_id=channel.line_id))

        self.do(change)

    def dialogs(self, **which: Any) -> list[Dialog]:
        return list(Dialog.objects.filter(**which).exclude(state="CLOSED").order_by("pk"))
