"""What is done with public comments of clients: hidden, shown again, removed. The provider does it, so it takes effect
when the provider says so."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_message
from openlines.events import CommentModerated
from openlines.means import means_of
from openlines.models import Dialog, Message
from openlines.services.locking import lock_dialog
from openlines.services.messages import add_service_line, reword_message, touch_message


class Moderation(StrEnum):
    HIDE = "HIDE"
    UNHIDE = "UNHIDE"
    DELETE = "DELETE"


class NotModerated(NotAllowed):
    code = "not_moderated"
    message = _("This channel has no public comments that could be hidden or removed.")


@transaction.atomic
def moderate_comment(*, message_id: int, operator: User, action: str, now: datetime) -> Message:
    """Ask the provider to hide a client's comment, to show it again, or to remove it.

    For who may answer the client, and for who steers the line. Raises ``NotFound``, ``NotAllowed``, ``NotModerated``.
    """
    seen = visible_message(operator, message_id)
    dialog = lock_dialog(seen.dialog_id)
    message = Message.objects.get(pk=message_id)
    _check_may_moderate(dialog, message, operator, Moderation(action))
    add_service_line(dialog, f"COMMENT_{action}_ASKED", now=now, operator=operator.name)
    publish(CommentModerated(message.pk, action))
    return message


def _check_may_moderate(dialog: Dialog, message: Message, operator: User, action: Moderation) -> None:
    speaks = operator.pk == dialog.owner_id or operator.pk in dialog.participant_ids
    if not speaks and not steers(operator, dialog.line_id):
        raise NotAllowed(_("Answer the dialog first: only its operator can do that."))
    means = means_of(dialog.channel)
    can = means.delete_theirs if action == Moderation.DELETE else means.hide
    if not can or message.author_kind != Message.Author.CLIENT or message.external_id is None:
        raise NotModerated
    if message.deleted_at is not None:
        raise NotAllowed(_("This message is deleted."))


def record_moderation(dialog: Dialog, message: Message, action: str, *, now: datetime) -> None:
    """The provider did it. The dialog is locked."""
    if action == Moderation.DELETE:
        if message.deleted_at is None:
            reword_message(dialog, message, deleted_at=now)
    elif (message.hidden_at is not None) != (action == Moderation.HIDE):
        touch_message(dialog, message, hidden_at=now if action == Moderation.HIDE else None)


def tell_moderation_failed(dialog: Dialog, *, reason: str, now: datetime) -> None:
    """The provider refused: who asked for it reads why. The dialog is locked."""
    add_service_line(dialog, "COMMENT_NOT_MODERATED", now=now, reason=reason[:200])
