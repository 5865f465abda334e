"""What clients are told about their waiting is true of most: simulated lines, announced ranges, actual waits."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from routing.pace import FEWEST, LONGEST, STOPPED, Taking, Wait, expected_wait, gaps

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAMPLE = 51


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def taking(opened: float, taken: float) -> Taking:
    return Taking(moment(opened), moment(taken))


@dataclass(frozen=True, slots=True)
class Shift:
    """So many operators talk for five minutes on average; clients come often enough to keep them busy to this share."""

    operators: int
    load: float
    seed: int
    clients: int = 600

    def run(self) -> list[tuple[float, float]]:
        """By client, when they came and when somebody took them: first come, first served."""
        random = Random(self.seed)
        free = [0.0] * self.operators
        now, history = 0.0, []
        for _client in range(self.clients):
            now += random.expovariate(self.load * self.operators / 315)
            taken = max(now, heapq.heappop(free)) + random.uniform(5, 25)
            heapq.heappush(free, taken + random.expovariate(1 / 300))
            history.append((now, taken))
        return history


def announced(history: Sequence[tuple[float, float]], number: int) -> Wait | None:
    """What the client who comes as this one is told, by what has happened until then."""
    came = history[number][0]
    past = sorted((taken, opened) for opened, taken in history if taken <= came)[-SAMPLE:]
    ahead = sum(taken > came for _opened, taken in history[:number])
    return expected_wait(ahead + 1, gaps([taking(opened, taken) for taken, opened in past]))


@pytest.mark.row("R12")
@pytest.mark.parametrize("load", [0.5, 0.9, 1.1])
@pytest.mark.parametrize("operators", [1, 3, 10, 50])
def test_three_of_four_waits_fall_into_the_range_that_was_announced(operators: int, load: float):
    told = kept = 0
    for seed in range(3):
        history = Shift(operators, load, seed).run()
        for number, (came, taken) in enumerate(history):
            wait = announced(history, number)
            if wait is not None:
                told += 1
                kept += wait.from_seconds <= taken - came <= wait.to_seconds

    assert told >= 900
    assert kept / told >= 0.75, f"{kept} of {told}"


@pytest.mark.row("R12")
def test_ranges_say_something():
    """They are true because they are good, not because they are wide."""
    history = Shift(operators=10, load=1.1, seed=1).run()
    waits = [wait for number in range(200, 600) if (wait := announced(history, number))]

    ratios = sorted(wait.to_seconds / max(wait.from_seconds, 1) for wait in waits)
    assert ratios[len(ratios) // 2] < 3


def test_a_gap_lasts_from_the_taking_before():
    assert gaps([taking(0, 10), taking(1, 40), taking(2, 100)]) == [30, 60]


def test_time_in_which_nobody_waited_is_no_gap():
    night = 10 * 3600
    assert gaps([taking(0, 10), taking(night, night + 20)]) == [20]


def test_takings_come_in_any_order():
    assert gaps([taking(2, 100), taking(0, 10), taking(1, 40)]) == [30, 60]


def test_nothing_is_said_on_a_handful_of_takings():
    assert expected_wait(1, [60.0] * (FEWEST - 1)) is None
    assert expected_wait(1, [60.0] * FEWEST) is not None


def test_it_is_a_range_even_where_every_gap_was_the_same():
    wait = expected_wait(3, [60.0] * 50)
    assert wait is not None
    assert wait.from_seconds <= 180 < wait.to_seconds


def test_places_further_behind_wait_longer():
    sample = [float(20 + number % 80) for number in range(50)]
    waits = [expected_wait(position, sample) for position in (1, 2, 5, 20)]

    assert all(waits)
    assert [wait.to_seconds for wait in waits if wait] == sorted({wait.to_seconds for wait in waits if wait})
    assert all(0 <= wait.from_seconds < wait.to_seconds for wait in waits if wait)


def test_one_forgotten_evening_is_not_the_pace():
    usual = [30.0, 60.0, 90.0] * 17

    assert expected_wait(4, [*usual[:49], 4 * 3600.0]) == expected_wait(4, [*usual[:49], 90.0])


def test_nothing_is_promised_beyond_hours():
    assert expected_wait(int(LONGEST / 600), [600.0] * 50) is not None
    assert expected_wait(int(LONGEST / 600) + 1, [600.0] * 50) is None


def test_a_line_that_has_stopped_says_nothing():
    sample = [60.0] * 50

    assert expected_wait(1, sample, lasting=60.0 * STOPPED) is not None
    assert expected_wait(1, sample, lasting=60.0 * STOPPED + 1) is None
