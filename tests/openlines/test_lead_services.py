import pytest

from common.errors import InvalidInput, NotFound
from crm.models import Client, Lead
from openlines.services.leads import change_lead, open_lead
from tests.factories import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(channel):
    """Anna wrote to Olga, and a lead came of it."""
    write(channel, "Hello", sender="Anna")
    return Lead.objects.get()


def fields(**more):
    return {"title": "Chairs", "source": None, "responsible": None} | more


class TestChanging:
    def test_only_what_is_named_changes_and_consoles_hear_of_it(self, cast, anna, bells, commit):
        with commit():
            change_lead(lead_id=anna.pk, actor=cast.olga, title="Twelve chairs", responsible=cast.oleg)
        anna.refresh_from_db()
        assert (anna.title, anna.responsible, anna.stage.name) == ("Twelve chairs", cast.oleg, "New")
        assert bells.bodies("client.changed") == [
            {"type": "client.changed", "client_id": anna.client_id, "has_moved": False}
        ]

    def test_a_lead_one_may_not_see_does_not_exist(self, cast, anna):
        for stranger in (cast.mallory, cast.stranger, cast.oleg):
            with pytest.raises(NotFound):
                change_lead(lead_id=anna.pk, actor=stranger, title="Mine")

    @pytest.mark.parametrize("change", [{"title": "  "}, {"responsible": "stranger"}])
    def test_bad_values_are_refused_at_their_field(self, cast, anna, change):
        if "responsible" in change:
            change["responsible"] = cast.stranger
        with pytest.raises(InvalidInput) as refusal:
            change_lead(lead_id=anna.pk, actor=cast.olga, **change)
        assert refusal.value.fields.keys() == change.keys()


@pytest.mark.row("K2")
class TestByHand:
    def test_a_new_client_comes_with_their_addresses(self, cast, line):
        lead = open_lead(
            actor=cast.olga, client_id=None, name="Boris", phone="+79161234567", email="b@x.ru", **fields(title="")
        )
        assert (lead.title, lead.stage.name, lead.client.name) == ("Boris", "New", "Boris")
        assert set(lead.client.identities.values_list("scope", "value")) == {
            ("phone", "+79161234567"),
            ("email", "b@x.ru"),
        }

    def test_a_known_phone_finds_its_client(self, cast, anna):
        anna.client.identities.create(kind="phone", scope="phone", value="+79161234567")
        lead = open_lead(
            actor=cast.olga, client_id=None, name="Ann", phone="+79161234567", email="a@x.ru", **fields(amount=5)
        )
        assert lead.client == anna.client
        assert lead.client.name == "Anna"
        assert anna.client.identities.filter(scope="email", value="a@x.ru").exists()

    def test_a_colleagues_client_can_t_be_looked_up_by_phone(self, cast, anna):
        anna.client.identities.create(kind="phone", scope="phone", value="+79161234567")
        with pytest.raises(InvalidInput) as refusal:
            open_lead(actor=cast.mallory, client_id=None, phone="+79161234567", email="m@x.ru", **fields())
        assert list(refusal.value.fields) == ["phone"]
        assert "Anna" not in str(refusal.value.fields) + str(refusal.value)
        with pytest.raises(NotFound):
            open_lead(actor=cast.mallory, client_id=anna.client_id, **fields())

    def test_addresses_of_two_clients_are_refused(self, cast, line):
        for kind, value in (("phone", "+79161234567"), ("email", "b@x.ru")):
            Client.objects.create(name=kind).identities.create(kind=kind, scope=kind, value=value)
        with pytest.raises(InvalidInput):
            open_lead(actor=cast.alla, client_id=None, phone="+79161234567", email="b@x.ru", **fields())
        assert not Lead.objects.exists()

    def test_only_staff_can_be_responsible(self, cast, line):
        with pytest.raises(InvalidInput):
            open_lead(actor=cast.olga, client_id=None, name="Boris", **fields(responsible=cast.stranger))
