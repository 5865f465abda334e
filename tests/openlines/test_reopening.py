"""Closed dialogs that go on: reopened by an operator, or by a client who writes soon after the end."""

from datetime import timedelta
from typing import Any

import pytest

from common.errors import NotAllowed, NotFound
from openlines.models import Dialog, Line, Message
from openlines.services.closing import finish_dialog
from openlines.services.line_lifecycle import archive_line
from openlines.services.lines import LineIsArchived, create_line
from openlines.services.participants import invite_operators
from routing.models import Decision, Offer, Queue
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.reopening import AlreadyOpen, AnotherIsOpen, reopen_dialog
from routing.services.transferring import transfer_dialog
from routing.types import ToOperator
from stats.queries import figures_of_lines, start_of_today
from tests.committing import committed
from tests.scenes import Scene, active, anna_writes, nobody_there, offered, queued, sent

pytestmark = pytest.mark.row("D9")


def finish(scene: Scene, **how: Any) -> Dialog:
    with committed():
        finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now, **how)
    return scene.dialog


def reopen(scene: Scene, who: str = "olga", dialog: Dialog | None = None) -> Dialog:
    with committed():
        reopen_dialog(
            dialog_id=(dialog or scene.dialog).pk, actor=getattr(scene.cast, who), now=scene.now
        )  # fmt: skip
    return Dialog.objects.get(pk=(dialog or scene.dialog).pk)


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


# By an operator


@pytest.mark.parametrize("who", ["olga", "sergey", "alla"])
def test_who_had_it_or_steers_the_line_goes_on_with_it(scene, who):
    sent(scene)
    finish(scene)

    dialog = reopen(scene, who)

    assert (dialog.state, dialog.owner, dialog.closed_at) == ("ACTIVE", getattr(scene.cast, who), None)
    assert dialog.close_reason == ""
    assert feed(dialog)[-1] == "DIALOG_REOPENED"
    assert Decision.objects.latest("pk").reason["code"] == "REOPENED"


def test_colleagues_and_strangers_don_t(scene):
    Line.objects.update(access=Line.Access.LINE)
    sent(scene)
    finish(scene)

    with pytest.raises(NotAllowed):
        reopen(scene, "oleg")
    with pytest.raises(NotFound):
        reopen(scene, "mallory")


def test_spam_that_was_none_is_taken_back(scene):
    active(scene)
    finish(scene, as_spam=True)

    dialog = reopen(scene)

    assert (dialog.state, dialog.close_reason) == ("ACTIVE", "")


def test_asking_again_changes_nothing_and_others_hear_that_it_is_open(scene):
    sent(scene)
    finish(scene)
    revision = reopen(scene).revision

    assert reopen(scene).revision == revision
    with pytest.raises(AlreadyOpen):
        reopen(scene, "sergey")


def test_beside_another_open_dialog_of_the_chat_it_stays_closed(scene):
    sent(scene)
    first = finish(scene)
    anna_writes(scene, "I am back")

    with pytest.raises(AnotherIsOpen, match=str(scene.dialog.pk)):
        reopen(scene, dialog=first)

    assert Dialog.objects.get(pk=first.pk).state == "CLOSED"


def test_in_an_archived_line_it_stays_closed(scene):
    sent(scene)
    finish(scene)
    archive_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)

    with pytest.raises(LineIsArchived):
        reopen(scene, "alla")


def test_participants_who_still_work_here_are_in_it_again(scene):
    sent(scene)
    ids = [scene.cast.mallory.pk, scene.cast.oleg.pk]
    invite_operators(dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_ids=ids, now=scene.now)
    finish(scene)
    type(scene.cast.mallory).objects.filter(pk=scene.cast.mallory.pk).update(is_active=False)

    assert reopen(scene).participant_ids == [scene.cast.oleg.pk]


def test_reports_count_it_as_open_and_not_as_closed(scene):
    sent(scene)
    finish(scene)
    since = start_of_today(scene.now)
    assert figures_of_lines([scene.line.pk], since=since)[scene.line.pk].closed == 1

    reopen(scene)

    figures = figures_of_lines([scene.line.pk], since=since)[scene.line.pk]
    assert (figures.opened, figures.answered, figures.closed, figures.open_now) == (1, 1, 0, 1)


# By its client


def going_on(scene: Scene, **queue: Any) -> Dialog:
    """Olga has just finished, in a line where clients go on with the same dialog for an hour."""
    Line.objects.update(continue_seconds=3600)
    Queue.objects.update(**{"prefers_last_operator": False, "prefers_responsible": False} | queue)
    sent(scene)
    return finish(scene)


def anna_comes_back(scene: Scene, **later: float) -> Dialog:
    with committed():
        anna_writes(Scene(scene.cast, scene.line, scene.channel, scene.now + timedelta(**later)), "One more thing")
    return scene.dialog


@pytest.mark.parametrize(("seconds", "is_same"), [(0, True), (3600, True), (3601, False)])
def test_a_client_who_writes_in_time_goes_on_with_the_same_dialog(scene, seconds, is_same):
    closed = going_on(scene)

    dialog = anna_comes_back(scene, seconds=seconds)

    assert (dialog.pk == closed.pk) == is_same


def test_it_is_offered_to_who_had_it_whatever_the_queue_prefers(scene):
    going_on(scene, last_operator_seconds=77)

    dialog = anna_comes_back(scene)

    assert (dialog.state, dialog.owner, dialog.offered_to) == ("OFFERED", None, [scene.cast.olga.pk])
    offer = Offer.objects.get(outcome="PENDING")
    assert (offer.kind, offer.round) == ("LAST_OPERATOR", dialog.first_round)
    assert dialog.first_round == 2
    assert feed(dialog)[-3:] == ["One more thing", "REOPENED_BY_CLIENT", "DIALOG_OFFERED"]
    assert (dialog.closed_at, dialog.close_reason, dialog.unread) == (None, "", 1)
    assert not Message.objects.filter(dialog=dialog, text__startswith="Hello, Anna").count() > 1


def test_who_had_it_and_skips_is_followed_by_the_queue(scene):
    going_on(scene)
    dialog = anna_comes_back(scene)

    skip_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.dialog.offered_to == [scene.cast.oleg.pk]
    answer_dialog(dialog_id=dialog.pk, operator=scene.cast.oleg, now=scene.now)

    assert (scene.dialog.state, scene.dialog.owner) == ("ACTIVE", scene.cast.oleg)


def test_it_waits_where_nobody_is_there(scene):
    going_on(scene)
    nobody_there(scene)

    assert anna_comes_back(scene).state == "QUEUED"


def test_who_comes_back_after_long_waits_from_then_on(scene):
    """Boris wrote while Anna's dialog was closed: it is his turn first."""
    going_on(scene)
    nobody_there(scene)
    later = Scene(scene.cast, scene.line, scene.channel, scene.later(minutes=1))
    anna_writes(later, "Hello", chat_external_id="boris", external_id="boris-1")

    anna = anna_comes_back(scene, minutes=2)

    boris = Dialog.objects.get(chat__external_id="boris")
    assert anna.ranked_at is not None
    assert boris.ranked_at is not None
    assert boris.ranked_at < anna.ranked_at


def test_spam_never_goes_on(scene):
    Line.objects.update(continue_seconds=3600)
    active(scene)
    spam = finish(scene, as_spam=True)

    assert anna_comes_back(scene).pk != spam.pk


def test_spam_ends_what_went_on_before_it(scene):
    first = going_on(scene)
    Line.objects.update(continue_seconds=0)
    anna_comes_back(scene)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, now=scene.now)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, as_spam=True, now=scene.later(seconds=5))
    Line.objects.update(continue_seconds=3600)

    assert anna_comes_back(scene, seconds=9).pk > first.pk + 1


def test_what_ended_in_another_line_stays_there(scene):
    closed = going_on(scene)
    other = create_line(administrator=scene.cast.alla, name="Warehouse")
    Dialog.objects.filter(pk=closed.pk).update(line=other)

    assert anna_comes_back(scene).pk != closed.pk


def test_an_open_dialog_comes_before_a_closed_one(scene):
    going_on(scene)
    Line.objects.update(continue_seconds=0)
    newer = anna_comes_back(scene)
    Line.objects.update(continue_seconds=3600)

    assert anna_comes_back(scene, seconds=1).pk == newer.pk


def test_it_goes_on_again_and_again(scene):
    closed = going_on(scene)
    for _turn in range(3):
        dialog = anna_comes_back(scene)
        answer_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.now)
        finish(scene)

    assert (scene.dialog.pk, scene.dialog.first_round) == (closed.pk, 4)
    assert list(scene.dialog.messages.values_list("seq", flat=True).order_by("seq")) == list(
        range(1, scene.dialog.last_seq + 1)
    )


def test_what_was_never_answered_goes_on_with_the_queue(scene):
    """A supervisor closed it before anybody had it."""
    Line.objects.update(continue_seconds=3600)
    offered(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, now=scene.now)

    dialog = anna_comes_back(scene)

    assert dialog.state == "OFFERED"
    assert Dialog.objects.count() == 1


def test_a_dialog_that_was_handed_over_goes_on_with_its_last_operator(scene):
    going_on(scene)
    reopen(scene)
    transfer_dialog(
        dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=ToOperator(scene.cast.oleg.pk), now=scene.now
    )
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, now=scene.now)

    assert anna_comes_back(scene).offered_to == [scene.cast.oleg.pk]


def test_what_waits_in_the_queue_is_not_touched(scene):
    Line.objects.update(continue_seconds=3600)
    queued(scene)
    before = scene.dialog.pk

    assert anna_comes_back(scene).pk == before
