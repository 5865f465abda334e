"""Whether what was sent can be changed into what an operator has made of it."""

from django.utils.translation import gettext_lazy as _

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery
from channels_connectors.services.composing import parts_for, sent_parts_of, speaker_of
from common.errors import DomainError
from openlines.models import Message


class PartsWouldDiffer(DomainError):
    code = "parts_would_differ"
    message = _(
        "The client has this as another number of messages, and they can only be changed one by one. Keep the length,"
        " or write a correction."
    )


class StillBeingSent(DomainError):
    code = "still_being_sent"
    message = _("A part of this message is with the client already, and the rest is on its way. Change it after that.")


def require_same_parts(*, message_id: int) -> None:
    """Inside the transaction that changed the message. Raises ``PartsWouldDiffer``, ``StillBeingSent``."""
    message = Message.objects.select_related("chat__channel__account", "dialog__client", "reply_to").get(pk=message_id)
    if message.external_id is None:
        if _is_half_sent(message):
            raise StillBeingSent
        return
    connector, account = speaker_of(message.chat.channel)
    try:
        number = len(parts_for(message, connector, account))
    except ConnectorError:
        return
    if number != len(sent_parts_of(message)):
        raise PartsWouldDiffer


def _is_half_sent(message: Message) -> bool:
    under_way = Delivery.objects.filter(message=message, action=Delivery.Action.SEND, finished_at=None)
    return under_way.exclude(sent_parts=[]).exists()
