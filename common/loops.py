"""A background thread that works when its bell rings, when its next row is due, and by a sweep as the net."""

import logging
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import close_old_connections, connection

logger = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.001
PAUSE_AFTER_FAILURE = 1.0

_heard: dict[str, threading.Event] = {}


def wake(bell: str) -> None:
    """Ring for this process alone: it is the one that has something to do."""
    if bell in _heard:
        _heard[bell].set()


class Loop(threading.Thread):
    """Calls ``work`` until it returns ``0``, then waits for the bell, but at most ``work``'s own idea of time.

    ``work()`` returns how many seconds may pass before it wants to be called again (``0``: at once). One without a
    bell goes by that alone. From one call to the next there are at least ``gap`` seconds: whatever rings meanwhile is
    done at once, and where it was quiet nobody waits.
    """

    def __init__(self, name: str, *, bell: str | None, work: Callable[[], float], gap: float = 0.0) -> None:
        super().__init__(name=name, daemon=True)
        self._bell = bell
        self._work = work
        self._gap = gap
        self._rang = threading.Event()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self._rang.set()

    def run(self) -> None:
        if self._bell is not None:
            _heard[self._bell] = self._rang
            threading.Thread(target=self._listen, name=f"{self.name}-bell", daemon=True).start()
        while not self._stopped.is_set():
            self._rang.clear()
            pause = self._work_once()
            rested_at = time.monotonic() + self._gap
            if pause > 0:
                self._rang.wait(max(pause, SHORTEST_PAUSE))
            if self._gap and (rest := rested_at - time.monotonic()) > 0:
                self._stopped.wait(rest)
        connection.close()

    def _work_once(self) -> float:
        try:
            close_old_connections()
            return self._work()
        except Exception:
            logger.exception("The loop %s failed and goes on", self.name)
            connection.close()
            return PAUSE_AFTER_FAILURE

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                self._hear_bells()
            except (redis.RedisError, OSError):
                time.sleep(PAUSE_AFTER_FAILURE)

    def _hear_bells(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=2)
        with client.pubsub(ignore_subscribe_messages=True) as bells:  # type: ignore[no-untyped-call]
            bells.subscribe(self._bell)
            self._rang.set()
            while not self._stopped.is_set():
                if bells.get_message(timeout=30) is not None:
                    self._rang.set()
