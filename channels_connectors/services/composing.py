"""A stored message as the calls that its channel's provider needs for it."""

from dataclasses import replace
from itertools import chain

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account, Connector
from channels_connectors.degrading import degraded
from channels_connectors.models import Delivery
from channels_connectors.public_links import with_public_links
from channels_connectors.registry import connector_for
from openlines.models import Channel, Message
from openlines.queries import outgoing_message
from openlines.texts import spoken_with
from openlines.types import OutgoingPart, SentMessage


def speaker_of(channel: Channel) -> tuple[Connector, Account]:
    return connector_for(channel.kind), account_of(channel.account)


def parts_for(message: Message, connector: Connector, account: Account) -> list[OutgoingPart]:
    """The same message always gives the same parts. Raises ``ConnectorError``."""
    outgoing = with_public_links(outgoing_message(message))
    language = spoken_with(message.dialog.client) if outgoing.buttons else ""
    can = connector.capabilities_of(account.settings)
    return connector.parts_of(degraded(outgoing, capabilities=can, language=language), account)


def sent_message(message: Message) -> SentMessage:
    """All of it, by every id that the provider gave."""
    return SentMessage(
        chat_external_id=message.chat.external_id,
        external_ids=tuple(message.external_parts) or (message.external_id or "",),
        has_media=message.has_attachments,
        thread=message.chat.thread,
    )


def sent_parts_of(message: Message) -> list[SentMessage]:
    """Part by part, as it was sent; the whole as one where that is not known."""
    whole = sent_message(message)
    sent = Delivery.objects.filter(message=message, action=Delivery.Action.SEND, state=Delivery.State.SENT)
    groups = sent.order_by("-pk").values_list("sent_parts", flat=True).first() or []
    if tuple(chain.from_iterable(groups)) != whole.external_ids:
        return [whole]
    return [replace(whole, external_ids=tuple(ids)) for ids in groups]
