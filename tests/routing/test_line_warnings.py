"""A rule that can't work is said before it hurts."""

from typing import Any

import pytest

from crm.models import StaffGroup, User
from openlines.line_warnings import warnings_for
from openlines.models import Channel, Line, QueueMember
from openlines.services.lines import Place, set_queue
from routing.models import Queue, Schedule
from routing.services.answering import answer_dialog
from tests.factories import write
from tests.pages import get, text_of
from tests.scenes import Scene

pytestmark = pytest.mark.row("L2")


def codes(scene: Scene) -> set[str]:
    return {warning.code for warning in warnings_for(Line.objects.get(pk=scene.line.pk))}


def line_with(scene: Scene, **changes: Any) -> None:
    Line.objects.filter(pk=scene.line.pk).update(**changes)


def queue_with(scene: Scene, **changes: Any) -> None:
    Queue.objects.filter(line=scene.line).update(**changes)


def test_a_line_with_a_channel_and_somebody_there_has_nothing_to_say(scene: Scene):
    assert codes(scene) == set()


def test_nobody_can_write_where_no_channel_is_connected(scene: Scene):
    Channel.objects.update(state=Channel.State.DISCONNECTED)

    assert codes(scene) == {"NO_CHANNEL"}


def test_an_empty_queue_and_one_of_people_who_left_differ_in_words(scene: Scene):
    group = StaffGroup.objects.create(name="Nobody")
    set_queue(administrator=scene.cast.alla, line=scene.line, places=[Place(group_id=group.pk)])
    left = warnings_for(scene.line)
    scene.line.queue_entries.all().delete()

    assert [warning.message for warning in left] == [
        "Nobody in the queue works with clients any more: nobody is offered a dialog."
    ]
    assert [warning.message for warning in warnings_for(scene.line)] == [
        "The queue is empty: nobody is offered a dialog."
    ]


def test_a_queue_on_vacation_lasts_and_a_queue_at_lunch_passes(scene: Scene):
    User.objects.update(presence=User.Presence.PAUSED)
    [lunch] = warnings_for(scene.line)
    User.objects.update(is_absent=True)
    [vacation] = warnings_for(scene.line)

    assert (lunch.code, lunch.is_passing) == ("NOBODY_AVAILABLE", True)
    assert (vacation.code, vacation.is_passing) == ("ALL_ABSENT", False)
    queue_with(scene, checks_absence=False, checks_presence=False)
    assert codes(scene) == set()


def test_limits_that_make_everyone_full_are_noticed(scene: Scene):
    QueueMember.objects.update(dialog_limit=1)
    queue_with(scene, place_rule=Queue.PlaceRule.UNTIL_CLOSED)
    for sender, operator in (("Anna", scene.cast.olga), ("Boris", scene.cast.oleg)):
        dialog = write(scene.channel, "Hello", sender=sender, now=scene.now)
        answer_dialog(dialog_id=dialog.pk, operator=operator, now=scene.now)

    assert codes(scene) == {"ALL_FULL"}
    QueueMember.objects.filter(operator=scene.cast.oleg).update(dialog_limit=2)
    assert codes(scene) == set()


@pytest.mark.parametrize(
    ("of_line", "of_queue", "code"),
    [
        ({"closing_action": "TEXT", "closing_text": " "}, {}, "NO_TEXT"),
        ({"welcome_text": ""}, {}, "NO_TEXT"),
        ({"client_closing_action": "FORM"}, {}, "NO_FORM_LINK"),
        ({"silence_action": "FORM"}, {}, "NO_FORM_LINK"),
        ({}, {"no_answer_action": "FORM"}, "NO_FORM_LINK"),
        ({}, {"no_answer_action": "TEXT"}, "NO_TEXT"),
        ({}, {"off_hours_action": "TEXT", "off_hours_text": "Closed"}, "NO_HOURS"),
        ({"priority": 3}, {"priority_seconds": 0}, "PRIORITY_COUNTS_NOTHING"),
    ],
)
def test_what_is_never_sent_and_what_counts_for_nothing(scene: Scene, of_line: Any, of_queue: Any, code: str):
    line_with(scene, **of_line)
    queue_with(scene, **of_queue)

    assert codes(scene) == {code}


def test_what_is_switched_off_says_nothing(scene: Scene):
    line_with(scene, is_welcome_sent=False, welcome_text="", is_closed_by_silence=False, silence_action="FORM")

    assert codes(scene) == set()


def test_the_page_says_it_on_top_and_marks_the_section(scene: Scene):
    line_with(scene, closing_text="")

    page = text_of(get(scene.cast.alla, f"/settings/lines/{scene.line.pk}/"))

    assert '<a href="#texts">“Goodbye” is to send a text, and there is none: nothing is sent.</a>' in page
    assert page.count('class="section-mark"') == 1


def test_hours_that_have_passed_for_good_are_told(scene: Scene):
    Schedule.objects.update(is_enabled=True, weekly=[[]] * 7)
    assert codes(scene) == {"NEVER_OPEN"}

    Schedule.objects.update(weekly=[[["00:00", "24:00"]]] * 7)
    assert codes(scene) == set()
