from django.utils import timezone

from openlines.models import Message
from openlines.services.receiving import receive_messages
from openlines.types import IncomingMessage, Person

ANNA = Person(external_id="anna", first_name="Anna")


def incoming(number: str, *, reply_to: str = "", chat: str = "anna") -> IncomingMessage:
    return IncomingMessage(
        chat_external_id=chat, external_id=number, sender=ANNA, text=f"Message {number}", reply_to_external_id=reply_to
    )


def quoted_by(number: str) -> str | None:
    reply_to = Message.objects.get(external_id=number).reply_to
    return reply_to.external_id if reply_to else None


def test_a_reply_quotes_what_came_before_and_what_came_together_with_it(channel):
    receive_messages(channel=channel, incoming=[incoming("1")], now=timezone.now())

    together = [incoming("2", reply_to="1"), incoming("3", reply_to="2"), incoming("4", reply_to="99"), incoming("5")]
    receive_messages(channel=channel, incoming=together, now=timezone.now())

    assert [quoted_by(number) for number in ("2", "3", "4", "5")] == ["1", "2", None, None]
