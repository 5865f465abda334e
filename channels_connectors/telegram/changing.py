"""Changing and taking back what was sent."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from telegram.error import BadRequest

from channels_connectors.errors import ConnectorError
from channels_connectors.telegram.bot import ChannelBot
from channels_connectors.telegram.chats import place_of
from channels_connectors.telegram.entities import entities_of
from channels_connectors.telegram.errors import ALREADY_DELETED, UNMODIFIED, says
from channels_connectors.telegram.sending import keyboard_of
from openlines.types import OutgoingPart, SentMessage


async def change(bot: ChannelBot, sent: SentMessage, part: OutgoingPart) -> None:
    """To what it says already is no failure."""
    place, message_id = place_of(sent.chat_external_id), numbers_of(sent.external_ids)[0]
    entities, keyboard = entities_of(part.text, part.formats), keyboard_of(part.buttons)
    try:
        if sent.has_media:
            await bot.edit_message_caption(
                place.chat_id, message_id, caption=part.text, caption_entities=entities, reply_markup=keyboard,
                business_connection_id=place.business_connection_id,
            )  # fmt: skip
        else:
            await bot.edit_message_text(
                part.text, place.chat_id, message_id, entities=entities, reply_markup=keyboard,
                business_connection_id=place.business_connection_id,
            )  # fmt: skip
    except BadRequest as error:
        if not says(error, UNMODIFIED):
            raise


async def take_back(bot: ChannelBot, sent: SentMessage) -> None:
    """What is gone already is no failure."""
    place = place_of(sent.chat_external_id)
    if place.business_connection_id:
        await bot.delete_business_messages(place.business_connection_id, numbers_of(sent.external_ids))
        return
    for message_id in numbers_of(sent.external_ids):
        try:
            await bot.delete_message(place.chat_id, message_id)
        except BadRequest as error:
            if not says(error, ALREADY_DELETED):
                raise


def numbers_of(external_ids: Sequence[str]) -> list[int]:
    """Raises ``ConnectorError`` for ids that are none of Telegram's messages, like those of pressed buttons."""
    if not all(external_id.isdigit() for external_id in external_ids):
        raise ConnectorError(_("This message has no number at Telegram."), kind="PERMANENT")
    return [int(external_id) for external_id in external_ids]
