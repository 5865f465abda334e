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


class Loop(threading.Thread):
    """Calls ``work`` until it returns ``0``, then waits for the bell, but at most ``work``'s own idea of time.

    ``work()`` returns how many seconds may pass before it wants to be called again (``0``: at once). One without a
    bell goes by that alone.
    """

    def __init__(self, name: str, *, bell: str | None, work: Callable[[], float]) -> None:
        super().__init__(name=name, daemon=True)
        self._bell = bell
        self._work = work
        self._rang = threading.Event()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()
        self._rang.set()

    def run(self) -> None:
        if self._bell is not None:
            threading.Thread(target=self._listen, name=f"{self.name}-bell", daemon=True).start()
        while not self._stopped.is_set():
            self._rang.clear()
            pause = self._work_once()
            if pause > 0:
                self._rang.wait(max(pause, SHORTEST_PAUSE))
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
