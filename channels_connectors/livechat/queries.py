"""What a visitor asks for: their own conversation."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from channels_connectors.livechat.presenters import COLUMNS, PUBLIC, Json, public_dialogs, public_messages
from channels_connectors.livechat.widgets import Widget
from common.errors import NotFound
from openlines.models import Attachment, Chat, Dialog, Message
from openlines.presenters import iso

PAGE = 50
MOST_CHANGES = 200
DIALOGS_IN_PAGE = 20


def messages_of(widget: Widget, visitor: str) -> QuerySet[Message]:
    return Message.objects.filter(PUBLIC, chat__channel=widget.channel, chat__external_id=visitor)


def dialogs_of(widget: Widget, visitor: str) -> QuerySet[Dialog]:
    return Dialog.objects.filter(chat__channel=widget.channel, chat__external_id=visitor)


def chat_of(widget: Widget, visitor: str) -> Chat | None:
    """``None`` until the visitor has written."""
    return Chat.objects.filter(channel=widget.channel, external_id=visitor).first()


def page(widget: Widget, visitor: str, *, before: int | None, now: datetime) -> Json:
    """The newest messages, or those before a known one, oldest first."""
    earlier = Q(pk__lt=before) if before is not None else Q()
    rows = list(messages_of(widget, visitor).filter(earlier).order_by("-id").values(*COLUMNS)[: PAGE + 1])
    shown = rows[:PAGE][::-1]
    dialogs = dialogs_of(widget, visitor).filter(pk__in={row["dialog_id"] for row in shown})
    return {
        "dialogs": public_dialogs(dialogs, now=now),
        "messages": public_messages(shown, key=widget.key, now=now),
        "has_earlier": len(rows) > PAGE,
        "is_reset": before is None,
        "server_time": iso(now),
    }


def changes(widget: Widget, visitor: str, *, known: Mapping[int, int], now: datetime) -> Json:
    """What differs from the revisions of dialogs that a browser knows. After a long time it is the newest page."""
    newer = Q(dialog_id__gt=max(known))
    for dialog_id, revision in known.items():
        newer |= Q(dialog_id=dialog_id, revision__gt=revision)
    # Dialogs are read before messages: what comes in between is shown twice rather than never.
    concerned = dialogs_of(widget, visitor).filter(Q(pk__in=known) | Q(pk__gt=max(known)))
    dialogs = public_dialogs(concerned, now=now)
    rows = list(messages_of(widget, visitor).filter(newer).order_by("id").values(*COLUMNS)[: MOST_CHANGES + 1])
    if len(rows) > MOST_CHANGES:
        return page(widget, visitor, before=None, now=now)
    return {
        "dialogs": dialogs,
        "messages": public_messages(rows, key=widget.key, now=now),
        "has_earlier": None,
        "is_reset": False,
        "server_time": iso(now),
    }


def newest_dialog(widget: Widget, visitor: str, *, now: datetime) -> Json | None:
    newest = dialogs_of(widget, visitor).order_by("-pk").values_list("pk", flat=True).first()
    return public_dialogs(Dialog.objects.filter(pk=newest), now=now)[0] if newest is not None else None


def written_message(widget: Widget, visitor: str, client_message_id: UUID, *, now: datetime) -> Json | None:
    """What the visitor wrote under this id, and the dialog it is in, if it is stored."""
    rows = list(messages_of(widget, visitor).filter(external_id=str(client_message_id)).values(*COLUMNS))
    if not rows:
        return None
    # The first word of a dialog is answered with its place; later it comes with heartbeats.
    dialogs = public_dialogs(Dialog.objects.filter(pk=rows[0]["dialog_id"]), now=now if rows[0]["seq"] == 1 else None)
    return {"message": public_messages(rows, key=widget.key, now=now)[0], "dialog": dialogs[0]}


def visible_file(widget: Widget, attachment_id: UUID) -> Attachment:
    """A file of this chat that its visitor may have. Raises ``NotFound``."""
    found = Attachment.objects.select_related("message__chat").filter(
        pk=attachment_id, state=Attachment.State.READY
    ).first()  # fmt: skip
    if found is None or not _is_public(widget, found):
        raise NotFound
    return found


def _is_public(widget: Widget, found: Attachment) -> bool:
    if found.message is None:
        return found.uploaded_in_id == widget.channel.pk
    is_shown = found.message.visibility == Message.Visibility.PUBLIC and found.message.deleted_at is None
    return is_shown and found.message.chat.channel_id == widget.channel.pk
