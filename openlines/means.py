"""What each channel can carry: the apps above know, and what operators write is held to it before it is stored."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed
from openlines.models import Attachment, Channel, Dialog
from openlines.types import Means

Finder = Callable[[Channel], Means | None]
_finders: list[Finder] = []


class ReplyWindowClosed(DomainError):
    code = "reply_window_closed"
    message = gettext_lazy(
        "The client wrote too long ago: this channel takes no messages until they write again. Call them, or write in"
        " another channel."
    )


def finds_means(finder: Finder) -> Finder:
    """Register who knows the channel kinds."""
    _finders.append(finder)
    return finder


def means_of(channel: Channel) -> Means:
    for finder in _finders:
        if (means := finder(channel)) is not None:
            return means
    return Means()


def check_can_carry(dialog: Dialog, text: str, attachments: Sequence[Attachment], *, now: datetime) -> None:
    """Raises ``InvalidInput``, ``ReplyWindowClosed``. ``text`` is plain: marks are not sent."""
    means = means_of(dialog.channel)
    check_length(means, text)
    if attachments and not means.attachments:
        raise InvalidInput(_("This channel takes no files."), fields={"attachments": [_("No files here.")]})
    for attachment in attachments:
        if (attachment.size or 0) > means.upload_bytes:
            limit = {"name": attachment.name, "limit": means.upload_bytes // (1024 * 1024)}
            words = _("“%(name)s” is too large for this channel: at most %(limit)d MB.") % limit
            raise InvalidInput(words, fields={"attachments": [words]})
    wrote_at, window = dialog.client_wrote_at, means.reply_window_seconds
    if window and (wrote_at is None or wrote_at + timedelta(seconds=window) < now):
        raise ReplyWindowClosed


def check_length(means: Means, text: str) -> None:
    length = means.length_of(text)
    if length > means.text_length and not means.is_split:
        words = _("Too long for this channel: %(length)d of at most %(limit)d.")
        words %= {"length": length, "limit": means.text_length}
        raise InvalidInput(words, fields={"text": [words]})


def check_can_edit(dialog: Dialog, text: str) -> None:
    """Raises ``NotAllowed``, ``InvalidInput``."""
    means = means_of(dialog.channel)
    if not means.edit:
        raise NotAllowed(_("This channel can't change what was sent."))
    check_length(means, text)


def check_can_delete(dialog: Dialog) -> None:
    """Raises ``NotAllowed``."""
    if not means_of(dialog.channel).delete:
        raise NotAllowed(_("This channel can't take back what was sent."))
