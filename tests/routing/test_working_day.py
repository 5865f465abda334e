"""The working day: start, break, back, end; what is kept of it; days that nobody ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from common.errors import InvalidInput
from crm.models import User
from routing.attendance import working_day_json
from routing.models import Break, WorkShift
from routing.services.presence import keep_alive
from routing.services.waiting_dialogs import lines_to_sweep
from routing.services.working_day import (
    LONGEST_DAY,
    DayIsOver,
    DayNotStarted,
    end_day,
    end_forgotten_days,
    pause,
    resume,
    start_day,
)
from routing.tasks import sweep_presence
from tests.bells import Bells
from tests.committing import committed
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R5")


@pytest.fixture
def olga(desk: Desk) -> User:
    """At her console, with the day before her."""
    desk.away("olga", "oleg", "roman")
    desk.come("olga")
    return desk.people["olga"]


def facts(operator: User) -> tuple[str, str, str]:
    operator.refresh_from_db()
    return operator.presence, operator.working_day, operator.pause_reason


def test_a_day_from_start_to_end(desk: Desk, olga: User):
    start_day(operator=olga, now=desk.now)
    assert facts(olga) == ("ONLINE", "STARTED", "")

    pause(operator=olga, reason="  Lunch\n break ", now=desk.now + timedelta(hours=4))
    assert facts(olga) == ("PAUSED", "STARTED", "Lunch break")

    resume(operator=olga, now=desk.now + timedelta(hours=5))
    assert facts(olga) == ("ONLINE", "STARTED", "")

    end_day(operator=olga, now=desk.now + timedelta(hours=9))
    assert facts(olga) == ("ONLINE", "ENDED", "")
    shift, lunch = WorkShift.objects.get(operator=olga), Break.objects.get(operator=olga)
    assert shift.ended_at is not None
    assert shift.ended_at - shift.started_at == timedelta(hours=9)
    assert lunch.ended_at is not None
    assert (lunch.ended_at - lunch.started_at, lunch.reason) == (timedelta(hours=1), "Lunch break")


def test_asking_twice_changes_nothing(desk: Desk, olga: User, bells: Bells):
    for act in (start_day, pause, pause, resume, resume, pause, end_day, end_day):
        act(operator=olga, now=desk.now)
    start_day(operator=olga, now=desk.now)
    start_day(operator=olga, now=desk.now)

    assert WorkShift.objects.filter(operator=olga).count() == 2
    assert Break.objects.filter(operator=olga).count() == 2
    assert not Break.objects.filter(ended_at=None).exists()


def test_another_reason_is_another_break(desk: Desk, olga: User):
    pause(operator=olga, reason="Lunch", now=desk.now)
    pause(operator=olga, reason="Training", now=desk.now + timedelta(minutes=30))

    assert facts(olga) == ("PAUSED", "NOT_STARTED", "Training")
    assert [pause.reason for pause in Break.objects.filter(ended_at=None)] == ["Training"]


def test_the_wrong_order_is_refused(desk: Desk, olga: User):
    with pytest.raises(DayNotStarted):
        end_day(operator=olga, now=desk.now)
    start_day(operator=olga, now=desk.now)
    end_day(operator=olga, now=desk.now)
    with pytest.raises(DayIsOver):
        pause(operator=olga, now=desk.now)
    with pytest.raises(InvalidInput):
        pause(operator=olga, reason="x" * 101, now=desk.now)


def test_colleagues_see_the_break_and_its_reason(desk: Desk, olga: User, bells: Bells):
    with committed():
        pause(operator=olga, reason="Lunch", now=desk.now)

    (frame,) = bells.bodies("operator.changed")
    shown = frame["operator"]
    assert (shown["presence"], shown["pause_reason"], shown["working_day"]) == ("PAUSED", "Lunch", "NOT_STARTED")


def test_whoever_starts_the_day_is_offered_what_waits(desk: Desk, olga: User):
    desk.rule(checks_working_day=True, checks_presence=False)
    dialog = desk.hello()
    assert desk.offered(dialog) == []

    with committed():
        start_day(operator=olga, now=desk.now)

    assert desk.offered(dialog) == ["olga"]


def test_a_day_that_nobody_ended_ends_when_it_has_lasted_too_long(desk: Desk, olga: User):
    start_day(operator=olga, now=desk.now)
    at_console, gone = desk.now + LONGEST_DAY + timedelta(minutes=1), desk.now + LONGEST_DAY + timedelta(hours=1)

    keep_alive(connection_id=desk.consoles["olga"], operator_id=olga.pk, now=at_console)
    end_forgotten_days(now=at_console)
    assert facts(olga)[1] == "STARTED"

    desk.away("olga")
    end_forgotten_days(now=desk.now + LONGEST_DAY)
    assert facts(olga)[1] == "STARTED"
    end_forgotten_days(now=gone)

    assert facts(olga)[1] == "ENDED"
    assert WorkShift.objects.get(operator=olga).ended_at == gone


def test_the_sweep_costs_three_short_questions_when_nothing_happened(
    desk: Desk, olga: User, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        sweep_presence()


def test_the_day_as_its_operator_sees_it(desk: Desk, olga: User):
    start_day(operator=olga, now=desk.now)
    pause(operator=olga, reason="Lunch", now=desk.now)
    olga.refresh_from_db()

    day = working_day_json(olga)

    assert (day["working_day"], day["is_paused"], day["pause_reason"]) == ("STARTED", True, "Lunch")
    assert day["started_at"] == day["paused_at"] is not None
    assert (day["open_dialogs"], day["absent_until"]) == (0, None)


def test_a_console_of_another_device_changes_nothing(desk: Desk, olga: User):
    pause(operator=olga, reason="Lunch", now=desk.now)
    keep_alive(connection_id=uuid4(), operator_id=olga.pk, now=desk.now)

    assert facts(olga)[0] == "PAUSED"


def test_the_sweep_looks_for_lines_where_somebody_is_there_by_what_they_count(desk: Desk, olga: User):
    desk.rule(checks_working_day=True, checks_presence=False)
    desk.hello()
    assert lines_to_sweep() == []

    User.objects.filter(pk=olga.pk).update(working_day="STARTED", is_absent=True)
    assert lines_to_sweep() == []
    User.objects.filter(pk=olga.pk).update(is_absent=False)

    assert lines_to_sweep() == [desk.scene.line.pk]
