"""How often providers let us call: never more parts in any window than they allow, over all processes.

Redis keeps when the parts of each window were let through, and one script decides, by the clock of the server. Each
process remembers its own as well: with Redis away, or after it lost everything, that still holds what one process
sends to what is allowed. Several processes may then send that much each.
"""

import logging
import math
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import redis

from channels_connectors.connector import Capabilities, Rates
from common import doorbell

logger = logging.getLogger(__name__)

# After Redis was away it is left alone for so many seconds: nobody waits for its time-outs again and again.
WITHOUT_REDIS = 2.0
MOST_WINDOWS = 10_000
IDLE_SECONDS = 24 * 3600.0
# A window holds the moments at which its parts went out; the oldest of them says when the next may.
TAKE = """
    local clock = redis.call('TIME')
    local now = clock[1] + clock[2] / 1000000
    local wait, place = 0, 0
    for i, key in ipairs(KEYS) do
        local most, seconds = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
        redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.6f', now - seconds))
        local used = redis.call('ZCARD', key)
        if used >= most then
            local frees = redis.call('ZRANGE', key, used - most, used - most, 'WITHSCORES')[2] + seconds - now
            if frees > wait then wait, place = frees, i end
        end
    end
    if wait == 0 then
        for i, key in ipairs(KEYS) do
            redis.call('ZADD', key, string.format('%.6f', now), ARGV[1])
            redis.call('PEXPIRE', key, math.ceil(ARGV[2 * i + 1] * 1000))
        end
    end
    return {tostring(wait), place}
"""
# What was on its way for long counts from when it arrived.
SETTLE = """
    local clock = redis.call('TIME')
    for i, key in ipairs(KEYS) do
        redis.call('ZADD', key, 'XX', string.format('%.6f', clock[1] + clock[2] / 1000000), ARGV[1])
        redis.call('PEXPIRE', key, math.ceil(ARGV[1 + i] * 1000))
    end
"""


class Window(NamedTuple):
    """At most ``most`` parts in any ``seconds``."""

    key: str
    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """No part may go out before so many seconds; ``is_account`` says that no chat of the account may send."""

    seconds: float
    is_account: bool


@dataclass(frozen=True, slots=True)
class Pass:
    """A part may go out. Whoever sent it says so by ``settle``."""

    name: str
    windows: Sequence[Window]


def rates_of(capabilities: Capabilities, settings: Mapping[str, Any]) -> Rates:
    """The kind's, and over them what the account was granted (``Account.settings["rates"]``)."""
    granted = settings.get("rates") or {}
    known = {field.name for field in fields(Rates)}
    return replace(capabilities.rates, **{name: value for name, value in granted.items() if name in known})


def windows_of(rates: Rates, *, channel_id: int, chat_id: int) -> tuple[Window, ...]:
    account = Window(f"rate:{{{channel_id}}}", rates.account, rates.account_seconds)
    chat = Window(f"rate:{{{channel_id}}}:{chat_id}", rates.chat, rates.chat_seconds)
    return tuple(window for window in (account, chat) if window.most)


class Limiter:
    """The limits as one process sees them."""

    def __init__(self) -> None:
        self._own = OwnWindows()
        self._lock = threading.Lock()
        self._held: dict[int, float] = {}
        self._redis_is_away_until = 0.0
        self._scripts: dict[str, Any] = {}

    def ask(self, rates: Rates, *, channel_id: int, chat_id: int, name: str) -> Pass | Wait:
        """Whether the part of this unique name may go out now."""
        windows = windows_of(rates, channel_id=channel_id, chat_id=chat_id)
        if not windows:
            return Pass(name, ())
        key, seconds = self._own.take(windows, name)
        if not seconds and (said := self._run(TAKE, windows, [name, *_limits(windows)])):
            seconds, place = float(said[0]), int(said[1])
            if seconds:
                self._own.give_back(windows, name)
                key = windows[place - 1].key
        if not seconds:
            return Pass(name, windows)
        is_account = key == windows[0].key and bool(rates.account)
        if is_account:
            with self._lock:
                self._held[channel_id] = time.monotonic() + seconds
        return Wait(seconds, is_account)

    def settle(self, granted: Pass) -> None:
        """The part has gone out: what comes next keeps its distance from this moment."""
        if granted.windows:
            self._own.move(granted.windows, granted.name)
            seconds = [str(window.seconds) for window in granted.windows]
            self._run(SETTLE, granted.windows, [granted.name, *seconds])

    def held_channels(self) -> list[int]:
        """Accounts that may not send anything at the moment: their deliveries need not be looked at."""
        now = time.monotonic()
        with self._lock:
            self._held = {channel_id: until for channel_id, until in self._held.items() if until > now}
            return list(self._held)

    def _run(self, script: str, windows: Sequence[Window], arguments: Sequence[str]) -> Any:
        if time.monotonic() < self._redis_is_away_until:
            return None
        try:
            return self._script(script)(keys=[window.key for window in windows], args=arguments)
        except redis.RedisError as error:
            self._redis_is_away_until = time.monotonic() + WITHOUT_REDIS
            logger.warning("Redis is away, limits hold within this process: %s", type(error).__name__)
            return None

    def _script(self, script: str) -> Any:
        if script not in self._scripts:
            self._scripts[script] = doorbell.client().register_script(script)
        return self._scripts[script]


def _limits(windows: Iterable[Window]) -> list[str]:
    return [str(value) for window in windows for value in (window.most, window.seconds)]


class OwnWindows:
    """What this process let through, by the same rule."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: defaultdict[str, OrderedDict[str, float]] = defaultdict(OrderedDict)

    def take(self, windows: Sequence[Window], name: str) -> tuple[str, float]:
        """Zero seconds: it is taken. Else how long to wait, and for which window."""
        now = time.monotonic()
        with self._lock:
            self._forget_idle(now)
            key, seconds = max(((window.key, self._wait(window, now)) for window in windows), key=lambda wait: wait[1])
            if not seconds:
                for window in windows:
                    self._windows[window.key][name] = now
            return key, seconds

    def move(self, windows: Sequence[Window], name: str) -> None:
        now = time.monotonic()
        with self._lock:
            for window in windows:
                self._windows[window.key].pop(name, None)
                self._windows[window.key][name] = now

    def give_back(self, windows: Sequence[Window], name: str) -> None:
        with self._lock:
            for window in windows:
                self._windows[window.key].pop(name, None)

    def _wait(self, window: Window, now: float) -> float:
        """The moments are in their order, the oldest first."""
        moments = self._windows[window.key]
        while moments and next(iter(moments.values())) <= now - window.seconds:
            moments.popitem(last=False)
        if len(moments) < window.most:
            return 0.0
        frees_first = list(moments.values())[len(moments) - window.most]
        return max(frees_first + window.seconds - now, math.ulp(1.0))

    def _forget_idle(self, now: float) -> None:
        """Windows of chats in which nothing was said for a day, once there are many."""
        if len(self._windows) > MOST_WINDOWS:
            kept = {key: moments for key, moments in self._windows.items() if _last(moments) > now - IDLE_SECONDS}
            self._windows = defaultdict(OrderedDict, kept)


def _last(moments: OrderedDict[str, float]) -> float:
    return moments[next(reversed(moments))] if moments else 0.0


limiter = Limiter()
