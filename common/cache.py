"""A Redis cache that is never needed: when Redis is away everything is a miss."""

import logging
from typing import Any, ClassVar, cast

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class LastingClient(RedisCacheClient):
    """One client, and so one pool of connections, for the whole process.

    Django would make a client for every call and connect anew for every request: it keeps caches by context, and each
    request that comes through ``a2wsgi`` has a context of its own.
    """

    _servers: list[str]
    _lasting: ClassVar[dict[str, Any]] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        server = self._servers[0]
        if server not in self._lasting:
            self._lasting[server] = super().get_client(key, write=write)
        return self._lasting[server]


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError:
            logger.warning("Redis is away, nothing is cached")

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(key, value, *args, **kwargs))
        except RedisError:
            return False

    def delete(self, key: Any, version: Any = None) -> bool:
        try:
            return bool(super().delete(key, version))
        except RedisError:
            return False

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except RedisError:
            return delta

    def count(self, key: str, *, seconds: int) -> tuple[int, int]:
        """One more of these since the first, and in how many seconds counting begins anew; in one round trip."""
        name = self.make_and_validate_key(key)
        pipeline = self._cache.get_client(write=True).pipeline(transaction=False)
        pipeline.incr(name)
        pipeline.expire(name, seconds, nx=True)
        pipeline.ttl(name)
        try:
            number, _is_first, seconds_left = pipeline.execute()
        except RedisError:
            return 0, 0
        return int(number), int(seconds_left)


def counted(key: str, *, seconds: int) -> tuple[int, int]:
    """See ``ForgivingRedisCache.count``; nothing is ever too much while Redis is away."""
    return cast("ForgivingRedisCache", caches["default"]).count(key, seconds=seconds)
