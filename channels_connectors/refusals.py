"""Requests that were turned away: how many, why, on which day. Nothing else of a stranger is kept.

They are counted in memory and written down a moment later, many at once, so that whoever knocks in vain costs next to
nothing. A process that is killed forgets the last second.
"""

import asyncio
import logging
from datetime import date, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

PAUSE = 1.0
LONGEST_REASON = 32

SIGNATURE, TOO_LARGE, MALFORMED, UNKNOWN_ACCOUNT = "signature", "too_large", "malformed", "unknown_account"

COUNT = """
    INSERT INTO channels_connectors_refusal (channel_id, reason, day, number, last_at)
    SELECT refused.channel_id, refused.reason, refused.day, refused.number, refused.last_at
    FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::int[], %s::timestamptz[])
        AS refused (channel_id, reason, day, number, last_at)
    JOIN openlines_channel channel ON channel.id = refused.channel_id
    ORDER BY 1, 2, 3
    ON CONFLICT (channel_id, reason, day) DO UPDATE SET
        number = channels_connectors_refusal.number + excluded.number,
        last_at = greatest(channels_connectors_refusal.last_at, excluded.last_at)
"""

# Channel, reason, day.
Key = tuple[int, str, date]


class Refusals:
    """The counters of this process. Lives on one event loop."""

    def __init__(self) -> None:
        self._counted: dict[Key, tuple[int, datetime]] = {}
        self._task: asyncio.Task[None] | None = None

    def count(self, channel_id: int, reason: str) -> None:
        now = timezone.now()
        key = (channel_id, reason[:LONGEST_REASON], now.date())
        number, _last_at = self._counted.get(key, (0, now))
        self._counted[key] = (number + 1, now)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_later())

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._write()

    async def _write_later(self) -> None:
        while self._counted:
            await asyncio.sleep(PAUSE)
            await self._write()

    async def _write(self) -> None:
        """What can't be written now is written with the next."""
        counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as connection:
                await connection.execute(COUNT, _columns(counted))
        except (psycopg.Error, OSError) as error:
            logger.warning("Refusals could not be counted: %s", type(error).__name__)
            self._take_back(counted)
        except asyncio.CancelledError:
            self._take_back(counted)
            raise

    def _take_back(self, counted: dict[Key, tuple[int, datetime]]) -> None:
        for key, (number, last_at) in counted.items():
            more, later = self._counted.get(key, (0, last_at))
            self._counted[key] = (number + more, max(later, last_at))


def _columns(counted: dict[Key, tuple[int, datetime]]) -> list[list[Any]]:
    rows = [(*key, *value) for key, value in counted.items()]
    return [list(column) for column in zip(*rows, strict=True)]
