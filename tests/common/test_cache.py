import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as RedisIsAway

from common.cache import counted

pytestmark = pytest.mark.usefixtures("empty_cache")


def test_counting_begins_anew_when_the_time_is_up():
    assert [counted("calls", seconds=60)[0] for _ in range(3)] == [1, 2, 3]
    assert counted("others", seconds=60)[0] == 1
    assert 0 < counted("calls", seconds=60)[1] <= 60

    caches["default"].delete("calls")

    assert counted("calls", seconds=60)[0] == 1


def test_nothing_is_too_much_while_redis_is_away(monkeypatch):
    def refuse(self: object, *args: object, **kwargs: object) -> None:
        raise RedisIsAway

    monkeypatch.setattr("redis.client.Pipeline.execute", refuse)

    assert counted("calls", seconds=60) == (0, 0)


def test_one_client_serves_all_calls():
    cache = caches["default"]
    cache.set("a", 1)

    assert cache._cache.get_client() is cache._cache.get_client(write=True)
    assert cache.get("a") == 1
