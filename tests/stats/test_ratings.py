from datetime import timedelta

import pytest
import time_machine

from openlines.models import Chat, Line
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import assign_dialog
from openlines.services.locking import lock_dialog
from openlines.services.rating import rate_as_supervisor, rate_dialog
from stats.ratings import RatingFigures, ratings_of_lines, ratings_of_operators, ratings_together
from tests.factories import NOON, make_cast, make_channel, make_line, write
from tests.openlines.rated import asks
from tests.pages import get

pytestmark = [pytest.mark.django_db, pytest.mark.row("A5")]
MIDNIGHT = NOON.replace(hour=0)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def sales(cast):
    line = make_line(cast)
    asks(rating_scale="FIVE")
    return line


def rated(channel, operator, sender, score, *, at=NOON, later=timedelta(minutes=1)):
    dialog = write(channel, "Hello", sender=sender, now=at)
    assign_dialog(lock_dialog(dialog.pk), operator=operator, now=at)
    finish_dialog(dialog_id=dialog.pk, operator=operator, now=at)
    if score is not None:
        chat = Chat.objects.get(pk=dialog.chat_id)
        rate_dialog(chat=chat, dialog_id=dialog.pk, score=score, now=at + later)
    return dialog


def test_where_nobody_said_anything_there_is_nothing(cast, sales):
    rated(make_channel(cast, sales), cast.olga, "Anna", None)

    assert ratings_of_lines([sales.pk], since=MIDNIGHT) == {sales.pk: RatingFigures()}
    assert ratings_together([], since=MIDNIGHT) == RatingFigures()


def test_stars_are_averaged_by_line_and_by_operator(cast, sales):
    channel = make_channel(cast, sales)
    rated(channel, cast.olga, "Anna", 5)
    rated(channel, cast.olga, "Boris", 4)
    dialog = rated(channel, cast.oleg, "Clara", 1)
    rate_as_supervisor(dialog_id=dialog.pk, supervisor=cast.sergey, score=3, now=NOON)

    together = RatingFigures(given=3, stars=pytest.approx(10 / 3), work=3)
    assert ratings_of_lines([sales.pk], since=MIDNIGHT) == {sales.pk: together}
    assert ratings_together([sales.pk], since=MIDNIGHT) == together
    assert ratings_of_operators([sales.pk], since=MIDNIGHT) == {
        cast.olga.pk: RatingFigures(given=2, stars=4.5),
        cast.oleg.pk: RatingFigures(given=1, stars=1, work=3),
    }


def test_likes_are_a_share_and_are_not_mixed_with_stars(cast, sales):
    channel = make_channel(cast, sales)
    rated(channel, cast.olga, "Anna", 2)
    Line.objects.update(rating_scale="LIKE")
    rated(channel, cast.olga, "Boris", 1)
    rated(channel, cast.olga, "Clara", 0)

    assert ratings_together([sales.pk], since=MIDNIGHT) == RatingFigures(given=3, liked=50, stars=2)


def test_yesterdays_dialog_counts_on_the_day_of_its_rating(cast, sales):
    channel = make_channel(cast, sales)
    evening = MIDNIGHT - timedelta(hours=20)
    rated(channel, cast.olga, "Anna", 5, at=evening, later=timedelta(hours=21))
    rated(channel, cast.olga, "Boris", 1, at=evening)

    assert ratings_together([sales.pk], since=MIDNIGHT) == RatingFigures(given=1, stars=5)


def test_each_asks_the_database_once(cast, sales, django_assert_num_queries):
    rated(make_channel(cast, sales), cast.olga, "Anna", 5)

    with django_assert_num_queries(3):
        ratings_of_lines([sales.pk], since=MIDNIGHT)
        ratings_of_operators([sales.pk], since=MIDNIGHT)
        ratings_together([sales.pk], since=MIDNIGHT)


def test_todays_page_says_how_clients_liked_it(cast, sales):
    with time_machine.travel(NOON, tick=False):
        rated(make_channel(cast, sales), cast.olga, "Anna", 4, later=timedelta())

        page = get(cast.sergey, "/stats/").content.decode()

    assert page.count("★ 4") == 3
