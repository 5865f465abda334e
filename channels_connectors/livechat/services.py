"""What visitors do: write, read, type."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.inbox import keep_event, process_channel
from channels_connectors.livechat.connector import LiveChat
from channels_connectors.livechat.presenters import Json
from channels_connectors.livechat.queries import chat_of, dialogs_of, messages_of, written_message
from channels_connectors.livechat.widgets import Widget
from channels_connectors.registry import connector_for
from common.errors import DomainError, InvalidInput, NotFound
from openlines.models import Attachment, Dialog, Message
from openlines.services.client_signs import show_typing_in
from openlines.services.closing import close_by_client
from openlines.services.delivering import record_client_delivered, record_client_read
from openlines.services.rating import rate_dialog
from openlines.types import IncomingClosing

ROUNDS = 20
UNREAD_STATES = (
    Message.Delivery.QUEUED, Message.Delivery.UNKNOWN, Message.Delivery.SENT, Message.Delivery.DELIVERED,
)  # fmt: skip


class NotYetShown(DomainError):
    """The message is committed; it could not be worked on at once."""

    code = "not_yet_shown"
    status = 503
    message = gettext_lazy("We have your message. It appears in a moment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as a visitor's browser sends it."""

    id: UUID
    text: str = ""
    attachments: Sequence[UUID] = ()
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    visit: Mapping[str, str] = field(default_factory=dict)


def write_message(*, widget: Widget, visitor: str, letter: Letter, now: datetime) -> tuple[Json, bool]:
    """Store what a visitor wrote, on the way that every channel goes; returns it and whether it is new.

    The same id again returns what it made the first time. Raises ``InvalidInput``, ``NotYetShown``.
    """
    uploads = _uploads(widget, visitor, letter.attachments)
    # Looked for after the files: those of a message that is stored meanwhile are no longer free.
    written = written_message(widget, visitor, letter.id, now=now)
    if written is not None:
        return written, False
    if len(uploads) != len(set(letter.attachments)):
        raise InvalidInput(_("A file is missing: attach it again."), fields={"attachments": [_("Unknown file.")]})
    event = _event(visitor, letter, uploads, now)
    key = connector_for(LiveChat.kind).event_key(event)
    is_new = keep_event(channel_id=widget.channel.pk, key=key, body=json.dumps(event).encode())
    return _stored(widget, visitor, letter.id, now), is_new


def _uploads(widget: Widget, visitor: str, attachment_ids: Sequence[UUID]) -> list[Attachment]:
    """The visitor's own files that no message has yet, in the order in which the message names them."""
    own = Attachment.objects.filter(uploaded_in=widget.channel, uploader_key=visitor, message=None)
    found = own.in_bulk(list(attachment_ids))
    return [found[pk] for pk in dict.fromkeys(attachment_ids) if pk in found]


def _event(visitor: str, letter: Letter, uploads: Sequence[Attachment], now: datetime) -> dict[str, Any]:
    sender = {
        "name": letter.name,
        "title": _site(letter.visit.get("url", "")),
        "email": letter.email,
        "phone": letter.phone,
        "language": letter.language,
        "is_anonymous": not (letter.email or letter.phone),
    }
    return {
        "chat": visitor,
        "id": str(letter.id),
        "sender": sender,
        "text": letter.text,
        "attachments": [{"kind": upload.kind, "reference": str(upload.pk)} for upload in uploads],
        "context": {"visit": dict(letter.visit)} if letter.visit else {},
        "at": now.isoformat(),
    }


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _stored(widget: Widget, visitor: str, client_message_id: UUID, now: datetime) -> Json:
    """The worker may be at it, too; whoever comes first processes what waits in the channel."""
    for _round in range(ROUNDS):
        # What it stores for staff is in the product's language, as when the worker does it, not in the visitor's.
        with translation.override(settings.LANGUAGE_CODE):
            is_more = process_channel(channel_id=widget.channel.pk, now=now)
        written = written_message(widget, visitor, client_message_id, now=now)
        if written is not None:
            return written
        if not is_more:
            break
    raise NotYetShown


def finish_conversation(*, widget: Widget, visitor: str, now: datetime) -> None:
    """The visitor ends it; what they wrote before belongs to it. Where none is open, nothing happens."""
    with translation.override(settings.LANGUAGE_CODE):
        process_channel(channel_id=widget.channel.pk, now=now)
        close_by_client(channel=widget.channel, closing=IncomingClosing(chat_external_id=visitor), now=now)


def rate_conversation(
    *, widget: Widget, visitor: str, dialog_id: int, score: int, comment: str | None, now: datetime
) -> None:
    """The visitor's rating, and its comment. Raises ``NotFound``, ``InvalidInput``, ``RatingIsOver``."""
    chat = chat_of(widget, visitor)
    if chat is None:
        raise NotFound
    rate_dialog(chat=chat, dialog_id=dialog_id, score=score, comment=comment, now=now)


@transaction.atomic
def note_receipts(*, widget: Widget, visitor: str, delivered: int, read: int) -> None:
    """The visitor's browser has everything up to one message, and has shown everything up to another."""
    unread = messages_of(widget, visitor).filter(delivery_state__in=UNREAD_STATES)
    has = dict(_last_seqs(unread.filter(pk__lte=max(delivered, read))))
    shown = dict(_last_seqs(unread.filter(pk__lte=read)))
    for dialog_id in sorted(has):
        record_client_delivered(dialog_id=dialog_id, seq=has[dialog_id])
        if dialog_id in shown:
            record_client_read(dialog_id=dialog_id, seq=shown[dialog_id])


def _last_seqs(messages: Any) -> Any:
    return messages.order_by().values_list("dialog_id").annotate(Max("seq"))


def show_visitor_typing(*, widget: Widget, visitor: str) -> None:
    """Staff who have the dialog see that the visitor is typing."""
    dialog = dialogs_of(widget, visitor).exclude(state=Dialog.State.CLOSED).select_related("client").first()
    if dialog is not None:
        show_typing_in(dialog)
