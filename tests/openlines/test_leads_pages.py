"""/crm/leads/: the board, the list, a new lead by hand."""

import pytest

from crm.models import Client, Lead, LeadSource, LeadStage
from tests.factories import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(channel):
    write(channel, "Hello", sender="Anna")
    return Lead.objects.get()


@pytest.fixture
def get(client):
    def get(user, address="/crm/leads/", **headers):
        client.force_login(user)
        return client.get(address, headers=headers)

    return get


def titles(answer):
    return [card.lead.title for column in answer.context["columns"] for card in column.cards]


@pytest.mark.row("K2")
def test_the_board_shows_every_reader_what_they_may_see(cast, anna, get):
    seen = {user.username: titles(get(user)) for user in (cast.alla, cast.sergey, cast.olga, cast.oleg, cast.mallory)}
    assert seen == {"alla": ["Anna"], "sergey": ["Anna"], "olga": ["Anna"], "oleg": [], "mallory": []}


def test_strangers_and_visitors_stay_outside(cast, anna, client, get):
    assert client.get("/crm/leads/").headers["Location"] == "/login/?next=/crm/leads/"
    assert client.get("/crm/leads/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login/"
    refused = get(cast.stranger)
    assert refused.status_code == 403
    assert "Anna" not in refused.content.decode()


def test_htmx_gets_the_results_alone(cast, anna, get):
    text = get(cast.olga, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'id="results"' in text


def test_names_are_text_and_never_markup(cast, anna, get):
    Lead.objects.update(title="<script>alert(1)</script>")
    Client.objects.update(name="<b>Anna</b>")
    for address in ("/crm/leads/", "/crm/leads/?view=list", "/crm/clients/"):
        text = get(cast.alla, address).content.decode()
        assert "<script>alert" not in text
        assert "<b>Anna" not in text


def test_the_list_has_filters_and_pages(cast, anna, get):
    other = LeadSource.objects.create(name="Site")
    Lead.objects.bulk_create(
        Lead(client=anna.client, title=f"Lead {n}", stage=anna.stage, source=other) for n in range(60)
    )
    first = get(cast.alla, "/crm/leads/?view=list&search=Lead")
    assert [card.lead.title for card in first.context["cards"]][:2] == ["Lead 59", "Lead 58"]
    assert "view=list&amp;search=Lead&amp;page=2" in first.content.decode()
    second = get(cast.alla, "/crm/leads/?view=list&search=Lead&page=2")
    assert len(second.context["cards"]) == 10
    assert len(get(cast.alla, f"/crm/leads/?view=list&source={anna.source_id}").context["cards"]) == 1
    assert len(get(cast.olga, "/crm/leads/?view=list&responsible=mine").context["cards"]) == 0


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", ""])
def test_a_page_that_is_none_shows_the_nearest(cast, anna, get, page):
    assert get(cast.alla, f"/crm/leads/?view=list&page={page}").status_code == 200


@pytest.mark.parametrize("query", ["source=abc", "responsible=999", "stage=7777&view=list", "search=a%00b", "before=x"])
def test_filters_that_make_no_sense_are_refused_in_words(cast, anna, get, query):
    answer = get(cast.alla, f"/crm/leads/?{query}")
    assert answer.status_code == 400
    assert answer.templates[0].name == "refused.html"


def test_the_rest_of_a_column_is_a_piece_of_it(cast, anna, get):
    answer = get(cast.alla, f"/crm/leads/?stage={anna.stage_id}&before={anna.pk + 1}", **{"HX-Request": "true"})
    assert [card.lead for card in answer.context["cards"]] == [anna]
    assert answer.content.decode().count("<li") == 1


class TestNewLead:
    address = "/crm/leads/new/"

    @pytest.fixture
    def post(self, client):
        def post(user, address=self.address, **values):
            client.force_login(user)
            stage = LeadStage.objects.first()
            return client.post(address, {"currency": "RUB", "stage": stage.pk if stage else ""} | values)

        return post

    def test_it_opens_beside_the_board_and_as_a_page(self, cast, line, get):
        assert 'id="new-lead"' in get(cast.olga, self.address).content.decode()
        assert "<html" not in get(cast.olga, self.address, **{"HX-Request": "true"}).content.decode()

    def test_a_lead_of_a_new_client(self, cast, line, post):
        answer = post(cast.olga, title="Chairs", name="Boris", phone="8 916 123-45-67", amount="12 500,50",
                      responsible=cast.olga.pk)  # fmt: skip
        lead = Lead.objects.get()
        assert answer.headers["Location"] == f"/crm/leads/{lead.pk}/"
        assert (lead.title, str(lead.amount), lead.responsible) == ("Chairs", "12500.50", cast.olga)
        assert lead.client.identities.get().value == "+79161234567"

    def test_of_a_client_who_is_known(self, cast, anna, post):
        post(cast.olga, f"{self.address}?client={anna.client_id}", title="Tables")
        assert Lead.objects.get(title="Tables").client == anna.client

    def test_of_somebody_elses_client_is_refused(self, cast, anna, post, get):
        assert post(cast.mallory, f"{self.address}?client={anna.client_id}", title="Mine").status_code == 404
        assert get(cast.mallory, f"{self.address}?client={anna.client_id}").status_code == 404
        assert Lead.objects.count() == 1

    def test_given_to_a_colleague_it_is_out_of_sight(self, cast, line, post):
        answer = post(cast.mallory, name="Boris", responsible=cast.olga.pk)
        assert answer.headers["Location"] == "/crm/leads/"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({}, "name"),
            ({"phone": "12"}, "phone"),
            ({"email": "nobody"}, "email"),
            ({"name": "Boris", "amount": "-1"}, "amount"),
            ({"name": "Boris", "amount": "a lot"}, "amount"),
            ({"name": "Boris", "amount": "1e99"}, "amount"),
            ({"name": "Boris", "stage": "99"}, "stage"),
            ({"name": "Boris", "currency": "XXX"}, "currency"),
            ({"name": "Boris", "title": "x" * 256}, "title"),
            ({"name": "Bo\0ris"}, "name"),
        ],
    )
    def test_bad_values_are_told_at_their_field(self, cast, line, post, values, field):
        answer = post(cast.olga, **values)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not Lead.objects.exists()

    def test_strangers_make_none(self, cast, line, post):
        assert post(cast.stranger, name="Boris").status_code == 403
        assert not Lead.objects.exists()


def test_the_number_of_queries_of_the_pages(cast, anna, client, django_assert_max_num_queries):
    client.force_login(cast.olga)
    for address, limit in (("/crm/leads/", 16), ("/crm/leads/?view=list", 16), ("/crm/clients/", 16)):
        with django_assert_max_num_queries(limit):
            client.get(address)
