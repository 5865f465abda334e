from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_cast, make_channel, make_line, make_user, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = make_cast()
    sales = make_line(cast)
    make_line(cast, name="Secret").supervisors.clear()
    write(make_channel(cast, sales), "Hello", now=timezone.now())
    return cast


def page(user, query="", **headers):
    client = Client(headers=headers)
    if user is not None:
        client.force_login(user)
    return client.get(f"/stats/{query}")


def test_a_supervisor_sees_the_figures_of_their_lines_only(cast):
    answer = page(cast.sergey)
    assert answer.status_code == 200
    assert [(line.name, figures.opened) for line, figures, _rating in answer.context["rows"]] == [("Sales", 1)]
    assert answer.context["total"].opened == 1
    assert "Secret" not in answer.content.decode()
    assert {operator for operator, *_figures in answer.context["operators"]} == {cast.olga, cast.oleg}


def test_an_administrator_sees_all_lines_and_may_choose_one(cast):
    assert len(page(cast.alla).context["rows"]) == 2
    sales = page(cast.alla).context["lines"][0]
    answer = page(cast.alla, f"?line={sales.pk}")
    assert [line for line, *_figures in answer.context["rows"]] == [sales]


def test_operators_strangers_and_visitors_see_nothing(cast):
    assert page(cast.olga).status_code == 403
    assert page(cast.mallory).status_code == 403
    assert page(cast.stranger).status_code == 403
    assert "Sales" not in page(cast.mallory).content.decode() + page(cast.stranger).content.decode()
    assert page(None).headers["Location"] == "/login/?next=/stats/"


def test_a_supervisor_without_lines_is_told_what_to_do(cast):
    lonely = make_user("lonely", "SUPERVISOR")
    answer = page(lonely)
    assert answer.status_code == 200
    assert "You supervise no line yet" in answer.content.decode() or "Вы пока не руководите" in answer.content.decode()


@pytest.mark.parametrize(("query", "status"), [("?line=abc", 400), ("?line=999999", 404), ("?line=", 200)])
def test_a_line_that_is_none_is_refused(cast, query, status):
    assert page(cast.alla, query).status_code == status


def test_a_line_of_others_does_not_exist_for_a_supervisor(cast):
    secret = page(cast.alla).context["lines"][1]
    assert page(cast.sergey, f"?line={secret.pk}").status_code == 404


def test_htmx_gets_the_figures_without_the_page_around_them(cast):
    text = page(cast.sergey, HX_Request="true").content.decode()
    assert "<html" not in text
    assert 'class="figures"' in text


def test_posting_is_refused(cast):
    client = Client()
    client.force_login(cast.sergey)
    assert client.post("/stats/").status_code == 405


def test_the_number_of_queries_does_not_grow_with_lines_and_dialogs(cast, django_assert_max_num_queries):
    for number in range(6):
        channel = make_channel(cast, make_line(cast, name=f"Line {number}"))
        write(channel, "Hello", sender=f"Client {number}", now=timezone.now() - timedelta(minutes=number))
    client = Client()
    client.force_login(cast.alla)
    with django_assert_max_num_queries(16):
        assert client.get("/stats/").status_code == 200
