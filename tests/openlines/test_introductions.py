"""What clients tell of themselves while they talk, and what becomes of it."""

import pytest
from django.utils import timezone

from crm.models import Client, Identity, Lead
from openlines.models import Chat, Dialog
from openlines.services.receiving import receive_messages
from openlines.types import IncomingMessage, Person
from tests.factories import make_channel


@pytest.fixture
def website(cast, line):
    return make_channel(cast, line, kind="livechat")


def write(channel, number, *, text="Hello", visitor="v1", context=None, **person):
    is_anonymous = not (person.get("email") or person.get("phone"))
    message = IncomingMessage(
        chat_external_id=visitor,
        external_id=f"m{number}",
        sender=Person(external_id=visitor, is_anonymous=is_anonymous, **person),
        text=text,
        context=context or {},
    )
    receive_messages(channel=channel, incoming=[message], now=timezone.now())
    return Dialog.objects.select_related("client", "lead").get(chat__external_id=visitor, closed_at=None)


@pytest.mark.row("K3")
def test_an_anonymous_visitor_gets_no_lead(website, commit):
    with commit():
        dialog = write(website, 1)

    assert dialog.client.is_anonymous
    assert not Lead.objects.exists()
    assert list(Identity.objects.values_list("kind", flat=True)) == ["livechat"]


@pytest.mark.row("K3")
@pytest.mark.parametrize(("kind", "value"), [("email", "anna@example.org"), ("phone", "+79161234567")])
def test_the_lead_comes_with_the_first_address(website, line, commit, kind, value):
    with commit():
        write(website, 1)
        dialog = write(website, 2, first_name="Anna", **{kind: value})

    assert not dialog.client.is_anonymous
    assert dialog.lead is not None
    assert dialog.lead.title == "Anna"
    assert dialog.lead.source == line.lead_source
    assert Identity.objects.get(kind=kind).client == dialog.client
    assert dialog.messages.filter(payload__service__code="LEAD_CREATED").count() == 1


@pytest.mark.row("K3")
def test_an_address_in_the_first_message_makes_the_lead_at_once(website, commit):
    with commit():
        dialog = write(website, 1, email="anna@example.org")

    assert dialog.lead is not None


def test_the_address_told_again_makes_no_second_lead(website, commit):
    with commit():
        for number in range(3):
            write(website, number, email="anna@example.org")

    assert Lead.objects.count() == 1
    assert Identity.objects.filter(kind="email").count() == 1


@pytest.mark.row("K3")
def test_a_line_whose_leads_are_made_by_hand_makes_none(website, line, commit):
    line.lead_rule = line.LeadRule.BY_HAND
    line.save()
    with commit():
        write(website, 1)
        dialog = write(website, 2, email="anna@example.org")

    assert not dialog.client.is_anonymous
    assert dialog.lead is None


def test_a_name_that_is_known_stays(website, commit):
    with commit():
        write(website, 1, first_name="Anna")
        dialog = write(website, 2, first_name="Somebody")

    assert dialog.client.name == "Anna"


def test_somebody_elses_address_is_only_a_claim(website, commit):
    anna = Client.objects.create(name="Anna")
    Identity.objects.create(client=anna, kind="email", scope="email", value="anna@example.org")
    with commit():
        dialog = write(website, 1, email="anna@example.org")

    assert dialog.client != anna
    assert Identity.objects.get(scope="email").client == anna
    assert Identity.objects.get(client=dialog.client, kind="email").value == "anna@example.org"
    assert dialog.lead is not None


def test_consoles_are_told_to_read_the_card_again(website, commit, bells):
    with commit():
        write(website, 1)
    bells.taken()
    with commit():
        dialog = write(website, 2, first_name="Anna")

    assert bells.bodies("client.changed") == [
        {"type": "client.changed", "client_id": dialog.client_id, "has_moved": False}
    ]
    assert bells.bodies("dialog.changed")[0]["dialog"]["client"]["name"] == "Anna"


def test_who_has_no_name_is_called_by_a_number(website, commit, bells):
    with commit():
        dialog = write(website, 1)

    frame = bells.bodies("dialog.changed")[0]
    assert frame["dialog"]["client"]["name"] == frame["messages"][0]["author"]["name"] == f"#{dialog.client_id}"


def test_the_chat_remembers_the_first_page_and_the_last(website, commit):
    with commit():
        for number, page in enumerate(["/", "/tables", "/delivery"]):
            write(website, number, context={"visit": {"url": page}})

    assert Chat.objects.get().context == {"visit": {"url": "/delivery"}, "first_visit": {"url": "/"}}
