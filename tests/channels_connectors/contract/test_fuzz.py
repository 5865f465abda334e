"""Hostile input, over the registry: whatever a provider's events look like, they are read or refused, and what is read
can be kept.

``HYPOTHESIS_PROFILE=soak`` tries sixty times as much.
"""

import gc
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_connectors.connector import Connector
from channels_connectors.incoming import store_incoming
from channels_connectors.reading import read_event
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel, Line
from openlines.types import Incoming, IncomingEcho, IncomingMessage, IncomingPress
from tests.channels_connectors.contract.drivers import driver_of
from tests.channels_connectors.contract.spoiling import seeds_of, spoilt
from tests.channels_connectors.contract.trying import Trial
from tests.channels_connectors.contract.worst import grown
from tests.channels_connectors.hostile import REFUSALS

pytestmark = [pytest.mark.row("C17"), pytest.mark.row("C18")]

TIMES = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
settings_of = settings(
    deadline=None, derandomize=TIMES == 1, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
every_kind = pytest.mark.parametrize("kind", sorted(CONNECTORS))
chances = st.integers(0, 2**40).map(Random)


@pytest.fixture
def trial(kind, tmp_path):
    with driver_of(kind).begin() as driver:
        yield Trial(CONNECTORS[kind], driver, tmp_path)


@every_kind
def test_spoilt_events_are_read_or_refused(kind, trial):
    seeds = seeds_of(trial)
    account = trial.driver.account

    @settings(settings_of, max_examples=100 * TIMES)
    @given(chance=chances)
    def run(chance: Random) -> None:
        if seeds.requests:
            request = chance.choice(seeds.requests)
            request = replace(request, body=spoilt(request.body, chance))
            _refused_at_most(partial(trial.connector.events, request, account))
        read = partial(trial.connector.read, spoilt(chance.choice(seeds.bodies), chance))
        _refused_at_most(lambda: trial.connector.event_key(read()))
        _refused_at_most(lambda: trial.connector.parse(read(), account=account))

    run()


def _refused_at_most(read: Callable[[], object]) -> None:
    """``ValueError`` and its like; how deep JSON may be is its reader's to say."""
    try:
        read()
    except (*REFUSALS, RecursionError, NotImplementedError):
        return


@every_kind
def test_what_is_read_can_be_kept(kind, trial, line, bells):
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    seeds = seeds_of(trial)
    channel = Channel.objects.create(line=line, kind=kind, name="Loft", scope=trial.driver.account.scope)
    whole = [_kept(trial.connector, body, channel, trial) for body in seeds.bodies]
    assert all(whole)

    @settings(settings_of, max_examples=25 * TIMES)
    @given(chance=chances)
    def run(chance: Random) -> None:
        _kept(trial.connector, spoilt(chance.choice(seeds.bodies), chance), channel, trial)

    run()


def _kept(connector: Connector, body: bytes, channel: Channel, trial: Trial) -> bool:
    """Whether it was read. That it can't be kept is what fails the test."""
    try:
        items = read_event(connector, 0, body, trial.driver.account)
    except (*REFUSALS, RecursionError):
        return False
    sid = transaction.savepoint()
    store_incoming(channel, [_of_no_event(item) for item in items], NOW)
    transaction.savepoint_rollback(sid)
    return True


@every_kind
def test_four_times_as_much_takes_four_times_as_long(kind, trial):
    """By the processor's clock, with room for its moods; what is quadratic takes sixteen times as long."""
    seen: set[str] = set()
    for body in seeds_of(trial).bodies:
        for place, make in grown(body):
            if place not in seen:
                seen.add(place)
                little, much = (min(_cost(trial, make(size)) for _time in range(2)) for size in (200_000, 800_000))
                assert much < 9 * little + 0.05, place


def _cost(trial: Trial, body: bytes) -> float:
    gc.collect()
    began = time.process_time()
    with suppress(*REFUSALS, RecursionError):
        read_event(trial.connector, 1, body, trial.driver.account)
    return time.process_time() - began


def _of_no_event(item: Incoming) -> Incoming:
    if isinstance(item, IncomingMessage | IncomingPress | IncomingEcho):
        return replace(item, source_event_id=None)
    return item
