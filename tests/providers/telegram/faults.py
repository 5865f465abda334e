"""Bad weather between a bot and its Telegram."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.providers.telegram.methods import WRITING
from tests.providers.telegram.model import ApiError, Bot, Fault

KINDS = {
    "drop_before": "the connection is cut; Telegram has done nothing",
    "drop_after": "the connection is cut; Telegram has done it",
    "hang_before": "no answer ever comes; Telegram has done nothing",
    "hang_after": "no answer ever comes; Telegram has done it",
    "502": "a proxy's page instead of an answer; Telegram has done nothing",
    "500": "Telegram says that it failed",
    "400": "Telegram does not want this message",
    "slow": "the answer takes some seconds",
}
FOREVER = 3600


def fault_for(bot: Bot, method: str) -> Fault | None:
    """The bad weather that this call meets, taken from what was ordered."""
    for fault in bot.faults:
        if fault.method.lower() in ("", method):
            fault.count -= 1
            if fault.count <= 0:
                bot.faults.remove(fault)
            return fault
    return None


def refuse_flood(bot: Bot, method: str) -> None:
    seconds = math.ceil(bot.flood_ends_at - time.monotonic())
    if method in WRITING and seconds > 0:
        raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


async def answered(
    request: web.Request, fault: Fault | None, work: Callable[[], Awaitable[Any]]
) -> tuple[web.Response | None, Any]:
    """The result of ``work``, or the response that came in its place."""
    kind = fault.kind if fault else ""
    if kind in ("drop_before", "hang_before", "502", "500", "400"):
        return await _failed(request, kind), None
    result = await work()
    if kind in ("drop_after", "hang_after"):
        return await _failed(request, kind), None
    if kind == "slow" and fault:
        await asyncio.sleep(fault.seconds)
    return None, result


async def _failed(request: web.Request, kind: str) -> web.Response:
    if kind.startswith("hang"):
        await asyncio.sleep(FOREVER)
    if kind == "500":
        raise ApiError(500, "Internal Server Error")
    if kind == "400":
        raise ApiError(400, "Bad Request: the message is not to our liking")
    if kind == "502":
        return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
