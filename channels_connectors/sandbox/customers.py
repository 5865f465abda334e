"""Playing the customers of a sandbox: what they see, and what they write."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from channels_connectors.inbox import keep_event
from channels_connectors.registry import connector_for
from channels_connectors.sandbox.connector import Sandbox
from common import doorbell
from common.errors import DomainError, InvalidInput
from openlines.formatting import plain_of
from openlines.models import Attachment, Channel, Chat, Dialog, Message
from openlines.presenters import messages_json

SHOWN = 60
OFFERED = 30
REACHED = (Message.Delivery.SENT, Message.Delivery.DELIVERED, Message.Delivery.READ)
# What has reached the customer: their own words, and what has been sent to them.
SEEN = Q(author_kind=Message.Author.CLIENT) | Q(delivery_state__in=REACHED)
Json = dict[str, Any]


class SandboxClosed(DomainError):
    code = "sandbox_closed"

    def __init__(self) -> None:
        super().__init__(_("This sandbox is disconnected. Connect it again in the settings of its line."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMessage:
    """What a played customer writes, or the button they press. ``id`` is made by the page: what comes again is
    stored once."""

    chat: str
    id: UUID
    name: str
    phone: str = ""
    email: str = ""
    text: str = ""
    press: str = ""
    attachments: Sequence[UUID] = field(default_factory=tuple)


def write_messages(*, channel: Channel, played: Sequence[PlayedMessage], now: datetime) -> None:
    """Into the raw inbox, as any provider's events. Raises ``SandboxClosed``, ``InvalidInput``."""
    if channel.state == Channel.State.DISCONNECTED:
        raise SandboxClosed
    events = [_event(channel, message, now) for message in played]
    connector = connector_for(Sandbox.kind)
    for event in events:
        keep_event(channel_id=channel.pk, key=connector.event_key(event), body=json.dumps(event).encode())
    doorbell.ring(doorbell.INBOX)


def _event(channel: Channel, message: PlayedMessage, now: datetime) -> Json:
    text = message.text.strip()
    if message.press:
        sender = {"name": message.name}
        return {"chat": message.chat, "id": str(message.id), "sender": sender, "press": message.press, "text": text}
    if not text and not message.attachments:
        raise InvalidInput(_("Write something first."), fields={"text": [_("Empty.")]})
    limit = Sandbox.capabilities.text_length
    if len(text) > limit:
        raise InvalidInput(fields={"text": [_("At most %(limit)d characters.") % {"limit": limit}]})
    uploads = _uploads(channel, message)
    return {
        "chat": message.chat,
        "id": str(message.id),
        "sender": {"name": message.name, "phone": message.phone, "email": message.email},
        "text": text,
        "attachments": [{"kind": upload.kind, "reference": str(upload.pk)} for upload in uploads],
        "at": now.isoformat(),
    }


def _uploads(channel: Channel, message: PlayedMessage) -> list[Attachment]:
    own = Attachment.objects.filter(uploaded_in=channel, uploader_key=message.chat, message=None)
    found = own.in_bulk(list(message.attachments))
    if len(found) != len(set(message.attachments)):
        raise InvalidInput(_("A file is missing: attach it again."), fields={"attachments": [_("Unknown file.")]})
    return [found[pk] for pk in dict.fromkeys(message.attachments)]


def version_of(channel: Channel, chats: Sequence[str]) -> str:
    """Differs whenever something in these chats has changed, or a chat has appeared."""
    sums = _dialogs(channel, chats).aggregate(dialogs=Count("pk"), revisions=Sum("revision"))
    known = Chat.objects.filter(channel=channel).count()
    return f"{known}.{sums['dialogs']}.{sums['revisions'] or 0}"


def _dialogs(channel: Channel, chats: Sequence[str]) -> QuerySet[Dialog]:
    return Dialog.objects.filter(channel=channel, chat__external_id__in=chats)


def customers_of(channel: Channel) -> list[Json]:
    """Customers who have written, the latest first, for choosing whom to play."""
    chats = Chat.objects.filter(channel=channel).select_related("client").order_by("-pk")[:OFFERED]
    return [{"chat": chat.external_id, "name": str(chat.client), "color": chat.client.color} for chat in chats]


def conversations(channel: Channel, chats: Sequence[str]) -> dict[str, list[Json]]:
    """Per chat what its customer sees: the newest messages, oldest first."""
    public = Message.objects.filter(
        SEEN, chat__channel=channel, chat__external_id__in=chats, visibility=Message.Visibility.PUBLIC, deleted_at=None
    )
    numbered = public.annotate(
        place=Window(RowNumber(), partition_by=F("chat_id"), order_by=F("id").desc())
    ).filter(place__lte=SHOWN)  # fmt: skip
    origins = numbered.values_list("pk", "chat__external_id", "external_id", "payload__buttons", "payload__chosen")
    origin_of = {pk: (str(chat), external_id, buttons, chosen) for pk, chat, external_id, buttons, chosen in origins}
    seen: dict[str, list[Json]] = defaultdict(list)
    for message in messages_json(Message.objects.filter(pk__in=origin_of).order_by("id")):
        chat, external_id, buttons, chosen = origin_of[message["id"]]
        seen[chat].append(_as_customer_sees(message, external_id) | {"buttons": buttons or [], "chosen": chosen})
    return seen


def _as_customer_sees(message: Json, external_id: str | None) -> Json:
    kept = ("id", "kind", "reply_to", "attachments", "created_at", "edited_at")
    author = message["author"]
    is_own = author["kind"] == Message.Author.CLIENT
    return {name: message[name] for name in kept} | {
        "text": plain_of(message["text"], message),
        "author": author["kind"],
        "name": author["name"],
        "client_message_id": external_id if is_own else None,
    }
