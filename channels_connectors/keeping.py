"""Raw events on their way into the database, by group commit.

A writer commits what waits as one group: under load many events share a commit, and a lone one is committed at once.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis.asyncio as redis
from django.conf import settings

from common import doorbell

logger = logging.getLogger(__name__)

GROUP = 128
GROUP_BYTES = 8 * 1024 * 1024
WRITERS = 2
LONGEST_QUEUE = 10_000
# What waits for a writer; beyond it providers are asked to come again.
MOST_WAITING_BYTES = 64 * 1024 * 1024
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A raw event of a channel."""

    channel_id: int
    key: str
    body: bytes


@dataclass(slots=True)
class Batch:
    """What came together; ``stored`` is done when all of it is committed."""

    events: Sequence[Kept]
    stored: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def size(self) -> int:
        return sum(len(event.body) for event in self.events)


class Writer:
    """Commits events in the order in which they come, over a connection of its own."""

    def __init__(self, bell: "Bell") -> None:
        self._bell = bell
        self._waiting: asyncio.Queue[Batch] = asyncio.Queue(LONGEST_QUEUE)
        self._bytes = 0

    def put(self, events: Sequence[Kept]) -> asyncio.Future[None]:
        """Done when they are committed, or failed with ``psycopg.Error``, ``OSError``. Raises ``asyncio.QueueFull``."""
        batch = Batch(events)
        if self._bytes and self._bytes + batch.size > MOST_WAITING_BYTES:
            raise asyncio.QueueFull
        self._waiting.put_nowait(batch)
        self._bytes += batch.size
        return batch.stored

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

    async def _next_group(self) -> list[Batch]:
        group = [await self._waiting.get()]
        events, size = len(group[0].events), group[0].size
        while events < GROUP and size < GROUP_BYTES and not self._waiting.empty():
            group.append(self._waiting.get_nowait())
            events, size = events + len(group[-1].events), size + group[-1].size
        self._bytes -= size
        return group

    async def _commit(self, connection: psycopg.AsyncConnection[Any], group: list[Batch]) -> None:
        events = [event for batch in group for event in batch.events]
        values = [[e.channel_id for e in events], [e.key for e in events], [e.body for e in events]]
        await connection.execute(INSERT, values, prepare=True, binary=True)
        for batch in group:
            if not batch.stored.done():
                batch.stored.set_result(None)
        self._bell.ring()


def _fail(group: list[Batch], error: Exception) -> None:
    for batch in group:
        if not batch.stored.done():
            batch.stored.set_exception(error)


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

    async def keep(self, events: Iterable[Kept]) -> None:
        """Returns when all are committed. The events of a channel have one writer, so that they keep their order.

        Raises ``asyncio.QueueFull``, ``psycopg.Error``, ``OSError``: some of them may be kept all the same.
        """
        by_writer: dict[int, list[Kept]] = defaultdict(list)
        for event in events:
            by_writer[event.channel_id % WRITERS].append(event)
        stored = [self._writers[number].put(of_writer) for number, of_writer in by_writer.items()]
        if len(stored) == 1:
            await stored[0]
        elif stored:
            await asyncio.gather(*stored)

    async def stop(self) -> None:
        """More than one cancelling may be needed: the Redis client swallows one that comes while it writes."""
        while pending := [task for task in self._tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=0.1)
