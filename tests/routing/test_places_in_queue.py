"""Who waits is served in order; priorities count as waiting, and nobody starves."""

import pytest

from common.events import publish
from crm.models import Client
from openlines.events import PrioritiesChanged
from openlines.models import Channel, Dialog, Line
from openlines.services.lines import change_line
from routing.services.waiting_dialogs import offer_waiting
from tests.committing import committed
from tests.factories import make_channel, write
from tests.routing.desk import Desk
from tests.routing.test_limits import finish, limit

pytestmark = [pytest.mark.row("L5"), pytest.mark.row("R8")]


def order(desk: Desk, *dialogs: Dialog) -> list[str]:
    """Olga has one place; in which order does she get what waits?"""
    names = []
    left = list(dialogs)
    while left:
        current = next(dialog for dialog in left if desk.offered(dialog) == ["olga"])
        names.append(current.client.name)
        desk.answer(current, "olga")
        left.remove(current)
        finish(desk, current, "olga")
    return names


@pytest.fixture
def busy(desk: Desk) -> Dialog:
    """Olga alone, with one place, and it is taken."""
    limit(desk, olga=1)
    dialog = desk.hello("Busy")
    desk.answer(dialog, "olga")
    return dialog


def writes(desk: Desk, sender: str, channel: Channel | None = None) -> Dialog:
    desk.wait(1)
    with committed():
        return write(channel or desk.scene.channel, "Hello", sender=sender, now=desk.now)


def test_first_come_first_served(desk: Desk, busy: Dialog):
    waiting = [writes(desk, sender) for sender in ("Anna", "Boris", "Clara")]

    finish(desk, busy, "olga")

    assert order(desk, *waiting) == ["Anna", "Boris", "Clara"]


def test_a_client_who_counts_more_comes_first(desk: Desk, busy: Dialog):
    waiting = [writes(desk, sender) for sender in ("Anna", "Boris", "Clara")]
    Client.objects.filter(name="Clara").update(is_vip=True)
    with committed():
        publish(PrioritiesChanged(client_id=waiting[2].client_id))
    finish(desk, busy, "olga")

    assert order(desk, *waiting) == ["Clara", "Anna", "Boris"]


def test_a_channel_that_counts_more_comes_first(desk: Desk, busy: Dialog):
    important = make_channel(desk.scene.cast, desk.scene.line)
    Channel.objects.filter(pk=important.pk).update(priority=1)
    waiting = [writes(desk, "Anna"), writes(desk, "Boris", important)]

    finish(desk, busy, "olga")

    assert order(desk, *waiting) == ["Boris", "Anna"]


def test_who_waits_long_enough_is_overtaken_no_more(desk: Desk, busy: Dialog):
    desk.rule(priority_seconds=60)
    important = make_channel(desk.scene.cast, desk.scene.line)
    Channel.objects.filter(pk=important.pk).update(priority=1)
    waiting = [writes(desk, "Anna")]
    desk.wait(61)
    waiting.append(writes(desk, "Boris", important))

    finish(desk, busy, "olga")

    assert order(desk, *waiting) == ["Anna", "Boris"], "a minute of waiting is worth a priority"


def test_a_line_that_counts_more_moves_what_waits_already(desk: Desk, busy: Dialog):
    dialog = writes(desk, "Anna")
    before = dialog.ranked_at

    with committed():
        change_line(administrator=desk.scene.cast.alla, line=Line.objects.get(), priority=2)

    dialog.refresh_from_db()
    assert before is not None
    assert dialog.ranked_at is not None
    assert (dialog.priority, dialog.ranked_at < before) == (2, True)


def test_nobody_passes_who_waits_already(desk: Desk):
    desk.away("olga", "oleg", "roman")
    first = desk.hello("Anna")
    type(desk.people["olga"]).objects.filter(username="olga").update(presence="ONLINE")
    limit_of_olga = {"olga": 1}
    desk.wait(1)

    second = desk.hello("Boris")
    with committed():
        limit(desk, **limit_of_olga)

    assert desk.offered(first) == ["olga"]
    assert "Others wait longer and are next." in desk.reasons(second)


def test_an_offer_that_runs_out_does_not_pass_who_counts_more(desk: Desk):
    limit(desk, olga=1)
    first = desk.hello("Anna")
    important = writes(desk, "Boris")
    Client.objects.filter(name="Boris").update(is_vip=True)
    with committed():
        publish(PrioritiesChanged(client_id=important.client_id))
    assert desk.offered(first) == ["olga"]

    desk.skip(first, "olga")

    assert [desk.offered(important), desk.offered(first)] == [["olga"], []]
    assert desk.reasons(first)[-1] == "Others wait longer and are next."


def test_what_nobody_can_have_is_looked_at_once_and_not_recorded_again(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialogs = [desk.hello(sender) for sender in ("Anna", "Boris", "Clara")]

    for _ in range(3):
        offer_waiting(line_id=desk.scene.line.pk, now=desk.now)

    assert [dialog.decisions.count() for dialog in dialogs] == [1, 1, 1]


@pytest.mark.row("R5")
@pytest.mark.parametrize(("rule", "waits_on"), [("TURN", "olga"), ("EVERYONE", None)])
def test_when_nobody_works_it_waits_with_one_or_with_everyone(desk: Desk, rule: str, waits_on: str | None):
    desk.rule(nobody_rule=rule)
    desk.away("olga", "oleg", "roman")

    dialog = desk.hello()

    assert dialog.waits_on == (desk.people[waits_on] if waits_on else None)
