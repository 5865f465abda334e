"""One message of ours as the calls that a provider needs for it, by what its channel can carry."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from channels_connectors.errors import ConnectorError
from channels_connectors.splitting import length_in, places_of_parts
from openlines.types import Means, OutgoingAttachment, OutgoingMessage, OutgoingPart, TextFormat

ALBUM_KINDS = frozenset({"IMAGE", "VIDEO"})


def parts_of(message: OutgoingMessage, means: Means, *, captioned: frozenset[str] | None = None) -> list[OutgoingPart]:
    """Files first; the text is the caption of the first where it fits, else it follows.

    ``captioned`` are the kinds of files that take a caption, by default all where the channel has ``text_with_media``.
    Raises ``ConnectorError`` for a message without any content.
    """
    if message.template is not None:
        return [_part(message, text=message.text)]
    texts = list(_texts(message, means))
    groups = list(_groups(message.attachments, means.album_max))
    parts = _files(message, groups, texts, means, captioned) if groups else texts
    if not parts:
        raise ConnectorError(_("There is nothing to send."), kind="PERMANENT")
    # The quote stands above what is read first, the buttons below what is read last.
    parts[0] = replace(parts[0], reply_to_external_id=message.reply_to_external_id)
    parts[-1] = replace(parts[-1], buttons=message.buttons)
    return [replace(part, number=number) for number, part in enumerate(parts)]


def _texts(message: OutgoingMessage, means: Means) -> Iterator[OutgoingPart]:
    for start, end in places_of_parts(message.text, means.text_length, means.length_unit):
        yield _part(message, text=message.text[start:end], formats=cut_out(message.formats, start, end))


def _part(
    message: OutgoingMessage,
    *,
    text: str = "",
    formats: tuple[TextFormat, ...] = (),
    attachments: tuple[OutgoingAttachment, ...] = (),
) -> OutgoingPart:
    return OutgoingPart(
        message_id=message.message_id,
        number=0,
        chat_external_id=message.chat_external_id,
        text=text,
        formats=formats,
        attachments=attachments,
        thread=message.thread,
        template=message.template,
        is_automatic=message.is_automatic,
        is_private_reply=message.is_private_reply,
    )


def _files(
    message: OutgoingMessage,
    groups: Sequence[tuple[OutgoingAttachment, ...]],
    texts: Sequence[OutgoingPart],
    means: Means,
    captioned: frozenset[str] | None,
) -> list[OutgoingPart]:
    files = [_part(message, attachments=group) for group in groups]
    if not texts:
        return files
    fits = len(texts) == 1 and length_in(texts[0].text, means.length_unit) <= means.caption_length
    if not fits or not _takes_caption(groups[0][0], means, captioned):
        return [*files, *texts]
    return [replace(files[0], text=texts[0].text, formats=texts[0].formats), *files[1:]]


def _takes_caption(attachment: OutgoingAttachment, means: Means, captioned: frozenset[str] | None) -> bool:
    if captioned is not None:
        return attachment.kind in captioned
    return bool(getattr(means, "text_with_media", True)) and attachment.kind != "STICKER"


def _groups(attachments: Sequence[OutgoingAttachment], album_max: int) -> Iterator[tuple[OutgoingAttachment, ...]]:
    """Pictures and videos that stand next to each other make an album, where the channel has albums."""
    group: list[OutgoingAttachment] = []
    for attachment in attachments:
        joins = group and attachment.kind in ALBUM_KINDS and group[-1].kind in ALBUM_KINDS
        if group and not (joins and len(group) < album_max):
            yield tuple(group)
            group = []
        group.append(attachment)
    if group:
        yield tuple(group)


def cut_out(formats: Sequence[TextFormat], start: int, end: int) -> tuple[TextFormat, ...]:
    """The formats of a piece of a text, counted from its beginning."""
    pieces = (TextFormat(f.mark, max(f.start, start) - start, min(f.end, end) - start) for f in formats)
    return tuple(piece for piece in pieces if piece.start < piece.end)
