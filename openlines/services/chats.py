"""Finding the chats of incoming messages, and making clients, identities and chats for newcomers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from common.events import publish
from crm.models import Client, Identity
from crm.services import note_seen
from openlines.events import ClientAppeared
from openlines.models import Channel, Chat
from openlines.types import IncomingMessage, Person

SEEN_PRECISION = timedelta(minutes=1)


def chats_for(*, channel: Channel, incoming: Sequence[IncomingMessage], now: datetime) -> dict[str, Chat]:
    """The chats by external id; those that don't exist are made, with their client and identity."""
    wanted = {item.chat_external_id: item for item in incoming}
    chats = {
        chat.external_id: chat
        for chat in Chat.objects.select_related("identity", "client").filter(
            channel=channel, external_id__in=wanted
        )
    }  # fmt: skip
    _note_seen(list(chats.values()), now)
    for external_id, item in wanted.items():
        if external_id not in chats:
            chats[external_id] = _new_chat(channel, item, now)
    return chats


def _note_seen(chats: Sequence[Chat], now: datetime) -> None:
    stale = [
        chat.identity_id
        for chat in chats
        if chat.identity.last_seen_at is None or now - chat.identity.last_seen_at > SEEN_PRECISION
    ]
    if stale:
        note_seen(identity_ids=stale, now=now)


def _new_chat(channel: Channel, item: IncomingMessage, now: datetime) -> Chat:
    identity = _identity(channel, item.sender, now)
    return Chat.objects.create(
        channel=channel,
        client=identity.client,
        identity=identity,
        external_id=item.chat_external_id,
        context=item.context,
    )


def _identity(channel: Channel, sender: Person, now: datetime) -> Identity:
    known = Identity.objects.select_related("client").filter(scope=channel.scope, value=sender.external_id).first()
    if known is not None:
        return known
    client = Client.objects.create(
        name=sender.name[:255], language=sender.language[:16], is_anonymous=sender.is_anonymous
    )
    for kind, value in (("phone", sender.phone), ("email", sender.email)):
        if value:
            Identity.objects.get_or_create(scope=kind, value=value, defaults={"client": client, "kind": kind})
    publish(ClientAppeared(channel.pk, client.pk, sender.photo_reference))
    return Identity.objects.create(
        client=client,
        kind=channel.kind,
        scope=channel.scope,
        value=sender.external_id,
        title=f"@{sender.username}" if sender.username else sender.name[:255],
        last_seen_at=now,
    )
