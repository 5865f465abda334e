"""getUpdates: one long poll at a time, and none beside a webhook."""

import asyncio
import contextlib

from tests.providers.telegram.methods import choose_updates
from tests.providers.telegram.model import ApiError, Bot, Fields, World
from tests.providers.telegram.wire import Params

LONGEST_POLL = 50
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


async def get_updates(world: World, bot: Bot, params: Params) -> list[Fields]:
    if bot.webhook is not None:
        raise ApiError(409, WEBHOOK_IS_SET)
    choose_updates(bot, params)
    if bot.poll and not bot.poll.done():
        bot.poll.set_result(OTHER_POLL)
    bot.poll = asyncio.get_running_loop().create_future()
    _confirm(bot, params.integer("offset"))
    limit = min(max(params.integer("limit", 100), 1), 100)
    updates = await _wait_for_updates(world, bot, bot.poll, min(params.integer("timeout"), LONGEST_POLL))
    return updates[:limit]


def _confirm(bot: Bot, offset: int) -> None:
    """Asking for an update confirms all earlier ones; a negative offset keeps only the newest."""
    identifiers = sorted(bot.pending)
    confirmed = [known for known in identifiers if known < offset] if offset >= 0 else identifiers[:offset]
    for update_id in confirmed:
        del bot.pending[update_id]


async def _wait_for_updates(world: World, bot: Bot, poll: "asyncio.Future[str]", seconds: int) -> list[Fields]:
    async def until_something() -> None:
        async with world.changed:
            await world.changed.wait_for(lambda: bot.pending or poll.done())

    world.ring()
    if not bot.pending and seconds > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until_something(), seconds)
    if poll.done():
        raise ApiError(409, poll.result())
    return [bot.pending[update_id] for update_id in sorted(bot.pending)]
