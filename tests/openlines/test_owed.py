"""A month's limit on what we owe an answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from openlines.models import Dialog
from openlines.services.lifecycle import pin_dialog
from openlines.services.locking import lock_dialog
from openlines.services.owed import BATCH, sweep_owed
from routing.models import Offer
from tests.factories import make_cast, make_channel, make_line, write
from tests.scenes import Scene, active, anna_writes, offered, queued, reply, sent

pytestmark = pytest.mark.row("A4")


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


@pytest.mark.parametrize("before", [queued, offered, active])
def test_what_nobody_answers_for_a_month_is_closed(scene, before):
    before(scene)

    sweep_owed(now=scene.later(days=29, hours=23))
    assert scene.dialog.is_open
    sweep_owed(now=scene.later(days=30))

    dialog = scene.dialog
    assert (dialog.state, dialog.close_reason) == ("CLOSED", "OWED_TOO_LONG")
    assert feed(dialog)[-2:] == ["OWED_SOON", "OWED_TOO_LONG"]
    assert not dialog.timers.exists()
    assert not Offer.objects.filter(outcome="PENDING").exists()


def test_staff_are_warned_once_three_days_before(scene):
    queued(scene)

    counts = [sweep_owed(now=scene.later(days=days)) for days in (26, 27, 28, 29)]

    assert counts == [0, 1, 0, 0]
    assert feed(scene.dialog).count("OWED_SOON") == 1
    assert scene.dialog.owed_warned_at == scene.later(days=27)


def test_who_waits_again_after_an_answer_is_warned_of_again(scene):
    active(scene)
    sweep_owed(now=scene.later(days=27))
    later = Scene(scene.cast, scene.line, scene.channel, scene.later(days=28))
    reply(later, "Sorry!")
    anna_writes(later, "At last")

    sweep_owed(now=later.later(days=27))

    assert feed(scene.dialog).count("OWED_SOON") == 2


def test_pinned_dialogs_stay(scene):
    active(scene)
    pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, is_pinned=True, now=scene.now)

    assert sweep_owed(now=scene.later(days=300)) == 0
    assert scene.dialog.is_open


def test_who_has_an_answer_is_owed_nothing(scene):
    sent(scene)

    assert sweep_owed(now=scene.later(days=300)) == 0


def test_more_than_a_batch_is_swept_at_once(scene):
    for number in range(BATCH + 3):
        write(scene.channel, "Hello", sender=f"Client{number}", now=scene.now)

    assert sweep_owed(now=scene.later(days=31)) == BATCH + 3
    assert not Dialog.objects.exclude(state="CLOSED").exists()
    assert sweep_owed(now=scene.later(days=31)) == 0


def test_the_time_is_a_setting(scene, settings):
    settings.OWED_DAYS = 7
    queued(scene)

    sweep_owed(now=scene.later(days=7))

    assert scene.dialog.messages.latest("seq").payload["service"]["params"] == {"days": 7}


def test_it_looks_only_at_those_who_wait(scene):
    queued(scene)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        waiting = Dialog.objects.filter(waiting_since__lte=scene.later(days=31), is_pinned=False)
        plan = waiting.exclude(state=Dialog.State.CLOSED).order_by("waiting_since", "pk")[:BATCH].explain()

    assert "clients_who_wait" in plan


def test_what_somebody_holds_is_left_for_the_next_sweep(transactional_db):
    cast = make_cast()
    dialog = write(make_channel(cast, make_line(cast)), "Hello")
    late = dialog.opened_at + timedelta(days=31)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock_dialog(dialog.pk)
        assert pool.submit(in_thread(lambda: sweep_owed(now=late))).result(10) == 0

    assert sweep_owed(now=late) == 1


def in_thread(work: Callable[[], int]) -> Callable[[], int]:
    def run() -> int:
        try:
            return work()
        finally:
            connection.close()

    return run
