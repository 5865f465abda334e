"""Where conversations stand when a test begins: each is made through the services, from the first hello on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.sending import deliver
from crm.models import User
from openlines.models import Channel, Dialog, Line, Message
from openlines.services.receiving import receive_messages
from openlines.services.replies import send_reply
from openlines.types import IncomingMessage, Person
from routing.models import Connection
from routing.services.answering import answer_dialog
from routing.services.transferring import transfer_dialog
from routing.types import ToOperator
from tests.factories import Cast, write


@dataclass(frozen=True, slots=True)
class Scene:
    cast: Cast
    line: Line
    channel: Channel
    now: datetime

    @property
    def dialog(self) -> Dialog:
        """Anna's newest."""
        return Dialog.objects.filter(chat__external_id="anna").latest("pk")

    @property
    def last_reply(self) -> Message:
        return Message.objects.filter(author_kind=Message.Author.OPERATOR).latest("pk")

    @property
    def clients_message(self) -> Message:
        return Message.objects.filter(author_kind=Message.Author.CLIENT).latest("pk")

    def later(self, **how: float) -> datetime:
        return self.now + timedelta(**how)


def anna_writes(scene: Scene, text: str = "Hello", **fields: Any) -> list[Message]:
    """Fields of the message beside its text."""
    number = Message.objects.filter(author_kind=Message.Author.CLIENT).count() + 1
    values = {"chat_external_id": "anna", "external_id": f"anna-{number}", "text": text} | fields
    sender = Person(external_id="anna", first_name="Anna")
    channel = Channel.objects.select_related("line").get(pk=scene.channel.pk)
    return receive_messages(channel=channel, incoming=[IncomingMessage(sender=sender, **values)], now=scene.now)


def quiet(scene: Scene) -> None:
    """Nobody has written yet."""


def offered(scene: Scene) -> None:
    """Anna has written; it is Olga's turn."""
    write(scene.channel, "Hello", now=scene.now)
    assert scene.dialog.offered_to == [scene.cast.olga.pk]


def nobody_there(scene: Scene) -> None:
    User.objects.update(presence=User.Presence.OFFLINE)
    Connection.objects.all().delete()


def queued(scene: Scene) -> None:
    """Anna has written while nobody was there."""
    nobody_there(scene)
    write(scene.channel, "Hello", now=scene.now)
    assert scene.dialog.state == Dialog.State.QUEUED


def active(scene: Scene) -> None:
    """Olga has taken the dialog."""
    offered(scene)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def answered(scene: Scene) -> None:
    """Olga has written to Anna, and nothing is sent yet."""
    active(scene)
    reply(scene, "Good morning")


def sent(scene: Scene) -> None:
    """Anna has Olga's answer."""
    answered(scene)
    carry_all(scene)


def reply(scene: Scene, text: str, **fields: Any) -> Message:
    message, _is_new = send_reply(
        dialog_id=scene.dialog.pk, operator=scene.cast.olga, text=text, now=scene.now, **fields
    )
    return message


def hand_to(scene: Scene, colleague: User, *, by: User) -> None:
    """Anna's dialog changes hands."""
    transfer_dialog(dialog_id=scene.dialog.pk, actor=by, target=ToOperator(colleague.pk), now=scene.now)


def carry_all(scene: Scene) -> None:
    """Send whatever is due, a moment from now, until nothing is left."""
    while claimed := claim_due(limit=50, now=timezone.now() + timedelta(seconds=1)):
        for delivery_id in claimed:
            deliver(delivery_id)
