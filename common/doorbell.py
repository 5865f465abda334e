"""Hints over Redis: "something is there, look at once". Losing one costs latency, never data."""

import logging
from collections.abc import Iterable

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

FRAMES = "openlines:frames"
INBOX = "openlines:inbox"
DELIVERIES = "openlines:deliveries"
MEDIA = "openlines:media"
TIMERS = "openlines:timers"
ACCOUNTS = "openlines:accounts"

_client: redis.Redis | None = None


def client() -> redis.Redis:
    """The process's connection pool. Short time-outs: a hint must never hold work up."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5)
    return _client


def ring(bell: str, message: str | bytes = b"") -> None:
    ring_many(bell, [message])


def ring_many(bell: str, messages: Iterable[str | bytes]) -> None:
    """Publish in one round trip. A Redis that is away is no error: rows are the truth."""
    pipeline = client().pipeline(transaction=False)
    for message in messages:
        pipeline.publish(bell, message)
    try:
        pipeline.execute()
    except redis.RedisError as error:
        logger.warning("Redis is away, a hint is lost: %s", type(error).__name__)
