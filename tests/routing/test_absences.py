"""Absences: who arranges whose, when they begin and end, what happens to dialogs of who is absent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from common.errors import InvalidInput, NotFound
from crm.models import User
from routing.attendance import visible_absences
from routing.models import Absence
from routing.services.absences import add_absence, change_absence, refresh_absences, remove_absence
from tests.committing import committed
from tests.factories import make_user
from tests.routing.desk import Desk
from tests.scenes import Scene

pytestmark = pytest.mark.row("R5")


def add(scene: Scene, actor: User, operator: User, first: int = 0, last: int = 0) -> Absence:
    """From so many days after today to so many."""
    today = scene.now.date()
    with committed():
        return add_absence(
            actor=actor, operator_id=operator.pk, kind="VACATION", first_date=today + timedelta(days=first),
            last_date=today + timedelta(days=last), now=scene.now,
        )  # fmt: skip


def is_absent(operator: User) -> bool:
    operator.refresh_from_db()
    return operator.is_absent


def test_absence_follows_the_dates(scene: Scene):
    olga = scene.cast.olga
    add(scene, scene.cast.alla, olga, first=1, last=3)
    seen = []
    for days in range(6):
        refresh_absences(now=scene.later(days=days))
        seen.append(is_absent(olga))

    assert seen == [False, True, True, True, False, False]


def test_an_absence_of_today_counts_at_once_until_it_is_moved_or_removed(scene: Scene):
    olga = scene.cast.olga
    absence = add(scene, scene.cast.alla, olga)
    assert is_absent(olga)

    tomorrow = scene.later(days=1).date()
    change_absence(actor=scene.cast.alla, absence_id=absence.pk, first_date=tomorrow, last_date=tomorrow, now=scene.now)
    assert not is_absent(olga)
    change_absence(actor=scene.cast.alla, absence_id=absence.pk, first_date=scene.now.date(), now=scene.now)
    assert is_absent(olga)
    remove_absence(actor=scene.cast.alla, absence_id=absence.pk, now=scene.now)

    assert not is_absent(olga)
    assert not Absence.objects.exists()


def test_two_absences_that_overlap_end_with_the_later(scene: Scene):
    olga = scene.cast.olga
    add(scene, scene.cast.alla, olga, first=0, last=1)
    second = add(scene, scene.cast.alla, olga, first=1, last=2)
    remove_absence(actor=scene.cast.alla, absence_id=second.pk, now=scene.now)
    assert is_absent(olga)


def test_the_day_is_that_of_the_product_s_time_zone(scene: Scene, settings):
    settings.TIME_ZONE = "Asia/Vladivostok"
    midnight = datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Vladivostok"))
    Absence.objects.create(operator=scene.cast.olga, first_date=midnight.date(), last_date=midnight.date())

    refresh_absences(now=midnight - timedelta(seconds=1))
    assert not is_absent(scene.cast.olga)
    refresh_absences(now=midnight)

    assert is_absent(scene.cast.olga)


def test_supervisors_arrange_absences_of_their_operators_only(scene: Scene):
    cast = scene.cast
    absence = add(scene, cast.sergey, cast.olga)
    stranger = make_user("petr", "SUPERVISOR")

    for actor in (stranger, cast.olga, cast.mallory):
        with pytest.raises(InvalidInput):
            add(scene, actor, cast.olga)
        with pytest.raises(NotFound):
            remove_absence(actor=actor, absence_id=absence.pk, now=scene.now)
    with pytest.raises(InvalidInput):
        add(scene, cast.sergey, cast.mallory)


def test_everyone_sees_their_own_and_mallory_nobody_else_s(scene: Scene):
    cast = scene.cast
    absence = add(scene, cast.alla, cast.olga)

    assert [list(visible_absences(user)) for user in (cast.alla, cast.sergey, cast.olga)] == [[absence]] * 3
    assert [list(visible_absences(user)) for user in (cast.oleg, cast.mallory, cast.stranger)] == [[]] * 3


def test_days_in_the_wrong_order_are_refused_at_their_field(scene: Scene):
    with pytest.raises(InvalidInput) as refusal:
        add(scene, scene.cast.alla, scene.cast.olga, first=2, last=1)

    assert list(refusal.value.fields) == ["last_date"]


@pytest.mark.row("R7")
def test_what_an_absent_operator_never_answered_goes_to_the_next(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")

    add(desk.scene, desk.scene.cast.alla, desk.people["olga"])

    assert desk.offered(dialog)[0] != "olga"
    assert "Taken back from Olga, who is absent." in desk.reasons(dialog)


@pytest.mark.row("R7")
def test_a_line_that_asks_for_no_absences_leaves_dialogs_where_they_are(desk: Desk):
    desk.rule(checks_absence=False)
    dialog = desk.hello()

    add(desk.scene, desk.scene.cast.alla, desk.people["olga"])

    assert desk.offered(dialog) == ["olga"]
