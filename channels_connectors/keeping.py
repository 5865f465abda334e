"""Raw events on their way into the database, by group commit.

A writer commits what waits as one group: under load many events share a commit, and a lone one is committed at once.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis.asyncio as redis
from django.conf import settings

from common import doorbell

logger = logging.getLogger(__name__)

GROUP = 128
WRITERS = 2
LONGEST_QUEUE = 10_000
PAUSE_BETWEEN_BELLS = 0.005

# Numbered in the order in which they came, which is the order they are processed in; inserted in the order of their
# keys, so that two processes that are given the same events can't wait for each other.
INSERT = """
    INSERT INTO channels_connectors_rawevent (id, channel_id, key, body)
    SELECT id, channel_id, key, body FROM (
        SELECT nextval('channels_connectors_rawevent_id_seq') AS id, channel_id, key, body
        FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) AS event (channel_id, key, body)
    ) AS numbered ORDER BY channel_id, key ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Event:
    """A raw event; ``stored`` is done when it is committed."""

    channel_id: int
    key: str
    body: bytes
    stored: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Writer:
    """Commits events in the order in which they come, over a connection of its own."""

    def __init__(self, bell: "Bell") -> None:
        self._bell = bell
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(LONGEST_QUEUE)

    async def keep(self, event: Event) -> None:
        """Returns when the event is committed. Raises ``asyncio.QueueFull``, ``psycopg.Error``, ``OSError``."""
        self._waiting.put_nowait(event)
        await event.stored

    async def run(self) -> None:
        """For ever: takes what waits, commits it, answers for it; reconnects when it has to."""
        connection: psycopg.AsyncConnection[Any] | None = None
        try:
            while True:
                group = await self._next_group()
                try:
                    if connection is None or connection.closed:
                        connection = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True)
                    await self._commit(connection, group)
                except (psycopg.Error, OSError) as error:
                    logger.warning("Raw events could not be stored: %s", type(error).__name__)
                    _fail(group, error)
        finally:
            if connection is not None:
                await connection.close()

    async def _next_group(self) -> list[Event]:
        group = [await self._waiting.get()]
        while len(group) < GROUP and not self._waiting.empty():
            group.append(self._waiting.get_nowait())
        return group

    async def _commit(self, connection: psycopg.AsyncConnection[Any], group: list[Event]) -> None:
        values = [[e.channel_id for e in group], [e.key for e in group], [e.body for e in group]]
        await connection.execute(INSERT, values, prepare=True, binary=True)
        for event in group:
            if not event.stored.done():
                event.stored.set_result(None)
        self._bell.ring()


def _fail(group: list[Event], error: Exception) -> None:
    for event in group:
        if not event.stored.done():
            event.stored.set_exception(error)


class Bell:
    """Wakes the workers: at once when it was quiet, else a moment later, since who is awake takes all that waits."""

    def __init__(self) -> None:
        self._is_wanted = asyncio.Event()

    def ring(self) -> None:
        self._is_wanted.set()

    async def run(self) -> None:
        async with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5) as client:
            while True:
                await self._is_wanted.wait()
                self._is_wanted.clear()
                with suppress(redis.RedisError, OSError):
                    await client.publish(doorbell.INBOX, b"")
                await asyncio.sleep(PAUSE_BETWEEN_BELLS)


class Keeper:
    """The writers of this process and their bell. Lives on one event loop."""

    def __init__(self) -> None:
        bell = Bell()
        self._writers = [Writer(bell) for _ in range(WRITERS)]
        runs = [bell.run(), *(writer.run() for writer in self._writers)]
        self._tasks = [asyncio.create_task(run) for run in runs]

    async def keep(self, event: Event) -> None:
        """The events of a channel have one writer, so that they keep their order."""
        await self._writers[event.channel_id % WRITERS].keep(event)

    async def stop(self) -> None:
        """More than one cancelling may be needed: the Redis client swallows one that comes while it writes."""
        while pending := [task for task in self._tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=0.1)
