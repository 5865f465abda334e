"""Visitors rate where they were asked, say why, and may think better of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from openlines.models import Rating
from openlines.services.closing import finish_dialog
from routing.services.answering import answer_dialog
from tests.openlines.rated import asks

pytestmark = pytest.mark.row("A5")


@pytest.fixture
def finished(anna, cast):
    asks(rating_scale="FIVE")
    anna.write("Hello")
    answer_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
    return finish_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())


def shown(visitor):
    return [message["rating"] for message in visitor.messages()["messages"] if message["rating"]]


def rate(visitor, dialog, **what):
    return visitor.call("POST", "rating/", {"dialog": dialog.pk} | what)


def test_the_request_says_what_may_be_given(anna, finished):
    (rating,) = shown(anna)

    assert rating | {"open_until": ""} == {
        "scale": "FIVE", "score": None, "comment": "", "is_comment_asked": True, "open_until": "",
    }  # fmt: skip


def test_a_visitor_rates_and_says_why(anna, finished):
    assert rate(anna, finished, score=2).status_code == 204
    assert rate(anna, finished, score=2, comment="Slow").status_code == 204

    (rating,) = shown(anna)
    assert (rating["score"], rating["comment"]) == (2, "Slow")
    assert anna.texts()[-1] == "Thank you!"


def test_the_comment_is_asked_for_by_revision_as_well(anna, finished):
    rate(anna, finished, score=2)
    before = anna.messages()["dialogs"][-1]

    rate(anna, finished, score=2, comment="Slow")

    news = anna.messages(f"?after_revision={before['number']}:{before['revision']}")
    assert [message["rating"]["comment"] for message in news["messages"]] == ["Slow"]


def test_another_mind_leaves_the_comment(anna, finished):
    rate(anna, finished, score=2, comment="Slow")

    rate(anna, finished, score=4)

    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (4, "Slow")


def test_what_changed_is_asked_for_by_revision(anna, finished):
    before = anna.messages()["dialogs"][-1]

    rate(anna, finished, score=5)

    news = anna.messages(f"?after_revision={before['number']}:{before['revision']}")
    assert [message["rating"]["score"] for message in news["messages"] if message["rating"]] == [5]


@pytest.mark.parametrize(
    "body", [{}, {"score": 5}, {"score": 6}, {"score": 0}, {"score": "good"}, {"score": 5, "comment": "x" * 2001}]
)
def test_bad_input_is_refused(anna, finished, body):
    wanted = body if body == {"score": 5} else body | {"dialog": finished.pk}

    assert anna.call("POST", "rating/", wanted).status_code == 400


def test_nobody_rates_for_another(anna, boris, finished):
    assert rate(boris, finished, score=1).status_code == 404
    boris.write("Hi")
    assert rate(boris, finished, score=1).status_code == 404
    assert Rating.objects.get().score is None


def test_a_day_later_it_is_over(anna, finished):
    Rating.objects.update(asked_at=timezone.now() - timedelta(hours=24))

    answer = rate(anna, finished, score=5)

    assert (answer.status_code, answer.json()["code"]) == (409, "rating_is_over")
