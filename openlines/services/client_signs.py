"""What clients let us see beside their words: that they type, what they think of a message, what they hide."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openlines.changes import send_frame
from openlines.models import Channel, Dialog, Message
from openlines.services.locking import lock_dialog
from openlines.services.messages import touch_message
from openlines.streams import audience_of
from openlines.types import IncomingHiding, IncomingReaction

LONGEST_EMOJI = 64
MOST_REACTIONS = 100


def show_clients_typing(*, channel: Channel, chat_external_ids: Collection[str]) -> None:
    """Staff who have the open dialogs of these chats see it for a moment; nothing is stored."""
    dialogs = Dialog.objects.select_related("client").exclude(state=Dialog.State.CLOSED)
    for dialog in dialogs.filter(chat__channel=channel, chat__external_id__in=chat_external_ids):
        show_typing_in(dialog)


def show_typing_in(dialog: Dialog) -> None:
    author = {"kind": "CLIENT", "id": dialog.client_id, "name": str(dialog.client)}
    send_frame({"type": "typing", "dialog_id": dialog.pk, "author": author}, to=audience_of(dialog))


@transaction.atomic
def record_reaction(*, channel: Channel, reaction: IncomingReaction) -> None:
    """One of each person's to each message: the last. Messages that we don't know are ignored."""
    message = _message(channel, reaction.chat_external_id, reaction.message_external_id)
    if message is None:
        return
    dialog = lock_dialog(message.dialog_id)
    message.refresh_from_db(fields=["payload"])
    reactions = dict(message.payload.get("reactions", {}))
    emoji = reaction.emoji[:LONGEST_EMOJI]
    if reactions.get(reaction.person_external_id, "") == emoji:
        return
    reactions.pop(reaction.person_external_id, None)
    if emoji and len(reactions) < MOST_REACTIONS:
        reactions[reaction.person_external_id] = emoji
    touch_message(dialog, message, payload=message.payload | {"reactions": reactions})


@transaction.atomic
def record_hiding(*, channel: Channel, hiding: IncomingHiding, now: datetime) -> None:
    """A public comment that others no longer see, or see again."""
    message = _message(channel, hiding.chat_external_id, hiding.external_id)
    if message is None:
        return
    dialog = lock_dialog(message.dialog_id)
    message.refresh_from_db(fields=["hidden_at"])
    if (message.hidden_at is not None) != hiding.is_hidden:
        touch_message(dialog, message, hidden_at=now if hiding.is_hidden else None)


def _message(channel: Channel, chat_external_id: str, external_id: str) -> Message | None:
    """Of either side; what we sent may be several messages at the provider."""
    of_chat = Message.objects.filter(chat__channel=channel, chat__external_id=chat_external_id)
    whole = of_chat.filter(external_id=external_id).first()
    return whole or of_chat.filter(external_parts__contains=[external_id]).order_by("-pk").first()
