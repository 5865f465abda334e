"""Evenly: what was accepted or let run out counts; skips, transfers and absences don't."""

from datetime import timedelta

import pytest

from routing.models import Turn
from routing.services.transferring import transfer_dialog
from routing.types import ToOperator
from tests.committing import committed
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R9")


def shares(desk: Desk) -> dict[str, int]:
    known = dict(Turn.objects.values_list("operator__username", "share"))
    return {name: known.get(name, 0) for name in desk.people}


def test_a_skip_costs_no_share(desk: Desk):
    dialog = desk.hello("Anna")

    desk.skip(dialog, "olga")

    assert shares(desk) == {"olga": 0, "oleg": 1, "roman": 0}


def test_an_offer_that_runs_out_counts(desk: Desk):
    desk.hello("Anna")

    desk.wait(60)

    assert shares(desk) == {"olga": 1, "oleg": 1, "roman": 0}


def test_only_who_wins_it_is_charged_when_all_are_asked(desk: Desk):
    desk.rule(distribution="ALL_AT_ONCE")
    dialog = desk.hello("Anna")

    desk.answer(dialog, "oleg")

    assert shares(desk) == {"olga": 0, "oleg": 1, "roman": 0}


def test_a_transfer_counts_for_nobody(desk: Desk):
    dialog = desk.hello("Anna")
    desk.answer(dialog, "olga")

    with committed():
        transfer_dialog(
            dialog_id=dialog.pk, actor=desk.people["olga"], target=ToOperator(desk.people["oleg"].pk), now=desk.now
        )

    assert shares(desk) == {"olga": 1, "oleg": 0, "roman": 0}


def test_what_is_taken_from_the_queue_counts(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello("Anna")

    desk.answer(dialog, "roman")

    assert shares(desk) == {"olga": 0, "oleg": 0, "roman": 1}


@pytest.mark.row("R5")
def test_who_comes_back_does_not_make_up_for_the_absence(desk: Desk):
    desk.sit("olga", "oleg")
    desk.come("oleg")
    desk.pause("oleg")
    for sender in ("Anna", "Boris", "Clara"):
        desk.answer(desk.hello(sender), "olga")

    desk.pause("oleg", is_paused=False)

    offers = [desk.offered(desk.hello(sender)) for sender in ("Dmitry", "Eva", "Fyodor", "Galina")]
    assert offers == [["oleg"], ["olga"], ["oleg"], ["olga"]]


def test_another_day_begins_with_nothing(desk: Desk):
    desk.sit("olga", "oleg")
    for sender in ("Anna", "Boris", "Clara"):
        dialog = desk.hello(sender)
        desk.answer(dialog, desk.offered(dialog)[0])
    today = Turn.objects.latest("pk").share_date
    assert today is not None
    yesterday = today - timedelta(days=1)
    Turn.objects.update(share_date=yesterday)

    offers = [desk.offered(desk.hello(sender)) for sender in ("Dmitry", "Eva")]

    assert offers == [["oleg"], ["olga"]], "who was idle longest begins"
    assert shares(desk) == {"olga": 1, "oleg": 1, "roman": 0}


@pytest.mark.row("R1")
def test_who_joins_later_in_the_day_does_not_get_everything(desk: Desk):
    desk.sit("olga", "oleg")
    for sender in ("Anna", "Boris", "Clara", "Dmitry"):
        desk.hello(sender)

    with committed():
        desk.sit("olga", "oleg", "roman")

    offers = [desk.offered(desk.hello(sender)) for sender in ("Eva", "Fyodor", "Galina", "Harald")]
    assert offers == [["roman"], ["olga"], ["oleg"], ["roman"]]
