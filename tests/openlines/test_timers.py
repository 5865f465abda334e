"""Timers are rows: moved, cancelled, fired exactly once, never lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from common import doorbell
from openlines.models import Dialog, Timer
from openlines.services import timers
from openlines.services.closing import finish_dialog
from openlines.services.locking import lock_dialog
from openlines.services.timers import PAUSE_AFTER_FAILURE, cancel_timers, fire_due_timers, next_due_at, set_timer
from openlines.tasks import sweep_timers
from tests.bells import Bells
from tests.factories import make_cast, make_channel, make_line, write
from tests.scenes import Scene, offered, queued

pytestmark = pytest.mark.row("A4")


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of timer that only notes whom it fired for."""
    fired: list[int] = []
    monkeypatch.setitem(timers._handlers, "test", lambda dialog, now: fired.append(dialog.pk))
    return fired


@pytest.fixture
def waiting(scene: Scene) -> Dialog:
    queued(scene)
    return scene.dialog


def test_a_timer_fires_when_it_is_due_and_only_once(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=10))

    assert [fire_due_timers(now=scene.later(seconds=second)) for second in (9, 10, 11)] == [0, 1, 0]
    assert fired == [waiting.pk]


def test_a_timer_set_again_is_moved(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=10))
    set_timer(waiting.pk, "test", scene.later(seconds=30))

    assert Timer.objects.count() == 1
    fire_due_timers(now=scene.later(seconds=20))
    assert fired == []


def test_a_timer_may_be_moved_nearer_too(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=30))
    set_timer(waiting.pk, "test", scene.later(seconds=10))

    fire_due_timers(now=scene.later(seconds=20))

    assert fired == [waiting.pk]


def test_a_cancelled_timer_does_not_fire(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=10))
    set_timer(waiting.pk, "another", scene.later(seconds=10))

    cancel_timers([waiting.pk], "test")

    assert list(Timer.objects.values_list("kind", flat=True)) == ["another"]
    cancel_timers([waiting.pk])
    assert not Timer.objects.exists()


def test_the_timers_of_a_closed_dialog_are_gone(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=10))

    finish_dialog(dialog_id=waiting.pk, operator=scene.cast.alla, now=scene.now)

    assert not Timer.objects.exists()


def test_a_timer_that_outlived_its_dialog_does_nothing(scene, waiting, fired):
    finish_dialog(dialog_id=waiting.pk, operator=scene.cast.alla, now=scene.now)
    set_timer(waiting.pk, "test", scene.now)

    fire_due_timers(now=scene.now)

    assert (fired, Timer.objects.exists()) == ([], False)


def test_a_timer_that_fails_stays_and_does_not_hold_up_the_others(scene, waiting, fired, monkeypatch, caplog):
    def fail(dialog: Dialog, now: Any) -> None:
        dialog.is_pinned = True
        dialog.save()
        raise ZeroDivisionError

    monkeypatch.setitem(timers._handlers, "failing", fail)
    set_timer(waiting.pk, "failing", scene.now)
    set_timer(waiting.pk, "test", scene.later(seconds=1))

    fire_due_timers(now=scene.later(seconds=1))

    assert fired == [waiting.pk]
    assert "failing failed" in caplog.text
    waiting.refresh_from_db()
    assert not waiting.is_pinned, "what it did is undone"
    assert Timer.objects.get().due_at == scene.later(seconds=1) + PAUSE_AFTER_FAILURE, "no busy loop"
    monkeypatch.setitem(timers._handlers, "failing", timers._handlers["test"])
    fire_due_timers(now=scene.later(seconds=10))
    assert fired == [waiting.pk] * 2


def test_a_kind_that_nobody_knows_any_more_is_no_trouble_for_the_others(scene, waiting, fired, caplog):
    set_timer(waiting.pk, "from the future", scene.now)
    set_timer(waiting.pk, "test", scene.now)

    fire_due_timers(now=scene.now)

    assert fired == [waiting.pk]


def test_the_next_due_time_is_the_earliest(scene, waiting):
    assert next_due_at() is None

    set_timer(waiting.pk, "b", scene.later(seconds=20))
    set_timer(waiting.pk, "a", scene.later(seconds=10))

    assert next_due_at() == scene.later(seconds=10)


def test_a_timer_rings_once_it_is_committed(scene, waiting, commit, bells: Bells):
    with commit():
        set_timer(waiting.pk, "test", scene.later(seconds=10))
        assert bells.rung == []

    assert bells.rung == [doorbell.TIMERS]


def test_a_timer_of_a_transaction_that_failed_never_was(scene, waiting):
    with transaction.atomic():
        set_timer(waiting.pk, "test", scene.now)
        transaction.set_rollback(True)

    assert not Timer.objects.exists()


def test_the_sweep_is_a_net_under_the_loop(scene, waiting, fired):
    set_timer(waiting.pk, "test", scene.later(seconds=-1))

    sweep_timers()

    assert fired == [waiting.pk]


def test_an_offer_s_timer_moves_with_the_offer(scene):
    offered(scene)
    first = Timer.objects.get(kind="offer").due_at

    fire_due_timers(now=first)

    assert Timer.objects.get(kind="offer").due_at == first + timedelta(seconds=60)


# Real threads


@pytest.fixture
def committed_dialogs(transactional_db: None) -> list[Dialog]:
    cast = make_cast()
    channel = make_channel(cast, make_line(cast))
    return [write(channel, "Hello", sender=f"Client{number}") for number in range(20)]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def in_thread(function: Any) -> Any:
    def run() -> Any:
        try:
            return function()
        finally:
            connection.close()

    return run


def test_two_workers_fire_each_timer_once(committed_dialogs, fired, pool):
    now = committed_dialogs[0].opened_at + timedelta(hours=1)
    cancel_timers([dialog.pk for dialog in committed_dialogs])
    for dialog in committed_dialogs:
        set_timer(dialog.pk, "test", now)

    for future in [pool.submit(in_thread(lambda: fire_due_timers(now=now))) for _ in range(4)]:
        future.result()
    fire_due_timers(now=now)

    assert sorted(fired) == [dialog.pk for dialog in committed_dialogs]


def test_a_dialog_that_somebody_holds_is_left_for_the_next_round(committed_dialogs, fired, pool):
    held, free = committed_dialogs[:2]
    now = held.opened_at + timedelta(hours=1)
    cancel_timers([dialog.pk for dialog in committed_dialogs])
    for dialog in (held, free):
        set_timer(dialog.pk, "test", now)

    with transaction.atomic():
        lock_dialog(held.pk)
        assert pool.submit(in_thread(lambda: fire_due_timers(now=now))).result(10) == 1
        assert fired == [free.pk]
    fire_due_timers(now=now)

    assert fired == [free.pk, held.pk]
