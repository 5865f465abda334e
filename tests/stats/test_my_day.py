from datetime import timedelta

import pytest
import time_machine

from crm.models import User
from openlines.models import Dialog, QueueMember, Rating
from openlines.services.closing import finish_dialog
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from stats.my_day import LineLoad, my_day
from tests.api.client import Caller
from tests.factories import NOON, make_cast, make_channel, make_line, write

pytestmark = [pytest.mark.django_db, pytest.mark.row("D12")]
MIDNIGHT = NOON.replace(hour=0)


def after(minutes: float):
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def sales(cast):
    return make_line(cast)


@pytest.fixture
def channel(cast, sales):
    return make_channel(cast, sales)


def take(channel, operator, *, sender, minute=0.0) -> Dialog:
    """Nobody else is there."""
    User.objects.exclude(pk=operator.pk).update(presence=User.Presence.OFFLINE)
    User.objects.filter(pk=operator.pk).update(presence=User.Presence.ONLINE)
    dialog = write(channel, "Hello", sender=sender, now=after(minute))
    answer_dialog(dialog_id=dialog.pk, operator=operator, now=after(minute + 1))
    return dialog


def say(dialog, operator, *, minute, visibility="PUBLIC"):
    send_reply(dialog_id=dialog.pk, operator=operator, text="Hi", visibility=visibility, now=after(minute))


def rate(dialog, score, *, scale="FIVE", minute=20.0):
    Rating.objects.create(dialog=dialog, scale=scale, score=score, rated_at=after(minute))


def test_who_did_nothing_has_zeros(cast, sales, django_assert_num_queries):
    with django_assert_num_queries(7):
        day = my_day(cast.olga, since=MIDNIGHT)

    assert (day.taken, day.answered, day.finished, day.ratings, day.open) == (0, 0, 0, 0, 0)
    assert (day.first_reply, day.rating) == (None, None)
    assert day.lines == [LineLoad(id=sales.pk, name=sales.name, open=0, limit=None)]


def test_a_day_adds_up(cast, sales, channel):
    anna = take(channel, cast.olga, sender="Anna")
    say(anna, cast.olga, minute=3)
    say(anna, cast.olga, minute=4)
    finish_dialog(dialog_id=anna.pk, operator=cast.olga, now=after(9))
    boris = take(channel, cast.olga, sender="Boris", minute=10)
    say(boris, cast.olga, minute=15)
    clara = take(channel, cast.olga, sender="Clara", minute=20)
    say(clara, cast.olga, minute=22, visibility="STAFF")
    spam = take(channel, cast.olga, sender="Dina", minute=30)
    finish_dialog(dialog_id=spam.pk, operator=cast.olga, as_spam=True, now=after(31))
    QueueMember.objects.filter(operator=cast.olga).update(dialog_limit=5)

    day = my_day(cast.olga, since=MIDNIGHT)

    assert (day.taken, day.answered, day.finished, day.open) == (4, 2, 1, 2)
    assert day.first_reply == timedelta(minutes=4)
    assert day.lines == [LineLoad(id=sales.pk, name=sales.name, open=2, limit=5)]


def test_yesterday_and_colleagues_do_not_count(cast, channel):
    old = take(channel, cast.olga, sender="Anna", minute=-60 * 24)
    say(old, cast.olga, minute=-60 * 24 + 2)
    finish_dialog(dialog_id=old.pk, operator=cast.olga, now=after(-60 * 23))
    say(take(channel, cast.oleg, sender="Boris"), cast.oleg, minute=2)

    day = my_day(cast.olga, since=MIDNIGHT)

    assert (day.taken, day.answered, day.finished, day.open) == (0, 0, 0, 0)


def test_likes_and_stars_are_of_one_scale_and_late_ones_count(cast, channel):
    dialogs = [take(channel, cast.olga, sender=name, minute=-60 * 48) for name in ("Anna", "Boris", "Clara", "Dina")]
    for dialog in dialogs:
        finish_dialog(dialog_id=dialog.pk, operator=cast.olga, now=after(-60 * 47))
    for dialog, (score, scale) in zip(dialogs, [(1, "LIKE"), (0, "LIKE"), (3, "FIVE"), (None, "FIVE")], strict=True):
        rate(dialog, score, scale=scale)

    day = my_day(cast.olga, since=MIDNIGHT)

    assert (day.ratings, day.rating) == (3, 3.0)


def test_everyone_reads_their_own_day(cast, channel):
    with time_machine.travel(after(30), tick=False):
        say(take(channel, cast.olga, sender="Anna"), cast.olga, minute=2)

        olga = Caller.by(cast.olga).call("GET", "/me/today/").json()
        mallory = Caller.by(cast.mallory).call("GET", "/me/today/").json()

    assert (olga["taken"], olga["answered"], olga["first_reply_seconds"]) == (1, 1, 120)
    assert (mallory["taken"], mallory["open"], mallory["lines"]) == (0, 0, [])
