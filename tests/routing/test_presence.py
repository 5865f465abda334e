"""Who is there: open consoles beat, closed ones get a short grace, silent ones are forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openlines.services.closing import finish_dialog
from routing.models import Connection
from routing.services.presence import GRACE_SECONDS, forget_silent_consoles, keep_alive, let_go
from tests.bells import Bells
from tests.committing import committed
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R5")


def forget(desk: Desk, *, after: float) -> None:
    desk.seconds += after
    with committed():
        forget_silent_consoles(now=desk.now)


@pytest.fixture
def here(desk: Desk) -> Desk:
    """Olga has just opened her console; the others are away."""
    desk.away("olga", "oleg", "roman")
    desk.come("olga")
    return desk


def test_opening_a_console_brings_one_online(here: Desk, bells: Bells):
    here.come("oleg")

    assert here.presence("oleg") == "ONLINE"
    (frame,) = bells.bodies("operator.changed")
    assert (frame["operator"]["name"], frame["operator"]["presence"]) == ("Oleg", "ONLINE")


def test_a_beat_alone_is_nobody_s_news(here: Desk, bells: Bells):
    here.beat("olga")

    assert bells.rung == []


def test_a_console_that_beats_is_kept(here: Desk):
    for _ in range(5):
        forget(here, after=20)
        here.beat("olga")

    assert here.presence("olga") == "ONLINE"


def test_a_silent_console_is_forgotten(here: Desk, settings):
    forget(here, after=settings.PRESENCE_SECONDS)
    assert here.presence("olga") == "ONLINE"

    forget(here, after=1)

    assert here.presence("olga") == "OFFLINE"
    assert not Connection.objects.exists()


def test_a_closed_console_has_a_short_grace_for_reloading(here: Desk):
    let_go(connection_id=here.consoles["olga"], now=here.now)
    forget(here, after=GRACE_SECONDS - 1)
    assert here.presence("olga") == "ONLINE"

    forget(here, after=2)

    assert here.presence("olga") == "OFFLINE"


def test_a_reload_within_the_grace_is_no_absence(here: Desk, bells: Bells):
    let_go(connection_id=here.consoles["olga"], now=here.now)
    here.seconds += 3
    here.come("olga")
    forget(here, after=GRACE_SECONDS)

    assert here.presence("olga") == "ONLINE"
    assert bells.bodies("operator.changed") == []


def test_one_of_several_consoles_is_enough(here: Desk):
    first = here.consoles["olga"]
    here.come("olga")

    let_go(connection_id=first, now=here.now)
    forget(here, after=GRACE_SECONDS + 1)

    assert here.presence("olga") == "ONLINE"


def test_a_console_that_wakes_up_is_online_again(here: Desk):
    forget(here, after=1000)
    here.beat("olga")

    assert here.presence("olga") == "ONLINE"


def test_a_break_is_a_break_on_every_console(here: Desk):
    here.pause("olga")
    here.come("olga")
    assert here.presence("olga") == "PAUSED"

    here.pause("olga", is_paused=False)

    assert here.presence("olga") == "ONLINE"


def test_a_break_lasts_over_the_night(here: Desk):
    here.pause("olga")
    forget(here, after=1000)
    assert here.presence("olga") == "OFFLINE"

    here.come("olga")

    assert here.presence("olga") == "PAUSED"


@pytest.mark.row("R7")
@pytest.mark.parametrize("how", ["break", "silence"])
def test_an_unanswered_offer_goes_to_the_next(here: Desk, how: str):
    here.come("oleg")
    dialog = here.hello()
    assert here.offered(dialog) == ["olga"]

    if how == "break":
        here.pause("olga")
    else:
        here.seconds += 40
        here.beat("oleg")
        forget(here, after=10)

    assert here.offered(dialog) == ["oleg"]
    reason = {
        "break": "Taken back from Olga, who went on a break.",
        "silence": "Taken back from Olga, who went offline.",
    }
    assert here.reasons(dialog)[1] == reason[how]


@pytest.mark.row("R7")
def test_an_answered_dialog_stays_with_its_operator(here: Desk):
    dialog = here.hello()
    here.answer(dialog, "olga")

    here.pause("olga")

    dialog.refresh_from_db()
    assert dialog.owner == here.people["olga"]


@pytest.mark.row("R7")
def test_with_nobody_else_there_the_offer_waits_in_the_queue(here: Desk):
    dialog = here.hello()

    here.pause("olga")
    dialog.refresh_from_db()
    assert dialog.state == "QUEUED"
    here.pause("olga", is_paused=False)

    assert here.offered(dialog) == ["olga"]


@pytest.mark.row("R7")
def test_a_line_that_does_not_check_leaves_the_offer_where_it_is(here: Desk):
    here.come("oleg")
    dialog = here.hello()
    here.rule(checks_presence=False)

    here.pause("olga")

    assert here.offered(dialog) == ["olga"]


@pytest.mark.row("R7")
def test_one_of_several_who_leaves_does_not_take_the_offer_from_the_others(here: Desk):
    here.come("oleg")
    here.rule(distribution="ALL_AT_ONCE")
    dialog = here.hello()
    before = dialog.offer_expires_at

    here.pause("olga")

    assert here.offered(dialog) == ["oleg"]
    assert dialog.offer_expires_at == before
    assert here.outcomes(dialog) == [("olga", "WITHDRAWN"), ("oleg", "PENDING")]


def test_a_closed_dialog_is_not_handed_on(here: Desk):
    dialog = here.hello()
    finish_dialog(dialog_id=dialog.pk, operator=here.scene.cast.sergey, now=here.now)

    here.pause("olga")

    dialog.refresh_from_db()
    assert dialog.state == "CLOSED"


def test_consoles_of_nobody_are_no_trouble(here: Desk):
    let_go(connection_id=uuid4(), now=here.now)
    forget(here, after=0)

    assert here.presence("olga") == "ONLINE"


def test_the_clock_may_jump(here: Desk):
    keep_alive(
        connection_id=here.consoles["olga"], operator_id=here.people["olga"].pk, now=here.now + timedelta(days=1)
    )
    forget(here, after=0)

    assert here.presence("olga") == "ONLINE"
