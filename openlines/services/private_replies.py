"""Answering a public comment in private: where the channel lets us, and once for each comment."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from openlines.means import means_of
from openlines.models import Dialog, Message


class AnsweredInPrivate(DomainError):
    code = "answered_in_private"
    message = _("This comment was answered in private before; the channel permits that once.")


def check_private_reply(dialog: Dialog, comment: Message | None) -> None:
    """Raises ``NotAllowed``, ``AnsweredInPrivate``."""
    if not means_of(dialog.channel).private_reply:
        raise NotAllowed(_("This channel has no private replies."))
    if comment is None or comment.author_kind != Message.Author.CLIENT or comment.deleted_at is not None:
        raise NotAllowed(_("Choose the comment of the client that you answer."))
    earlier = Message.objects.filter(reply_to=comment, payload__is_private_reply=True)
    if earlier.exclude(delivery_state=Message.Delivery.FAILED).exists():
        raise AnsweredInPrivate
