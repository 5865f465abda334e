"""Never more parts in any window than a provider allows: over threads and processes, with Redis or without."""

import os
import subprocess
import sys
import threading
import time

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_connectors.connector import Capabilities, Rates
from channels_connectors.services.limits import Limiter, Pass, Wait, rates_of, windows_of
from common import doorbell

pytestmark = pytest.mark.row("D12")

SHORT = 0.1
numbers = iter(range(10**6, 10**7))


def most_in_a_window(moments: list[float], seconds: float) -> int:
    moments = sorted(moments)
    return max((sum(first <= at < first + seconds for at in moments) for first in moments), default=0)


def send_for(limiter: Limiter, rates: Rates, channel_id: int, *, seconds: float, chat_id: int = 1) -> list[float]:
    """The moments at which parts went out, of one who sends whatever may be sent."""
    sent: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        name = f"{channel_id}.{len(sent)}.{time.monotonic_ns()}"
        turn = limiter.ask(rates, channel_id=channel_id, chat_id=chat_id, name=name)
        if isinstance(turn, Pass):
            sent.append(time.monotonic())
            limiter.settle(turn)
    return sent


@pytest.mark.parametrize("is_redis_there", [True, False])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(most=st.integers(1, 12), threads=st.integers(1, 4))
def test_no_window_ever_has_more(is_redis_there, most, threads, monkeypatch):
    limiter, channel_id = Limiter(), next(numbers)
    if not is_redis_there:
        limiter._redis_is_away_until = time.monotonic() + 60
    rates, moments = Rates(account=most, account_seconds=SHORT), []
    workers = [
        threading.Thread(target=lambda: moments.extend(send_for(limiter, rates, channel_id, seconds=3.3 * SHORT)))
        for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert most_in_a_window(moments, SHORT) <= most
    assert len(moments) >= most


def test_a_chat_waits_while_others_of_the_account_go_on():
    limiter, channel_id = Limiter(), next(numbers)
    rates = Rates(account=30, chat=1)

    first, second, other = (
        limiter.ask(rates, channel_id=channel_id, chat_id=chat, name=f"{n}") for n, chat in ((1, 1), (2, 1), (3, 2))
    )

    assert isinstance(first, Pass)
    assert isinstance(second, Wait)
    assert not second.is_account
    assert 0 < second.seconds <= 1
    assert isinstance(other, Pass)
    assert limiter.held_channels() == []


def test_an_account_without_a_turn_is_held_until_it_has_one():
    limiter, channel_id = Limiter(), next(numbers)
    rates = Rates(account=1, account_seconds=60, chat=5)
    limiter.ask(rates, channel_id=channel_id, chat_id=1, name="1")

    turn = limiter.ask(rates, channel_id=channel_id, chat_id=2, name="2")

    assert isinstance(turn, Wait)
    assert turn.is_account
    assert limiter.held_channels() == [channel_id]


def test_what_was_refused_takes_no_place():
    """Neither in the account's window because of the chat's, nor the other way round."""
    limiter, channel_id = Limiter(), next(numbers)
    rates = Rates(account=3, account_seconds=60, chat=1, chat_seconds=60)
    names = [limiter.ask(rates, channel_id=channel_id, chat_id=1, name=str(n)) for n in range(5)]
    assert sum(isinstance(turn, Pass) for turn in names) == 1

    others = [limiter.ask(rates, channel_id=channel_id, chat_id=n, name=f"o{n}") for n in range(2, 6)]

    assert sum(isinstance(turn, Pass) for turn in others) == 2


def test_the_time_on_the_way_does_not_bring_the_next_one_closer():
    limiter, channel_id = Limiter(), next(numbers)
    rates = Rates(chat=1, chat_seconds=0.3)
    turn = limiter.ask(rates, channel_id=channel_id, chat_id=1, name="1")
    assert isinstance(turn, Pass)
    time.sleep(0.2)
    limiter.settle(turn)

    again = Limiter().ask(rates, channel_id=channel_id, chat_id=1, name="2")

    assert isinstance(again, Wait)
    assert again.seconds > 0.2


def test_two_processes_share_a_limit():
    channel_id = next(numbers)
    rates = Rates(account=20, account_seconds=60)
    other = f"""
import django; django.setup()
from channels_connectors.connector import Rates
from channels_connectors.services.limits import Limiter, Pass
rates, channel = Rates(account=20, account_seconds=60), {channel_id}
turns = [Limiter().ask(rates, channel_id=channel, chat_id=1, name=f"o{{n}}") for n in range(30)]
print(sum(isinstance(turn, Pass) for turn in turns))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    mine = sum(isinstance(Limiter().ask(rates, channel_id=channel_id, chat_id=1, name=str(n)), Pass) for n in range(12))

    theirs = int(
        subprocess.run(
            [sys.executable, "-c", other], capture_output=True, check=True, text=True, env=environment
        ).stdout
    )

    assert (mine, theirs) == (12, 8)


@pytest.fixture
def _redis_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it were killed: nobody listens there."""
    nobody = redis.Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2, socket_timeout=0.2)
    monkeypatch.setattr(doorbell, "_client", nobody)


@pytest.mark.usefixtures("_redis_goes_away")
def test_without_redis_a_process_keeps_to_the_limit_by_itself():
    limiter = Limiter()
    rates = Rates(account=5, account_seconds=60)

    turns = [limiter.ask(rates, channel_id=1, chat_id=1, name=str(n)) for n in range(9)]

    assert [isinstance(turn, Pass) for turn in turns] == [True] * 5 + [False] * 4


def test_a_redis_that_lost_everything_opens_no_gate():
    limiter, channel_id = Limiter(), next(numbers)
    rates = Rates(account=5, account_seconds=60)
    for n in range(5):
        limiter.ask(rates, channel_id=channel_id, chat_id=1, name=str(n))
    (window,) = windows_of(rates, channel_id=channel_id, chat_id=1)
    doorbell.client().delete(window.key)

    assert isinstance(limiter.ask(rates, channel_id=channel_id, chat_id=1, name="x"), Wait)


def test_an_account_may_be_granted_more_than_its_kind():
    can = Capabilities(rates=Rates(account=80, chat=1, chat_seconds=6))

    assert rates_of(can, {}) == can.rates
    granted = rates_of(can, {"rates": {"account": 1000, "nonsense": 1}})
    assert granted == Rates(account=1000, chat=1, chat_seconds=6)


def test_without_limits_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(doorbell, "_client", None)
    limiter = Limiter()

    turn = limiter.ask(Rates(), channel_id=1, chat_id=1, name="1")

    assert turn == Pass("1", ())
