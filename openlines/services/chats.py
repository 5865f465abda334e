"""Finding the chats of incoming messages, and making clients, identities and chats for newcomers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from common.events import publish
from common.rows import insert_rows
from common.statements import Statement
from crm.models import Client, Identity
from crm.services import learn_about, note_seen
from openlines.events import ClientAppeared, StrangersWrote
from openlines.models import Channel, Chat
from openlines.services.aliases import identities_by_any_id
from openlines.services.clients import announce_card
from openlines.types import IncomingMessage, Person

CHATS = Statement(
    lambda channel_id, external_ids: Chat.objects.select_related("client").filter(
        channel_id=channel_id, external_id__any_of=external_ids
    )
)


def chats_for(*, channel: Channel, incoming: Sequence[IncomingMessage], now: datetime) -> dict[str, Chat]:
    """The chats by external id; those that don't exist are made, with their client and identity."""
    wanted = {item.chat_external_id: item for item in incoming}
    chats = {chat.external_id: chat for chat in CHATS.objects(channel_id=channel.pk, external_ids=list(wanted))}
    note_seen(identity_ids=[chat.identity_id for chat in chats.values()], now=now)
    new = _new_chats(channel, [item for external_id, item in wanted.items() if external_id not in chats], now)
    return chats | {chat.external_id: chat for chat in new}


def _new_chats(channel: Channel, items: Sequence[IncomingMessage], now: datetime) -> list[Chat]:
    if not items:
        return []
    identities = _identities(channel, {item.sender.external_id: item.sender for item in items}, now)
    chats = [
        Chat(
            channel=channel,
            client=identities[item.sender.external_id].client,
            identity=identities[item.sender.external_id],
            external_id=item.chat_external_id,
            context=item.context,
            thread=item.thread,
            subject=asdict(item.subject) if item.subject else None,
        )
        for item in items
    ]
    insert_rows(chats)
    return chats


def _identities(channel: Channel, senders: Mapping[str, Person], now: datetime) -> dict[str, Identity]:
    """By their ids in the channel's scope; newcomers get theirs, and a client each."""
    known = identities_by_any_id(scope=channel.scope, values=list(senders))
    newcomers = [sender for value, sender in senders.items() if value not in known]
    clients = [
        Client(name=sender.name[:255], language=sender.language[:16], is_anonymous=sender.is_anonymous)
        for sender in newcomers
    ]
    insert_rows(clients)
    new = [_identity(channel, *pair, now) for pair in zip(newcomers, clients, strict=True)]
    insert_rows(new)
    for sender, client in zip(newcomers, clients, strict=True):
        publish(ClientAppeared(channel.pk, client.pk, sender.photo_reference))
    return known | {identity.value: identity for identity in new}


def _identity(channel: Channel, sender: Person, client: Client, now: datetime) -> Identity:
    return Identity(
        client=client,
        kind=channel.kind,
        scope=channel.scope,
        value=sender.external_id,
        title=(f"@{sender.username}" if sender.username else sender.title or sender.name)[:255],
        last_seen_at=now,
    )


def learn_from_senders(channel: Channel, written: Iterable[tuple[Chat, IncomingMessage]]) -> set[int]:
    """Note what clients tell of themselves beside their words: names, addresses, where they are.

    Returns the chats whose clients could not be written back to until now.
    """
    reachable: set[int] = set()
    strangers: dict[str, None] = {}
    for chat, item in written:
        _note_visit(chat, item)
        _note_thread(chat, item)
        client, sender = chat.client, item.sender
        if not (client.name or sender.name or client.is_anonymous):
            strangers[sender.external_id] = None
        if not (sender.phone or sender.email or (sender.name and not client.name)):
            continue
        was_anonymous = client.is_anonymous
        if learn_about(client=client, name=sender.name, phone=sender.phone, email=sender.email):
            announce_card(client.pk)
        if was_anonymous and not client.is_anonymous:
            reachable.add(chat.pk)
    if strangers:
        publish(StrangersWrote(channel.pk, channel.kind, tuple(strangers)))
    return reachable


def _note_thread(chat: Chat, item: IncomingMessage) -> None:
    """What the connector has to know when it writes there, over what it knew."""
    thread, subject = chat.thread | item.thread, asdict(item.subject) if item.subject else chat.subject
    if (thread, subject) != (chat.thread, chat.subject):
        chat.thread, chat.subject = thread, subject
        chat.save(update_fields=["thread", "subject"])


def _note_visit(chat: Chat, item: IncomingMessage) -> None:
    """The page a visitor writes from, and the one they came by."""
    visit = item.context.get("visit")
    if visit and visit != chat.context.get("visit"):
        first = chat.context.get("first_visit") or chat.context.get("visit") or visit
        chat.context = chat.context | {"visit": visit, "first_visit": first}
        chat.save(update_fields=["context"])
