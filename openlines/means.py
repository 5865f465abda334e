"""What each channel can carry: the apps above know, and what operators write is held to it before it is stored."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed
from openlines.models import Attachment, Channel, Dialog
from openlines.types import Means, MediaLimit
from openlines.wording import hashtags_in, is_in_capitals, links_in

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
    check_text(means, text)
    check_files(means, attachments)
    wrote_at, window = dialog.client_wrote_at, means.window_for_people
    if window and (wrote_at is None or wrote_at + timedelta(seconds=window) < now):
        raise ReplyWindowClosed


def check_text(means: Means, text: str) -> None:
    """Raises ``InvalidInput`` with what is wrong at the field."""
    length, tags, links = means.length_of(text), hashtags_in(text), links_in(text)
    if length > means.text_length and not means.is_split:
        words = _("Too long for this channel: %(number)d of at most %(limit)d.")
        raise _wrong_text(words % {"number": length, "limit": means.text_length})
    if means.most_hashtags is not None and tags > means.most_hashtags:
        words = _("Too many hashtags for this channel: %(number)d of at most %(limit)d.")
        raise _wrong_text(words % {"number": tags, "limit": means.most_hashtags})
    if means.most_links is not None and links > means.most_links:
        words = _("Too many links for this channel: %(number)d of at most %(limit)d.")
        raise _wrong_text(words % {"number": links, "limit": means.most_links})
    if means.capitals_refused and is_in_capitals(text):
        raise _wrong_text(_("This channel refuses texts in nothing but capital letters."))


def _wrong_text(words: str) -> InvalidInput:
    return InvalidInput(words, fields={"text": [words]})


def check_files(means: Means, attachments: Sequence[Attachment]) -> None:
    """Raises ``InvalidInput``."""
    if attachments and not means.attachments:
        raise InvalidInput(_("This channel takes no files."), fields={"attachments": [_("No files here.")]})
    limits = {limit.kind: limit for limit in means.media}
    for attachment in attachments:
        if words := _problem_of_file(attachment, means, limits.get(attachment.kind)):
            raise InvalidInput(words, fields={"attachments": [words]})


def _problem_of_file(attachment: Attachment, means: Means, limit: MediaLimit | None) -> str:
    most = means.upload_bytes if limit is None else min(limit.most_bytes, means.upload_bytes)
    if most == 0 or (limit and limit.mimes and attachment.mime.partition(";")[0] not in limit.mimes):
        return _("This channel takes no files of this type: “%(name)s”.") % {"name": attachment.name}
    if (attachment.size or 0) > most:
        words = _("“%(name)s” is too large for this channel: at most %(limit)d MB.")
        return words % {"name": attachment.name, "limit": most // (1024 * 1024)}
    return ""


def check_can_edit(dialog: Dialog, text: str) -> None:
    """Raises ``NotAllowed``, ``InvalidInput``."""
    means = means_of(dialog.channel)
    if not means.edit:
        raise NotAllowed(_("This channel can't change what was sent."))
    check_text(means, text)


def check_can_delete(dialog: Dialog) -> None:
    """Raises ``NotAllowed``."""
    if not means_of(dialog.channel).delete:
        raise NotAllowed(_("This channel can't take back what was sent."))
