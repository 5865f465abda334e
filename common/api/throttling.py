"""How often one caller may ask."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from common.cache import counted


class CallsOfUser(UserRateThrottle):
    """Counts calls in windows that begin with a first call.

    The one it descends from keeps the moment of every call and carries all of them to Redis and back each time.
    """

    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        number, self._seconds_left = counted(key, seconds=self.duration)
        return number <= self.num_requests

    def wait(self) -> float:
        return float(self._seconds_left)
