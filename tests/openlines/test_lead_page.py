"""/crm/leads/<id>/: fields, stage, client and the place of the conversation."""

import pytest

from crm.models import Lead, LeadStage
from tests.factories import make_channel, write
from tests.pages import browser, get, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(channel):
    write(channel, "Hello", sender="Anna")
    return Lead.objects.get()


@pytest.fixture
def address(anna):
    return f"/crm/leads/{anna.pk}/"


def form_of(answer):
    """What a browser would send back: values and what they began with."""
    fields = answer.context["form"]
    values = {bound.html_name: bound.value() for bound in fields} | {
        bound.html_initial_name: bound.value() for bound in fields if bound.field.show_hidden_initial
    }
    return {name: "" if value is None else value for name, value in values.items()}


def test_who_sees_it(cast, address):
    statuses = {name: get(getattr(cast, name), address).status_code for name in ("alla", "sergey", "olga")}
    assert set(statuses.values()) == {200}
    for name in ("oleg", "mallory"):
        for where in (address, f"{address}side/"):
            answer = get(getattr(cast, name), where)
            assert answer.status_code == 404
            assert "Anna" not in text_of(answer)
    assert get(cast.stranger, address).status_code == 403
    assert get(None, address).headers["Location"] == f"/login/?next={address}"
    assert get(cast.alla, "/crm/leads/99999/").status_code == 404


def test_only_those_who_see_it_change_it(cast, anna, address):
    stage = anna.stage_id
    for name, status in (("mallory", 404), ("stranger", 403)):
        assert post(getattr(cast, name), address, title="Mine").status_code == status
        assert post(getattr(cast, name), f"{address}stage/", stage=stage).status_code == status
    assert Lead.objects.get().title == "Anna"


@pytest.mark.row("K2")
def test_fields_are_saved(cast, anna, address):
    values = form_of(get(cast.olga, address)) | {"title": "Chairs", "amount": "2 400", "comment": "Soon"}
    assert post(cast.olga, address, **values).headers["Location"] == address
    anna.refresh_from_db()
    assert (anna.title, anna.amount, anna.comment) == ("Chairs", 2400, "Soon")


def test_two_people_at_once_do_not_undo_each_other(cast, anna, address):
    as_alla_saw_it = form_of(get(cast.alla, address))
    post(cast.olga, address, **form_of(get(cast.olga, address)) | {"title": "Chairs"})
    post(cast.alla, address, **as_alla_saw_it | {"comment": "Soon"})
    anna.refresh_from_db()
    assert (anna.title, anna.comment) == ("Chairs", "Soon")


def test_htmx_gets_the_form_back_with_a_word(cast, address):
    values = form_of(get(cast.olga, address)) | {"title": "Chairs"}
    text = text_of(post(cast.olga, address, piece=True, **values))
    assert "<html" not in text
    assert 'role="status"><svg' in text
    assert "hx-swap-oob" in text


@pytest.mark.parametrize("change", [{"title": ""}, {"amount": "-5"}, {"responsible": "77777"}, {"comment": "a\0b"}])
def test_bad_values_are_told_at_their_field(cast, anna, address, change):
    for is_piece in (True, False):
        answer = post(cast.olga, address, piece=is_piece, **form_of(get(cast.olga, address)) | change)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(change)
    assert Lead.objects.get().title == "Anna"


def test_a_lead_that_is_handed_on_is_left(cast, anna, address):
    anna.client.leads.update(responsible=cast.mallory)
    values = form_of(get(cast.mallory, address)) | {"responsible": cast.oleg.pk}
    assert post(cast.mallory, address, **values).headers["Location"] == "/crm/leads/"
    assert post(cast.mallory, address, **values).status_code == 404


class TestStage:
    @pytest.fixture
    def won(self, line):
        return LeadStage.objects.create(name="Won", kind="WON", position=2)

    def test_a_click_moves_the_lead(self, cast, anna, address, won):
        text = text_of(post(cast.olga, f"{address}stage/", piece=True, stage=won.pk))
        assert 'id="stage-bar"' in text
        assert Lead.objects.get().stage == won
        assert post(cast.olga, f"{address}stage/", stage=anna.stage_id).headers["Location"] == address

    @pytest.mark.parametrize("stage", ["", "abc", "99999"])
    def test_a_stage_that_is_none_is_refused(self, cast, anna, address, stage):
        assert post(cast.olga, f"{address}stage/", stage=stage).status_code == 400
        assert Lead.objects.get().stage == anna.stage

    def test_the_board_moves_cards_over_the_api(self, cast, anna, won):
        answer = browser(cast.olga).patch(
            f"/api/v1/leads/{anna.pk}/", {"stage": won.pk}, content_type="application/json"
        )
        assert answer.json()["stage"]["name"] == "Won"
        refused = browser(cast.mallory).patch(
            f"/api/v1/leads/{anna.pk}/", {"stage": anna.stage_id}, content_type="application/json"
        )
        assert refused.status_code == 404


@pytest.mark.row("K5")
class TestConversation:
    def test_each_chat_of_the_client_has_a_tab_newest_first(self, cast, anna, line, address):
        first = anna.dialogs.get()
        other = write(make_channel(cast, line, kind="livechat"), "Hi", sender="Anna")
        type(other).objects.filter(pk=other.pk).update(client=anna.client)
        text = text_of(get(cast.alla, address))
        assert text.index(f'data-dialog="{other.pk}"') < text.index(f'data-dialog="{first.pk}"')

    def test_chats_the_reader_may_not_see_are_not_there(self, cast, anna, address):
        dialog = anna.dialogs.get()
        Lead.objects.update(responsible=cast.mallory)
        text = text_of(get(cast.mallory, address))
        assert "No conversation yet" in text
        assert f'data-dialog="{dialog.pk}"' not in text

    def test_what_changed_is_asked_for_in_pieces(self, cast, anna, address):
        pieces = text_of(get(cast.olga, f"{address}side/", piece=True))
        assert 'id="lead-client"' in pieces
        assert 'id="lead-form"' not in pieces
        assert 'id="lead-form"' in text_of(get(cast.olga, f"{address}side/", piece=True, form="1"))


def test_the_number_of_queries(cast, anna, channel, address, django_assert_max_num_queries):
    signed_in = browser(cast.olga)
    for number in range(5):
        Lead.objects.create(title=f"{number}", client=anna.client, stage=anna.stage, responsible=cast.olga)
    with django_assert_max_num_queries(20):
        signed_in.get(address)
