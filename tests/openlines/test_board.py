from decimal import Decimal

import pytest

from crm.models import Client, Lead, LeadSource, LeadStage
from openlines.board import PER_COLUMN, LeadFilter, board, cards, leads_for, more_of_column
from tests.factories import make_channel, make_line, write

pytestmark = [pytest.mark.django_db, pytest.mark.row("K2")]


@pytest.fixture
def stages(line):
    LeadStage.objects.create(name="Won", kind="WON", position=2)
    return list(LeadStage.objects.all())


@pytest.fixture
def anna(stages, channel):
    """Anna wrote, and a lead came of it; it is Olga's offer."""
    write(channel, "Hello", sender="Anna")
    return Lead.objects.get()


def make_lead(stage, **fields):
    values = {"client": Client.objects.create(name="Boris"), "title": "Chairs", "stage": stage} | fields
    return Lead.objects.create(**values)


def test_a_column_has_its_number_and_sums_by_currency(cast, stages):
    for amount, currency in ((100, "RUB"), (50, "RUB"), (7, "USD"), (None, "USD")):
        make_lead(stages[1], amount=amount, currency=currency)
    new, won = board(cast.alla, LeadFilter())
    assert (new.number, new.sums, new.cards) == (0, [], [])
    assert (won.number, len(won.cards), won.has_more) == (4, 4, False)
    assert won.sums == [(Decimal(150), "RUB"), (Decimal(7), "USD")]


def test_a_long_column_is_shown_in_parts(cast, stages):
    client = Client.objects.create(name="Boris")
    Lead.objects.bulk_create(Lead(client=client, title=f"Lead {n}", stage=stages[0]) for n in range(PER_COLUMN + 5))
    column = board(cast.alla, LeadFilter())[0]
    assert (len(column.cards), column.number, column.has_more) == (PER_COLUMN, PER_COLUMN + 5, True)
    rest = more_of_column(cast.alla, LeadFilter(stage=stages[0]), before=column.cards[-1].lead.pk)
    assert [card.lead.title for card in rest] == [f"Lead {n}" for n in (4, 3, 2, 1, 0)]


def test_a_card_says_where_the_client_wrote_and_since_when_they_wait(cast, anna):
    (card,) = board(cast.alla, LeadFilter())[0].cards
    assert card.talk.channel_kind == "sandbox"
    assert card.talk.waiting_since is not None


def test_everyone_sees_the_leads_of_their_dialogs_and_their_own(cast, anna, stages):
    own = make_lead(stages[0], responsible=cast.mallory)
    seen = {user: set(leads_for(user, LeadFilter())) for user in (cast.alla, cast.sergey, cast.olga, cast.oleg)}
    assert seen == {cast.alla: {anna, own}, cast.sergey: {anna}, cast.olga: {anna}, cast.oleg: set()}
    assert set(leads_for(cast.mallory, LeadFilter())) == {own}
    assert not leads_for(cast.stranger, LeadFilter()).exists()


def test_a_dialog_that_one_may_not_see_gives_no_hint_on_a_card(cast, anna, channel):
    """Oleg answers for the lead of a client whose dialog is Olga's."""
    Lead.objects.update(responsible=cast.oleg)
    (card,) = cards(leads_for(cast.oleg, LeadFilter()), reader=cast.oleg)
    assert card.talk.waiting_since is None
    assert card.talk.channel_kind == ""


def test_filters_narrow_what_is_shown(cast, stages):
    site = LeadSource.objects.create(name="Site")
    by_site = make_lead(stages[0], source=site)
    olgas = make_lead(stages[1], responsible=cast.olga)
    wanted = {
        LeadFilter(source=site): {by_site},
        LeadFilter(responsible=cast.olga): {olgas},
        LeadFilter(is_unassigned=True): {by_site},
        LeadFilter(stage=stages[1]): {olgas},
    }
    assert {chosen: set(leads_for(cast.alla, chosen)) for chosen in wanted} == wanted


@pytest.mark.parametrize(
    "search", ["chAIRS", "bori", "+7 (916) 123-45-67", "1234567", "12345", "@boris", "№{pk}", "#{pk}", "{pk}"]
)
def test_search_finds_titles_names_numbers_and_accounts(cast, stages, search):
    lead = make_lead(stages[0])
    lead.client.identities.create(kind="phone", scope="phone", value="+79161234567")
    lead.client.identities.create(kind="telegram", scope="telegram:1", value="7", title="@boris")
    make_lead(stages[0], client=Client.objects.create(name="Clara"), title="Tables")
    assert list(leads_for(cast.alla, LeadFilter(search=search.format(pk=lead.pk)))) == [lead]


@pytest.mark.parametrize("search", ["%", "_", "99999999999999999999", "\\", "№", "'; --"])
def test_strange_searches_find_nothing_and_break_nothing(cast, stages, search):
    make_lead(stages[0])
    assert list(leads_for(cast.alla, LeadFilter(search=search))) == []


def test_the_number_of_queries_does_not_grow(cast, anna, stages, django_assert_max_num_queries):
    for n in range(5):
        LeadStage.objects.create(name=f"Stage {n}", position=10 + n)
        make_lead(LeadStage.objects.last(), responsible=cast.olga, source=LeadSource.objects.create(name=f"{n}"))
        write(make_channel(cast, make_line(cast, name=f"Line {n}")), "Hi", sender=f"Client {n}")
    for reader, limit in ((cast.alla, 5), (cast.sergey, 11), (cast.olga, 11)):
        with django_assert_max_num_queries(limit):
            board(reader, LeadFilter())
