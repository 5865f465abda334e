"""What operators have begun to write: kept for each of them alone, the newest wins on all of their devices."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from crm.models import User
from openlines.access import visible_dialog
from openlines.changes import send_frame
from openlines.models import Dialog, Draft, Message
from openlines.presenters import drafts_json, iso
from openlines.streams import user_stream

LONGEST = 100_000
FORGOTTEN_AFTER = timedelta(days=30)


class DraftTooLong(InvalidInput):
    code = "draft_too_long"
    message = _("The draft is too long to be kept: it stays in this window only.")


@transaction.atomic
def keep_draft(
    *, dialog_id: int, operator: User, text: str, visibility: str, reply_to_id: int | None = None, written_at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Keep what was written at this moment, unless something newer is kept; without words the draft is dropped.

    Raises ``NotFound``, ``DraftTooLong``.
    """
    dialog = visible_dialog(operator, dialog_id)
    written_at = min(written_at, now)
    if len(text) > LONGEST:
        raise DraftTooLong
    draft = Draft.objects.select_for_update().filter(operator=operator, dialog=dialog).first()
    if draft is not None and draft.updated_at >= written_at:
        return
    if not text.strip():
        if draft is not None:
            draft.delete()
            _tell(operator.pk, dialog.pk, written_at)
        return
    values = {
        "text": text,
        "visibility": visibility,
        "reply_to": _quoted(dialog, reply_to_id),
        "updated_at": written_at,
    }
    # Two devices that begin at the same moment: the second one's words replace the first one's.
    Draft.objects.update_or_create(operator=operator, dialog=dialog, defaults=values)
    _tell(operator.pk, dialog.pk, written_at)


def _quoted(dialog: Dialog, message_id: int | None) -> Message | None:
    """A quote that can't be had is left out: a draft is no place to complain."""
    if message_id is None:
        return None
    return Message.objects.filter(pk=message_id, chat_id=dialog.chat_id, visibility=Message.Visibility.PUBLIC).first()


def drop_sent_draft(*, dialog_id: int, operator_id: int, text: str, now: datetime) -> None:
    """The draft has become a message. One that says something else is somebody's next thought and stays."""
    sent = Draft.objects.filter(dialog_id=dialog_id, operator_id=operator_id, text=text)
    if sent.delete()[0]:
        _tell(operator_id, dialog_id, now)


def _tell(operator_id: int, dialog_id: int, at: datetime) -> None:
    """Only the consoles of whoever wrote it hear of it."""

    def send() -> None:
        kept = drafts_json(Draft.objects.filter(operator_id=operator_id, dialog_id=dialog_id))
        draft = kept[0] if kept else None
        frame = {"type": "draft.changed", "dialog_id": dialog_id, "draft": draft, "updated_at": iso(at)}
        send_frame(frame, to=[user_stream(operator_id)])

    transaction.on_commit(send, robust=True)


def drop_old_drafts(*, now: datetime) -> None:
    """Those of closed dialogs, and those that nobody has touched in a month."""
    Draft.objects.filter(updated_at__lt=now - FORGOTTEN_AFTER).delete()
    Draft.objects.filter(dialog__state=Dialog.State.CLOSED, updated_at__lt=now - timedelta(days=1)).delete()
