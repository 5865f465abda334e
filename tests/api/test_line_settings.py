"""Lines, their queues, channels and clients are set over the API by the same rules as in the pages."""

import pytest

from crm.models import StaffGroup
from openlines.models import Line
from routing.models import Queue
from tests.api.client import Caller
from tests.api.world import World
from tests.factories import write
from tests.scenes import nobody_there

pytestmark = pytest.mark.row("L5")


def test_a_queue_of_operators_and_groups_with_limits(world: World, alla: Caller):
    cast, line = world.scene.cast, world.scene.line
    night = StaffGroup.objects.create(name="Night")
    night.members.add(cast.oleg, cast.alla)
    members = [{"operator": cast.olga.pk, "limit": 8}, {"group": night.pk}]

    stored = alla.call("PUT", f"/lines/{line.pk}/queue-members/", {"members": members}).json()

    assert stored == alla.call("GET", f"/lines/{line.pk}/queue-members/").json()
    assert stored["members"] == [
        {"operator": cast.olga.pk, "group": None, "limit": 8},
        {"operator": None, "group": night.pk, "limit": None},
    ]
    assert stored["operators"] == [cast.olga.pk, cast.alla.pk, cast.oleg.pk]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "operators"),
        ({"operators": [], "members": []}, "members"),
        ({"members": [{"limit": 3}]}, "operators"),
        ({"members": [{"operator": 0}]}, "operators"),
        ({"members": [{"group": 0}]}, "operators"),
        ({"members": [{"operator": 1, "group": 1}]}, "operators"),
        ({"members": [{"operator": 1, "limit": 0}]}, "members"),
        ({"members": [{"operator": 1, "limit": 1001}]}, "members"),
    ],
)
def test_a_queue_that_can_not_be_is_refused_at_its_field(world: World, alla: Caller, body: object, field: str):
    answer = alla.call("PUT", f"/lines/{world.scene.line.pk}/queue-members/", body)

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_every_rule_of_a_queue_is_read_and_written(world: World, alla: Caller):
    path = f"/lines/{world.scene.line.pk}/queue/"
    rules = alla.call("GET", path).json()
    changed = rules | {"return_seconds": 77, "place_rule": "UNTIL_CLOSED", "no_answer_action": "RETURN"}

    assert alla.call("PATCH", path, changed).json() == changed
    assert set(rules) == {field.name for field in Queue._meta.fields} - {"id", "line"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"offer_seconds": 0}, "offer_seconds"),
        ({"return_seconds": 0}, "return_seconds"),
        ({"no_answer_action": "TEXT"}, "no_answer_text"),
        ({"no_answer_action": "FORM"}, "form_url"),
        ({"off_hours_text": "See {you}"}, "off_hours_text"),
    ],
)
def test_a_rule_that_can_not_work_is_refused_at_its_field(world: World, alla: Caller, body: object, field: str):
    answer = alla.call("PATCH", f"/lines/{world.scene.line.pk}/queue/", body)

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


@pytest.mark.row("L2")
def test_a_line_says_what_can_not_work_about_it(world: World, alla: Caller):
    Line.objects.filter(pk=world.scene.line.pk).update(closing_text="")

    warnings = alla.call("GET", f"/lines/{world.scene.line.pk}/").json()["warnings"]

    assert [(one["code"], one["section"], one["is_passing"]) for one in warnings] == [("NO_TEXT", "texts", False)]


@pytest.mark.row("R6")
def test_waiting_dialogs_take_the_priority_of_their_line_channel_and_client(world: World, alla: Caller):
    nobody_there(world.scene)
    dialog = write(world.scene.channel, "Is anybody there?", sender="Vera", now=world.scene.now)

    def priority() -> int:
        dialog.refresh_from_db()
        return dialog.priority

    alla.call("PATCH", f"/lines/{dialog.line_id}/", {"priority": 2})
    assert priority() == 2
    alla.call("PATCH", f"/channels/{dialog.channel_id}/", {"priority": 5, "name": "Fast lane"})
    assert priority() == 5
    assert alla.call("PATCH", f"/clients/{dialog.client_id}/", {"is_vip": True}).json()["is_vip"] is True
    assert priority() == 9
