"""Formats of a text as Telegram names them, counted in its UTF-16 units."""

from collections.abc import Iterable

from telegram import MessageEntity

from channels_connectors.telegram.splitting import utf16_length
from openlines.types import TextFormat

TYPES = {
    "BOLD": MessageEntity.BOLD,
    "ITALIC": MessageEntity.ITALIC,
    "STRUCK": MessageEntity.STRIKETHROUGH,
    "CODE": MessageEntity.CODE,
}


def cut_out(formats: Iterable[TextFormat], start: int, end: int) -> tuple[TextFormat, ...]:
    """The formats of a part of the text, counted from its own beginning."""
    return tuple(
        TextFormat(one.mark, max(one.start, start) - start, min(one.end, end) - start)
        for one in formats
        if one.start < end and one.end > start
    )


def entities_of(text: str, formats: Iterable[TextFormat]) -> tuple[MessageEntity, ...]:
    return tuple(
        MessageEntity(TYPES[one.mark], utf16_length(text[: one.start]), utf16_length(text[one.start : one.end]))
        for one in formats
    )
