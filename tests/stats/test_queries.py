from datetime import timedelta

import pytest

from crm.models import User
from openlines.models import Message
from openlines.services.closing import finish_dialog
from openlines.services.replies import send_reply
from routing.models import Offer
from routing.services.answering import answer_dialog, skip_dialog
from stats.queries import LineFigures, OperatorFigures, all_together, figures_of_lines, figures_of_operators
from tests.factories import NOON, make_cast, make_channel, make_line, write

pytestmark = pytest.mark.django_db
MIDNIGHT = NOON.replace(hour=0)


def after(minutes: float):
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def sales(cast):
    return make_line(cast)


def talk(channel, operator, *, sender, begin, answer, end=None):
    """A client writes, the operator takes the dialog and answers, perhaps finishes."""
    dialog = write(channel, "Hello", sender=sender, now=begin)
    answer_dialog(dialog_id=dialog.pk, operator=operator, now=answer)
    send_reply(dialog_id=dialog.pk, operator=operator, text="Hi", now=answer)
    if end is not None:
        finish_dialog(dialog_id=dialog.pk, operator=operator, now=end)
    return dialog


def test_a_line_where_nothing_happened_has_zeros(sales):
    assert figures_of_lines([sales.pk], since=MIDNIGHT) == {sales.pk: LineFigures()}
    assert all_together([], since=MIDNIGHT) == LineFigures()


def test_a_line_adds_up_its_day(cast, sales):
    channel = make_channel(cast, sales)
    # What an operator who is not there has goes to the queue when the client writes again.
    User.objects.filter(pk=cast.alla.pk).update(presence=User.Presence.ONLINE)
    talk(channel, cast.olga, sender="Anna", begin=after(0), answer=after(1), end=after(9))
    talk(channel, cast.alla, sender="Boris", begin=after(0), answer=after(3))
    talk(channel, cast.alla, sender="Clara", begin=after(0), answer=after(20))
    write(channel, "Is anybody there?", sender="Boris", number=2, now=after(30))
    waiting = write(channel, "Hello?", sender="Dina", now=after(31))
    skip_dialog(dialog_id=waiting.pk, operator=Offer.objects.get(outcome="PENDING").operator, now=after(32))
    assert figures_of_lines([sales.pk], since=MIDNIGHT)[sales.pk] == LineFigures(
        opened=4,
        answered=3,
        closed=1,
        open_now=3,
        waiting_now=2,
        missed_offers=1,
        first_answer_median=timedelta(minutes=3),
    )


def test_yesterday_does_not_count_but_what_still_lasts_does(cast, sales):
    channel = make_channel(cast, sales)
    yesterday = MIDNIGHT - timedelta(hours=3)
    talk(channel, cast.alla, sender="Anna", begin=yesterday, answer=yesterday, end=yesterday + timedelta(hours=1))
    talk(channel, cast.alla, sender="Boris", begin=yesterday, answer=yesterday)
    assert figures_of_lines([sales.pk], since=MIDNIGHT)[sales.pk] == LineFigures(open_now=1)


def test_lines_are_kept_apart_and_the_median_of_all_is_over_all_dialogs(cast, sales):
    service = make_line(cast, name="Service")
    answers = {make_channel(cast, sales): (1, 2), make_channel(cast, service): (10,)}
    for channel, minutes in answers.items():
        for minute in minutes:
            talk(channel, cast.alla, sender=f"Client {minute}", begin=after(0), answer=after(minute))
    figures = figures_of_lines([sales.pk, service.pk], since=MIDNIGHT)
    assert [figures[pk].opened for pk in (sales.pk, service.pk)] == [2, 1]
    assert all_together([sales.pk, service.pk], since=MIDNIGHT).first_answer_median == timedelta(minutes=2)
    assert figures_of_lines([sales.pk], since=MIDNIGHT).keys() == {sales.pk}


def test_operators_of_the_queue_and_those_who_helped_are_listed(cast, sales):
    channel = make_channel(cast, sales)
    dialog = write(channel, "Hello", sender="Anna", now=after(0))
    first = Offer.objects.get(outcome="PENDING").operator
    skip_dialog(dialog_id=dialog.pk, operator=first, now=after(1))
    second = Offer.objects.get(outcome="PENDING").operator
    answer_dialog(dialog_id=dialog.pk, operator=second, now=after(2))
    send_reply(dialog_id=dialog.pk, operator=second, text="Hi", now=after(2))
    send_reply(dialog_id=dialog.pk, operator=second, text="Note", visibility="STAFF", now=after(2))
    talk(channel, cast.alla, sender="Boris", begin=after(0), answer=after(3))
    figures = figures_of_operators([sales.pk], since=MIDNIGHT)
    assert list(figures) == [cast.alla, cast.oleg, cast.olga]
    assert figures[first] == OperatorFigures(skipped=1)
    assert figures[second] == OperatorFigures(open_now=1, accepted=1, messages=1)
    assert figures[cast.alla] == OperatorFigures(open_now=1, messages=1)
    assert Message.objects.filter(visibility="STAFF", text="Note").exists()


def test_expired_offers_count_for_operator_and_line(cast, sales):
    write(make_channel(cast, sales), "Hello", now=after(0))
    offer = Offer.objects.get()
    Offer.objects.update(outcome="EXPIRED", ended_at=after(1))
    assert figures_of_operators([sales.pk], since=MIDNIGHT)[offer.operator] == OperatorFigures(expired=1)
    assert figures_of_lines([sales.pk], since=MIDNIGHT)[sales.pk].missed_offers == 1


def test_the_number_of_queries_does_not_grow(cast, sales, django_assert_num_queries):
    for name in ("Service", "Spares"):
        talk(make_channel(cast, make_line(cast, name=name)), cast.alla, sender=name, begin=after(0), answer=after(1))
    lines = [sales.pk, sales.pk + 1, sales.pk + 2]
    with django_assert_num_queries(2):
        figures_of_lines(lines, since=MIDNIGHT)
    with django_assert_num_queries(5):
        figures_of_operators(lines, since=MIDNIGHT)
    with django_assert_num_queries(2):
        all_together(lines, since=MIDNIGHT)
