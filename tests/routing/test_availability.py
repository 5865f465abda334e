"""Who counts as there, by what the line looks at."""

from itertools import product

import pytest

from crm.models import User
from openlines.models import Dialog
from routing.models import Queue
from routing.services.availability import away_reason, has_left, is_away
from tests.factories import write
from tests.scenes import Scene

pytestmark = pytest.mark.row("R5")

ALL = {"checks_presence": True, "checks_working_day": True, "checks_absence": True}
NONE = dict.fromkeys(ALL, False)
THERE = {"presence": "ONLINE", "working_day": "STARTED", "is_paused": False, "is_absent": False}


@pytest.mark.parametrize(
    ("facts", "rules", "reason"),
    [
        ({}, ALL, None),
        ({"presence": "OFFLINE"}, {"checks_presence": True}, "OFFLINE"),
        ({"presence": "PAUSED", "is_paused": True}, {"checks_presence": True}, "PAUSED"),
        ({"presence": "OFFLINE"}, {"checks_working_day": True, "checks_absence": True}, None),
        ({"working_day": "NOT_STARTED"}, {"checks_working_day": True}, "NOT_STARTED"),
        ({"working_day": "ENDED"}, {"checks_working_day": True}, "ENDED"),
        ({"presence": "OFFLINE", "is_paused": True}, {"checks_working_day": True}, "PAUSED"),
        ({"working_day": "ENDED"}, {"checks_presence": True}, None),
        ({"is_absent": True}, {"checks_absence": True}, "ABSENT"),
        ({"is_absent": True, "presence": "OFFLINE"}, ALL, "ABSENT"),
        ({"presence": "OFFLINE", "working_day": "ENDED", "is_absent": True}, {}, None),
    ],
)
def test_the_line_says_what_counts(facts: dict[str, object], rules: dict[str, bool], reason: str | None):
    assert away_reason(User(**(THERE | facts)), Queue(**(NONE | rules))) == reason


def test_the_rule_in_python_and_in_queries_is_the_same(scene: Scene):
    dialog = write(scene.channel, "Hello", now=scene.now)
    Dialog.objects.filter(pk=dialog.pk).update(state=Dialog.State.ACTIVE, owner=scene.cast.olga)
    queue = Queue.objects.get(line=scene.line)
    states = product(["OFFLINE", "PAUSED", "ONLINE"], ["NOT_STARTED", "STARTED", "ENDED"], [True, False], [True, False])
    for facts in (dict(zip(THERE, state, strict=True)) for state in states):
        User.objects.filter(pk=scene.cast.olga.pk).update(**facts)
        for rules in (dict(zip(ALL, checks, strict=True)) for checks in product([True, False], repeat=3)):
            Queue.objects.filter(pk=queue.pk).update(**rules)
            found = Dialog.objects.filter(is_away(operator="owner", queue="line__queue")).exists()
            assert found == (away_reason(User(**facts), Queue(**rules)) is not None), (facts, rules)


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": "NONE"}])
def test_who_left_is_away_whatever_the_line_looks_at(scene: Scene, changes: dict[str, object]):
    dialog = write(scene.channel, "Hello", now=scene.now)
    Dialog.objects.filter(pk=dialog.pk).update(state=Dialog.State.ACTIVE, owner=scene.cast.olga)
    left = Dialog.objects.filter(has_left(operator="owner"))
    assert not left.exists()

    User.objects.filter(pk=scene.cast.olga.pk).update(**changes)

    assert left.exists()
