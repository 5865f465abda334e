"""Dialogs put aside: who may, what brings them back, and what does not count meanwhile."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotAllowed
from crm.models import User
from openlines.models import Dialog, Line, Message, Timer
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import DialogAlreadyClosed, pin_dialog
from openlines.services.lines import Place, set_queue
from openlines.services.snoozing import NothingToPutAside, end_snooze, snooze_dialog
from openlines.services.timers import fire_due_timers
from routing.models import Queue
from routing.services.answering import answer_dialog
from routing.services.transferring import return_to_queue, take_over
from tests.api.client import Caller
from tests.factories import write
from tests.scenes import Scene, active, anna_writes, hand_to, offered, reply, sent

pytestmark = pytest.mark.row("D7")


def aside(scene: Scene, **until: float) -> Dialog:
    """For so long; without a time until Anna writes."""
    time = scene.later(**until) if until else None
    return snooze_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, until=time, now=scene.now)


def kinds(dialog: Dialog) -> set[str]:
    return set(Timer.objects.filter(dialog=dialog).values_list("kind", flat=True))


def lines(dialog: Dialog) -> list[str]:
    return [m.payload["service"]["code"] for m in dialog.messages.filter(author_kind="SYSTEM").order_by("seq")]


def test_it_comes_back_at_its_time(scene):
    sent(scene)
    dialog = aside(scene, hours=3)
    assert (dialog.snoozed_at, dialog.snoozed_until) == (scene.now, scene.later(hours=3))
    assert kinds(dialog) == {"snooze"}

    fire_due_timers(now=scene.later(hours=2))
    assert scene.dialog.snoozed_at is not None
    fire_due_timers(now=scene.later(hours=3))

    assert scene.dialog.snoozed_at is scene.dialog.snoozed_until is None
    assert scene.dialog.is_open
    assert lines(dialog)[-2:] == ["SNOOZED", "SNOOZE_OVER"]
    # From now on the client's silence counts again.
    assert kinds(dialog) == {"silence"}
    fire_due_timers(now=scene.later(hours=3))
    assert lines(dialog).count("SNOOZE_OVER") == 1


def test_the_service_line_says_until_when(scene):
    active(scene)
    dialog = aside(scene, hours=1)
    said = dialog.messages.latest("seq").payload["service"]
    assert said["params"] == {"operator": "Olga", "until": scene.later(hours=1).isoformat()}
    assert aside(scene).messages.latest("seq").payload["service"]["params"]["until"] is None


@pytest.mark.parametrize("until", [{"hours": 3}, {}])
def test_a_word_of_the_client_brings_it_back(scene, until):
    sent(scene)
    aside(scene, **until)
    anna_writes(scene, "And?")
    assert scene.dialog.snoozed_at is scene.dialog.snoozed_until is None
    assert "snooze" not in kinds(scene.dialog)


@pytest.mark.row("C1")
def test_waking_by_clients_costs_no_statement(scene):

    sent(scene)
    with CaptureQueriesContext(connection) as awake:
        anna_writes(scene, "One")
    reply(scene, "Well")
    aside(scene, hours=1)
    with CaptureQueriesContext(connection) as asleep:
        anna_writes(scene, "Two")
    assert len(asleep) == len(awake)


def test_whatever_is_done_in_it_brings_it_back(scene):
    sent(scene)
    ends = {
        "reply": lambda: reply(scene, "Here it is"),
        "hand over": lambda: hand_to(scene, scene.cast.oleg, by=scene.cast.olga),
        "take over": lambda: take_over(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now),
        "return": lambda: return_to_queue(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now),
    }
    for name, end in ends.items():
        snooze_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, until=None, now=scene.now)
        end()
        assert scene.dialog.snoozed_at is None, name


def test_a_whisper_leaves_it_where_it_is(scene):
    sent(scene)
    aside(scene)
    reply(scene, "Waiting for the warehouse", visibility=Message.Visibility.STAFF)
    assert scene.dialog.snoozed_at is not None


@pytest.mark.parametrize("grace", [0, 600])
def test_the_end_ends_it(scene, grace):
    Line.objects.update(grace_seconds=grace)
    sent(scene)
    aside(scene, hours=1)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.dialog.snoozed_at is None
    assert "snooze" not in kinds(scene.dialog)


def test_silence_does_not_count_meanwhile(scene):
    sent(scene)
    dialog = aside(scene)
    pin_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, is_pinned=True, now=scene.now)
    pin_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, is_pinned=False, now=scene.now)
    assert kinds(dialog) == set()
    fire_due_timers(now=scene.later(days=1))
    assert scene.dialog.is_open


def test_an_operator_brings_it_back(scene):
    sent(scene)
    dialog = aside(scene, hours=1)
    end_snooze(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.dialog.snoozed_at is None
    assert kinds(dialog) == {"silence"}
    revision = scene.dialog.revision
    end_snooze(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.dialog.revision == revision


def test_only_its_operator_and_supervisors_put_it_aside(scene):
    Line.objects.update(access=Line.Access.LINE)
    sent(scene)
    how = {"dialog_id": scene.dialog.pk, "until": None, "now": scene.now}
    with pytest.raises(NotAllowed):
        snooze_dialog(operator=scene.cast.oleg, **how)
    for operator in (scene.cast.olga, scene.cast.sergey, scene.cast.alla):
        snooze_dialog(operator=operator, **how)
    with pytest.raises(NotAllowed):
        end_snooze(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, now=scene.now)
    mallory = Caller.by(scene.cast.mallory)
    assert mallory.post(f"/dialogs/{scene.dialog.pk}/snooze/").status_code == 404


def test_only_what_is_in_work_can_be_put_aside(scene):
    offered(scene)
    with pytest.raises(NothingToPutAside):
        snooze_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, until=None, now=scene.now)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    for until in (scene.now, scene.later(days=-1), scene.later(days=400)):
        with pytest.raises(InvalidInput):
            snooze_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, until=until, now=scene.now)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    with pytest.raises(DialogAlreadyClosed):
        aside(scene)


def test_what_is_about_to_be_closed_is_not_put_aside(scene):
    Line.objects.update(grace_seconds=600)
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    with pytest.raises(NothingToPutAside):
        aside(scene)


@pytest.mark.row("R5")
def test_its_place_is_free_for_who_waits_until_it_is_back(scene, commit):
    places = [Place(operator_id=scene.cast.olga.pk, dialog_limit=1)]
    set_queue(administrator=scene.cast.alla, line=scene.line, places=places)
    Queue.objects.update(place_rule=Queue.PlaceRule.UNTIL_CLOSED)
    sent(scene)
    boris = write(scene.channel, "Hello", sender="Boris", now=scene.now)
    assert boris.state == Dialog.State.QUEUED

    with commit():
        aside(scene, hours=1)

    boris.refresh_from_db()
    assert boris.offered_to == [scene.cast.olga.pk]
    answer_dialog(dialog_id=boris.pk, operator=scene.cast.olga, now=scene.now)
    fire_due_timers(now=scene.later(hours=1))
    # Back, above the limit: nothing new until there is a place again.
    assert write(scene.channel, "Hello", sender="Clara", now=scene.now).state == Dialog.State.QUEUED


def test_whoever_put_a_waiting_client_aside_has_their_time_to_answer_anew(scene):
    Queue.objects.update(return_seconds=60)
    active(scene)
    aside(scene, minutes=10)
    fire_due_timers(now=scene.later(minutes=9))
    assert scene.dialog.owner == scene.cast.olga

    with time_machine.travel(scene.later(minutes=10), tick=False):
        fire_due_timers(now=scene.later(minutes=10))

    assert kinds(scene.dialog) == {"unanswered"}
    assert Timer.objects.get().due_at == scene.later(minutes=11)


def test_a_waiting_tab_shows_nothing_that_was_put_aside(scene):
    active(scene)
    olga = Caller.by(User.objects.get(pk=scene.cast.olga.pk))
    assert len(olga.get("/dialogs/", tab="waiting").json()["results"]) == 1
    until = scene.later(hours=1).isoformat()
    answer = olga.post(f"/dialogs/{scene.dialog.pk}/snooze/", {"until": until}).json()
    assert answer["snooze"] is not None
    assert olga.get("/dialogs/", tab="waiting").json()["results"] == []
    assert len(olga.get("/dialogs/", tab="mine").json()["results"]) == 1
    assert olga.delete(f"/dialogs/{scene.dialog.pk}/snooze/").json()["snooze"] is None
