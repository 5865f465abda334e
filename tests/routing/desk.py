"""A line's operators by name, for tests that read like a shift."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from crm.models import User
from openlines.models import Dialog
from openlines.services.lines import set_queue_members
from openlines.services.timers import fire_due_timers
from routing.models import Connection, Decision, Offer, Queue
from routing.reasons import decision_json
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.presence import keep_alive, set_paused
from tests.committing import committed
from tests.factories import write
from tests.scenes import Scene


@dataclass
class Desk:
    scene: Scene
    queue: Queue
    people: dict[str, User]
    seconds: float = 0.0
    consoles: dict[str, UUID] = field(default_factory=dict)

    @property
    def now(self) -> Any:
        return self.scene.now + timedelta(seconds=self.seconds)

    def sit(self, *names: str) -> None:
        """They are the queue, in this order."""
        ids = [self.people[name].pk for name in names]
        set_queue_members(administrator=self.scene.cast.alla, line=self.scene.line, operator_ids=ids)

    def rule(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.queue, name, value)
        self.queue.save()

    def hello(self, sender: str = "Anna") -> Dialog:
        with committed():
            return write(self.scene.channel, "Hello", sender=sender, number=uuid4().hex, now=self.now)

    def offered(self, dialog: Dialog) -> list[str]:
        """Who has the offer now, by name."""
        dialog.refresh_from_db()
        names = {user.pk: name for name, user in self.people.items()}
        return [names[pk] for pk in dialog.offered_to]

    def answer(self, dialog: Dialog, name: str) -> None:
        with committed():
            answer_dialog(dialog_id=dialog.pk, operator=self.people[name], now=self.now)

    def skip(self, dialog: Dialog, name: str) -> None:
        with committed():
            skip_dialog(dialog_id=dialog.pk, operator=self.people[name], now=self.now)

    def wait(self, seconds: float) -> None:
        """Time passes; what is due is done."""
        self.seconds += seconds
        with committed():
            fire_due_timers(now=self.now)

    def away(self, *names: str) -> None:
        """They were never there today."""
        ids = [self.people[name].pk for name in names]
        User.objects.filter(pk__in=ids).update(presence=User.Presence.OFFLINE)
        Connection.objects.filter(operator__in=ids).delete()

    def come(self, name: str) -> None:
        self.consoles[name] = uuid4()
        self.beat(name)

    def beat(self, name: str) -> None:
        with committed():
            keep_alive(connection_id=self.consoles[name], operator_id=self.people[name].pk, now=self.now)

    def pause(self, name: str, *, is_paused: bool = True) -> None:
        with committed():
            set_paused(operator=self.people[name], is_paused=is_paused, now=self.now)

    def presence(self, name: str) -> str:
        return str(User.objects.get(pk=self.people[name].pk).presence)

    def reasons(self, dialog: Dialog) -> list[str]:
        """Why it went where it went, in words, oldest first."""
        return [decision["reason"] for decision in self.explained(dialog)]

    def explained(self, dialog: Dialog) -> list[dict[str, Any]]:
        return [decision_json(decision) for decision in Decision.objects.filter(dialog=dialog).order_by("pk")]

    def outcomes(self, dialog: Dialog) -> list[tuple[str, str]]:
        names = {user.pk: name for name, user in self.people.items()}
        offers = Offer.objects.filter(dialog=dialog).order_by("pk")
        return [(names[offer.operator_id], offer.outcome) for offer in offers]
