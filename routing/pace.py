"""How long so many takings last, from how long the last ones lasted. Pure: ``waiting`` reads.

A *gap* is the time for which one client was the next: from the moment the one before was taken, or they came themselves
if nobody waited then, until they were taken. So hours in which nobody wrote are no part of it.

Whoever has place n waits for n gaps. Their sum has n times the mean of the gaps for its mean, and the variance
s² · (n + n² / N): n gaps vary by themselves, and the mean of N gaps is known only so well. Sums of waits are skewed, so
the range is taken from the gamma distribution of that mean and variance, by the approximation of Wilson and Hilferty
(1931): its middle nine tenths. Paces change with the hours, so that it is true of about eight waits in ten; a
simulation holds it to that (tests/routing/test_pace.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean

FEWEST = 5
# One in twenty would be shorter and one in twenty longer: the quantile of the normal distribution for that.
SPREAD = 1.645
# The longest gap of fifty counts as no longer than the next longest: one forgotten evening is not the line's pace.
EXTREMES = 0.02
LONGEST = timedelta(hours=4).total_seconds()
# A gap that lasts for so many times the longest of the sample: the line has stopped, and its pace says nothing.
STOPPED = 3


@dataclass(frozen=True, slots=True)
class Taking:
    """A client's dialog that an operator took."""

    opened_at: datetime
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Never a single number: nobody knows it."""

    from_seconds: int
    to_seconds: int


class Pace:
    """A line's as of now, by its last takings."""

    def __init__(self, takings: Sequence[Taking], now: datetime) -> None:
        self.gaps = gaps(takings)
        self._now = now
        self._last_taken_at = max((taking.taken_at for taking in takings), default=now)

    def wait(self, position: int, *, since: datetime) -> Wait | None:
        """How long the one at this place waits from now on, while somebody waits since then."""
        lasting = (self._now - max(since, self._last_taken_at)).total_seconds()
        return expected_wait(position, self.gaps, lasting=lasting)


def gaps(takings: Sequence[Taking]) -> list[float]:
    """Seconds, oldest first. The first taking only says when the next one's gap could begin."""
    ordered = sorted(takings, key=lambda taking: taking.taken_at)
    return [
        (taking.taken_at - min(taking.taken_at, max(before.taken_at, taking.opened_at))).total_seconds()
        for before, taking in pairwise(ordered)
    ]


def expected_wait(position: int, seconds: Sequence[float], *, lasting: float = 0.0) -> Wait | None:
    """For the one at this place (from 1 on), by these gaps and the one that lasts now.

    ``None`` where it would be a guess: too few gaps, a line that has stopped, or hours of waiting.
    """
    if len(seconds) < FEWEST or lasting > STOPPED * max(seconds):
        return None
    usual = _without_extremes(seconds)
    gap = fmean(usual)
    variance = fmean((each - gap) ** 2 for each in usual) * (position + position**2 / len(usual))
    low = math.floor(_gamma_quantile(position * gap, variance, -SPREAD))
    high = math.ceil(_gamma_quantile(position * gap, variance, SPREAD))
    if high > LONGEST:
        return None
    return Wait(low, max(high, low + 1))


def _without_extremes(seconds: Sequence[float]) -> list[float]:
    ordered = sorted(seconds)
    longest = ordered[-1 - int(len(ordered) * EXTREMES)]
    return [min(gap, longest) for gap in ordered]


def _gamma_quantile(mean: float, variance: float, z: float) -> float:
    if variance == 0:
        return mean
    shape = mean**2 / variance
    return float(mean * max(0.0, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3)
