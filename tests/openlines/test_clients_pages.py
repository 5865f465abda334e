"""/crm/clients/: the list and the card of each client."""

import pytest

from crm.models import Client, Lead
from tests.factories import make_channel, make_line, write
from tests.pages import browser, get, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("K8")]


@pytest.fixture
def anna(channel):
    return write(channel, "Hello", sender="Anna").client


@pytest.fixture
def address(anna):
    return f"/crm/clients/{anna.pk}/"


def names(answer):
    return [row["client"].name for row in answer.context["rows"]]


def test_everyone_sees_their_clients(cast, anna):
    Client.objects.create(name="Boris")
    seen = {user.username: names(get(user, "/crm/clients/")) for user in (cast.alla, cast.sergey, cast.olga, cast.oleg)}
    assert seen == {"alla": ["Boris", "Anna"], "sergey": ["Anna"], "olga": ["Anna"], "oleg": []}
    assert names(get(cast.mallory, "/crm/clients/")) == []
    assert get(cast.stranger, "/crm/clients/").status_code == 403
    assert get(None, "/crm/clients/").status_code == 302


def test_search_finds_names_and_addresses(cast, anna):
    Client.objects.create(name="Boris")
    anna.identities.create(kind="phone", scope="phone", value="+79161234567")
    for search in ("ann", "916 123", "+7 (916) 123-45-67"):
        assert names(get(cast.alla, "/crm/clients/", search=search)) == ["Anna"]
    for search in ("%", "nobody", "x" * 5000, "a\0b"):
        assert names(get(cast.alla, "/crm/clients/", search=search)) == []
    assert "<html" not in text_of(get(cast.alla, "/crm/clients/", piece=True, search="ann"))


def test_pages_keep_the_search(cast, line):
    Client.objects.bulk_create(Client(name=f"Client {n}") for n in range(60))
    first = get(cast.alla, "/crm/clients/", search="Client")
    assert len(first.context["rows"]) == 50
    assert "search=Client&amp;page=2" in text_of(first)
    assert len(get(cast.alla, "/crm/clients/", search="Client", page=2).context["rows"]) == 10


def test_the_card_shows_addresses_leads_and_dialogs(cast, anna, address):
    anna.identities.create(kind="email", scope="email", value="anna@example.com")
    text = text_of(get(cast.olga, address))
    for words in ("anna@example.com", f"/crm/leads/{Lead.objects.get().pk}/", f"Dialog No. {anna.dialogs.get().pk}"):
        assert words in text
    assert "lead-conversation" in text


def test_others_find_no_card(cast, anna, address):
    for name, status in (("oleg", 404), ("mallory", 404), ("stranger", 403)):
        for where in (address, f"{address}side/"):
            assert get(getattr(cast, name), where).status_code == status
        assert post(getattr(cast, name), address, name="Eve").status_code == status
    anna.refresh_from_db()
    assert anna.name == "Anna"


def test_a_card_hides_dialogs_and_leads_that_are_not_the_readers(cast, anna, address):
    """Mallory answers for one lead of Anna: she sees Anna, but neither what was said nor the other leads."""
    dialog = anna.dialogs.get()
    other = Lead.objects.get()
    Lead.objects.create(title="Spares", client=anna, stage=other.stage, responsible=cast.mallory)
    text = text_of(get(cast.mallory, address))
    assert "Spares" in text
    assert f"/crm/leads/{other.pk}/" not in text
    assert f"/dialogs/{dialog.pk}/" not in text


def test_name_and_notes_are_edited_in_place(cast, anna, address):
    values = {"name": "Anna Petrova", "initial-name": "Anna", "notes": "Call after six", "initial-notes": ""}
    assert post(cast.olga, address, **values).headers["Location"] == address
    anna.refresh_from_db()
    assert (anna.name, anna.notes) == ("Anna Petrova", "Call after six")
    text = text_of(post(cast.olga, address, piece=True, **values | {"name": "Ann", "initial-name": "Anna Petrova"}))
    assert "<html" not in text
    assert "Ann" in text


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 256}, {"notes": "x" * 20_001}, {"name": "a\0"}])
def test_bad_values_are_told_at_their_field(cast, anna, address, change):
    values = {"name": "Anna", "initial-name": "Anna", "notes": "", "initial-notes": ""} | change
    for is_piece in (True, False):
        answer = post(cast.olga, address, piece=is_piece, **values)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(change)


def test_the_number_of_queries(cast, anna, address, django_assert_max_num_queries):
    for number in range(5):
        write(make_channel(cast, make_line(cast, name=f"Line {number}")), "Hi", sender=f"Client {number}")
    for reader in (cast.alla, cast.sergey):
        signed_in = browser(reader)
        for where in ("/crm/clients/", address):
            with django_assert_max_num_queries(18):
                signed_in.get(where)


def test_an_anonymous_client_is_noted_about_without_a_name(cast, anna, address):
    Client.objects.update(name="")
    values = {"name": "", "initial-name": "", "notes": "Wants chairs", "initial-notes": ""}
    assert post(cast.olga, address, **values).status_code == 302
    anna.refresh_from_db()
    assert (anna.name, anna.notes) == ("", "Wants chairs")
