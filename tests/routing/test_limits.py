"""How many dialogs somebody may have at once, and who gets the place that frees."""

import pytest

from crm.models import User
from openlines.models import Dialog
from openlines.services.closing import finish_dialog
from openlines.services.lines import Place, set_queue
from openlines.services.replies import send_reply
from routing.services.answering import skip_dialog
from routing.services.queues import change_queue
from tests.committing import committed
from tests.factories import make_channel, make_line, write
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R8")


def limit(desk: Desk, **limits: int | None) -> None:
    """They are the queue, in this order, each with so many places."""
    places = [Place(operator_id=desk.people[name].pk, dialog_limit=places) for name, places in limits.items()]
    with committed():
        set_queue(administrator=desk.scene.cast.alla, line=desk.scene.line, places=places)


def reply(desk: Desk, dialog: Dialog, name: str) -> None:
    with committed():
        send_reply(dialog_id=dialog.pk, operator=desk.people[name], text="Good morning", now=desk.now)


def finish(desk: Desk, dialog: Dialog, name: str) -> None:
    with committed():
        finish_dialog(dialog_id=dialog.pk, operator=desk.people[name], now=desk.now)


def test_an_offer_holds_a_place_and_what_has_none_waits(desk: Desk):
    limit(desk, olga=1, oleg=1)

    first, second, third = (desk.hello(sender) for sender in ("Anna", "Boris", "Clara"))

    assert [desk.offered(first), desk.offered(second), desk.offered(third)] == [["olga"], ["oleg"], []]
    assert third.state == "QUEUED"
    assert desk.reasons(third) == ["Everyone who works has as many dialogs as they may: it waits for a place."]


def test_a_place_that_frees_goes_to_whoever_waits_longest(desk: Desk):
    limit(desk, olga=1)
    first, second, third = (desk.hello(sender) for sender in ("Anna", "Boris", "Clara"))
    desk.answer(first, "olga")

    finish(desk, first, "olga")

    assert [desk.offered(second), desk.offered(third)] == [["olga"], []]


@pytest.mark.parametrize(
    ("rule", "frees_it"), [("UNTIL_ANSWERED", True), ("WHILE_CLIENT_WAITS", True), ("UNTIL_CLOSED", False)]
)
def test_the_line_says_when_a_place_is_free(desk: Desk, rule: str, frees_it: bool):
    desk.rule(place_rule=rule)
    limit(desk, olga=1)
    first, second = desk.hello("Anna"), desk.hello("Boris")
    desk.answer(first, "olga")

    reply(desk, first, "olga")

    assert desk.offered(second) == (["olga"] if frees_it else [])


def test_a_client_who_writes_again_fills_the_place_again_if_the_line_says_so(desk: Desk):
    limit(desk, olga=1)
    first = desk.hello("Anna")
    desk.answer(first, "olga")
    reply(desk, first, "olga")

    desk.hello("Anna")

    assert desk.hello("Boris").state == "QUEUED"


def test_the_own_limit_counts_over_all_lines(desk: Desk):
    User.objects.filter(username="olga").update(dialog_limit=1)
    other = make_line(desk.scene.cast, name="Support")
    limit(desk, olga=None)
    places = [Place(operator_id=desk.people["olga"].pk)]
    set_queue(administrator=desk.scene.cast.alla, line=other, places=places)
    first = desk.hello("Anna")

    with committed():
        second = write(make_channel(desk.scene.cast, other), "Hello", sender="Boris", now=desk.now)

    assert (desk.offered(first), second.state) == (["olga"], "QUEUED")
    desk.answer(first, "olga")
    finish(desk, first, "olga")
    assert desk.offered(second) == ["olga"]


def test_a_scarce_place_goes_to_the_longest_wait_whatever_its_line(desk: Desk):
    other = make_line(desk.scene.cast, name="Support")
    channel = make_channel(desk.scene.cast, other)
    User.objects.filter(username="olga").update(dialog_limit=1)
    limit(desk, olga=None)
    set_queue(administrator=desk.scene.cast.alla, line=other, places=[Place(operator_id=desk.people["olga"].pk)])
    busy = desk.hello("Anna")
    desk.answer(busy, "olga")
    waiting = []
    for number, sender in enumerate(("Boris", "Clara", "Dmitry")):
        desk.wait(1)
        with committed():
            at = channel if number % 2 == 0 else desk.scene.channel
            waiting.append(write(at, "Hello", sender=sender, now=desk.now))

    finished = busy
    for dialog in waiting:
        finish(desk, finished, "olga")
        assert desk.offered(dialog) == ["olga"]
        desk.answer(dialog, "olga")
        finished = dialog


def test_who_skips_has_the_place_for_the_next_at_once(desk: Desk):
    limit(desk, olga=1, oleg=1)
    first, second, third = (desk.hello(sender) for sender in ("Anna", "Boris", "Clara"))
    desk.answer(second, "oleg")

    with committed():
        skip_dialog(dialog_id=first.pk, operator=desk.people["olga"], now=desk.now)

    assert desk.offered(first) == ["olga"], "everybody available was asked: round again"
    assert third.state == "QUEUED"


def test_all_at_once_only_those_with_a_place_are_asked(desk: Desk):
    desk.rule(distribution="ALL_AT_ONCE")
    limit(desk, olga=1, oleg=2)

    first, second, third = (desk.hello(sender) for sender in ("Anna", "Boris", "Clara"))

    assert [desk.offered(d) for d in (first, second, third)] == [["olga", "oleg"], ["oleg"], []]
    desk.answer(first, "olga")
    assert desk.offered(third) == ["oleg"], "the place that Oleg's lost offer held is free"


def test_a_higher_limit_is_used_at_once(desk: Desk):
    limit(desk, olga=1)
    desk.hello("Anna")
    waiting = desk.hello("Boris")

    limit(desk, olga=2)

    assert desk.offered(waiting) == ["olga"]


def test_another_rule_for_places_is_used_at_once(desk: Desk):
    desk.rule(place_rule="UNTIL_CLOSED")
    limit(desk, olga=1)
    first, waiting = desk.hello("Anna"), desk.hello("Boris")
    desk.answer(first, "olga")
    reply(desk, first, "olga")

    with committed():
        change_queue(administrator=desk.scene.cast.alla, queue=desk.queue, place_rule="UNTIL_ANSWERED")

    assert desk.offered(waiting) == ["olga"]


def test_why_me_tells_how_full_everyone_is(desk: Desk):
    limit(desk, olga=2, oleg=1)
    first, second, third = (desk.hello(sender) for sender in ("Anna", "Boris", "Clara"))

    considered = {item["operator"]: item["why"] for item in desk.explained(third)[-1]["considered"]}

    assert [desk.offered(d) for d in (first, second, third)] == [["olga"], ["oleg"], ["olga"]]
    assert considered == {
        "Olga": "offered: place 1 in the queue, given today: 1, 1 of 2 dialogs",
        "Oleg": "no place free: 1 of 1 dialogs",
    }
