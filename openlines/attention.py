"""Who has a console in sight right now. A hint, kept in Redis alone: without it somebody is told once too often."""

import logging
import time
from uuid import UUID

import redis
from django.conf import settings

from common.doorbell import client

logger = logging.getLogger(__name__)


def _key(user_id: int) -> str:
    return f"openlines:looking:{user_id}"


def note_look(*, user_id: int, connection_id: UUID, is_visible: bool) -> None:
    """A console came into sight or went out of it; one that falls silent is out of sight after a while."""
    lasts = settings.PRESENCE_SECONDS
    pipeline = client().pipeline(transaction=False)
    if is_visible:
        pipeline.zadd(_key(user_id), {str(connection_id): time.time() + lasts})
        pipeline.expire(_key(user_id), lasts)
    else:
        pipeline.zrem(_key(user_id), str(connection_id))
    try:
        pipeline.execute()
    except redis.RedisError as error:
        logger.warning("Redis is away, who looks is not known: %s", type(error).__name__)


def is_looking(user_id: int) -> bool:
    try:
        return bool(client().zcount(_key(user_id), time.time(), "+inf"))
    except redis.RedisError:
        return False
