"""Formats of a text as Telegram names them, counted in its UTF-16 units."""

from collections.abc import Iterable

from telegram import MessageEntity

from channels_connectors.splitting import length_in
from openlines.types import TextFormat

TYPES = {
    "BOLD": MessageEntity.BOLD,
    "ITALIC": MessageEntity.ITALIC,
    "STRUCK": MessageEntity.STRIKETHROUGH,
    "CODE": MessageEntity.CODE,
}


def entities_of(text: str, formats: Iterable[TextFormat]) -> tuple[MessageEntity, ...]:
    return tuple(
        MessageEntity(
            TYPES[one.mark], length_in(text[: one.start], "utf16"), length_in(text[one.start : one.end], "utf16")
        )
        for one in formats
    )
