"""Transfers, returns and their targets over the API; the mark of important clients."""

from typing import Any

import pytest

from crm.models import StaffGroup, User
from openlines.models import Dialog, Line
from openlines.services.lines import create_line
from routing.models import Schedule
from tests.api.client import Caller
from tests.api.world import World
from tests.factories import make_channel, write
from tests.scenes import nobody_there

pytestmark = [pytest.mark.row("D6"), pytest.mark.row("P1")]


def transfer(caller: Caller, world: World, body: Any) -> Any:
    return caller.post(f"/dialogs/{world.active.pk}/transfer/", body)


def test_a_dialog_goes_to_exactly_one_target(world: World, olga: Caller):
    nowhere = transfer(olga, world, {})
    both = transfer(olga, world, {"operator_id": world.scene.cast.oleg.pk, "line_id": world.scene.line.pk})

    assert (nowhere.status_code, sorted(nowhere.json()["fields"])) == (400, ["group_id", "line_id", "operator_id"])
    assert (both.status_code, sorted(both.json()["fields"])) == (400, ["line_id", "operator_id"])


@pytest.mark.parametrize("field", ["operator_id", "line_id", "group_id"])
def test_a_target_that_is_not_there_is_told_at_its_field(field: str, world: World, olga: Caller):
    answer = transfer(olga, world, {field: 999_999})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_note_that_is_too_long_is_told_at_its_field(world: World, olga: Caller):
    answer = transfer(olga, world, {"operator_id": world.scene.cast.oleg.pk, "note": "x" * 2001})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["note"])


def test_lines_and_groups_get_dialogs_and_their_json_says_who_handed_them_over(world: World, olga: Caller):
    carriers = StaffGroup.objects.create(name="Carriers")
    carriers.members.add(world.scene.cast.oleg)

    answer = transfer(olga, world, {"group_id": carriers.pk, "note": "He asks for Friday"}).json()

    olga_s = world.scene.cast.olga.pk
    assert answer["handed_over"] == {"operator_id": olga_s, "note": "He asks for Friday", "group": "Carriers"}
    assert answer["offer"]["operator_ids"] == [world.scene.cast.oleg.pk]


def test_targets_say_who_is_there_and_what_they_have(world: World, olga: Caller):
    cast = world.scene.cast
    carriers = StaffGroup.objects.create(name="Carriers")
    carriers.members.add(cast.oleg, cast.sergey)
    StaffGroup.objects.create(name="Nobody")
    User.objects.filter(pk=cast.oleg.pk).update(dialog_limit=5)

    targets = olga.get(f"/dialogs/{world.active.pk}/transfer-targets/").json()

    colleagues = [(one["name"], one["is_available"], one["limit"]) for one in targets["operators"]]
    assert colleagues == [
        ("Mallory", True, None), ("Oleg", True, 5), ("Alla", False, None), ("Sergey", False, None),
    ]  # fmt: skip
    groups = [(one["name"], one["members"], one["available"]) for one in targets["groups"]]
    assert groups == [("Carriers", 2, 1)]
    assert targets["lines"] == []


def test_lines_say_whether_somebody_is_there_and_how_many_wait(world: World, olga: Caller):
    cast = world.scene.cast
    closed, waiting = (create_line(administrator=cast.alla, name=name) for name in ("Closed", "Warehouse"))
    archived = create_line(administrator=cast.alla, name="Archived")
    Line.objects.filter(pk=archived.pk).update(archived_at=world.scene.now)
    Schedule.objects.filter(line=closed).update(is_enabled=True, weekly=[])
    nobody_there(world.scene)
    write(make_channel(cast, waiting), "Hello", now=world.scene.now)

    lines = olga.get(f"/dialogs/{world.active.pk}/transfer-targets/").json()["lines"]

    assert [(one["name"], one["state"], one["waiting"]) for one in lines] == [
        ("Closed", "OFF_HOURS", 0), ("Warehouse", "NOBODY", 1),
    ]  # fmt: skip


def test_a_dialog_is_given_back_with_a_note(world: World, olga: Caller):
    answer = olga.post(f"/dialogs/{world.active.pk}/return/", {"note": "I must go"}).json()

    assert (answer["owner_id"], answer["handed_over"]["note"]) == (None, "I must go")


@pytest.mark.row("L5")
def test_an_important_client_is_marked_on_their_card_and_in_their_dialogs(world: World, olga: Caller):
    answer = olga.patch(f"/clients/{world.client.pk}/", {"is_vip": True}).json()

    assert answer["is_vip"] is True
    assert olga.get(f"/dialogs/{world.active.pk}/").json()["client"]["is_vip"] is True


@pytest.mark.row("L5")
def test_the_mark_moves_what_waits_ahead(world: World, alla: Caller):
    nobody_there(world.scene)
    first = write(world.scene.channel, "Hello", sender="Clara", now=world.scene.now)
    second = write(world.scene.channel, "Hello", sender="Dmitry", now=world.scene.later(seconds=5))

    alla.patch(f"/clients/{second.client_id}/", {"is_vip": True})

    assert list(Dialog.objects.filter(state="QUEUED").order_by("ranked_at")) == [second, first]


@pytest.mark.row("R9")
def test_a_supervisor_reads_the_story_of_any_dialog_of_their_lines(world: World, olga: Caller):
    transfer(olga, world, {"operator_id": world.scene.cast.oleg.pk})
    sergey = Caller.by(world.scene.cast.sergey)

    story = sergey.get(f"/dialogs/{world.active.pk}/decisions/").json()

    assert [one["outcome"] for one in story] == ["ASSIGNED", "ASSIGNED", "OFFERED"]
    assert olga.get(f"/dialogs/{world.active.pk}/decisions/").status_code == 404
