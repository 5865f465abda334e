"""Exactly one owner when real processes race: several Pythons, one PostgreSQL, nothing else in common."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from crm.models import User
from openlines.models import Channel, Dialog, Line
from openlines.services.lines import Place, set_queue
from routing.models import Connection, Offer, Queue
from tests.factories import Cast, make_cast, make_channel, make_line, make_user, write
from tests.routing.floor import Floor
from tests.routing.racers import Act, Racers, racers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("R10"), pytest.mark.slow]

OPERATORS = 50
ROUNDS = 200
COLLISIONS = 60


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[Racers]:
    """When they have gone, PostgreSQL knows of every deadlock that they met."""
    before = deadlocks()
    with racers(str(connection.settings_dict["NAME"])) as crowd:
        yield crowd
    assert deadlocks() == before


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return make_channel(cast, make_line(cast))


def seat(cast: Cast, line: Line, operators: list[User], *, limit: int | None = None) -> None:
    places = [Place(operator_id=operator.pk, dialog_limit=limit) for operator in operators]
    set_queue(administrator=cast.alla, line=line, places=places)


def here(*operators: User) -> list[User]:
    Connection.objects.bulk_create(Connection(operator=operator, last_seen_at=timezone.now()) for operator in operators)
    User.objects.filter(pk__in=[operator.pk for operator in operators]).update(presence="ONLINE")
    return list(operators)


def act(name: str, **values: object) -> Act:
    return {"act": name, "now": timezone.now().isoformat(), **values}


def test_fifty_operators_answer_one_offer_at_once_two_hundred_times(cast: Cast, channel: Channel, crowd: Racers):
    operators = here(*(make_user(f"operator{number}", "OPERATOR") for number in range(OPERATORS)))
    seat(cast, channel.line, operators)
    Queue.objects.update(distribution="ALL_AT_ONCE", prefers_last_operator=False)
    for number in range(ROUNDS):
        dialog = write(channel, "Hello", sender=f"Client{number}")
        assert len(dialog.offered_to) == OPERATORS

        outcomes = crowd.all_at_once([act("answer", dialog=dialog.pk, who=one.pk) for one in operators])

        assert Counter(outcomes) == {"done": 1, "already_taken": OPERATORS - 1}
        dialog.refresh_from_db()
        assert dialog.owner == operators[outcomes.index("done")]
        assert Counter(dialog.offers.values_list("outcome", flat=True)) == {"ACCEPTED": 1, "WITHDRAWN": OPERATORS - 1}


def test_whatever_collides_there_is_one_owner_or_none_and_no_place_is_lost(cast: Cast, channel: Channel, crowd: Racers):
    """Two lines with the same people, who have few places, so that every place that is lost would be missed."""
    operators = here(*(make_user(f"operator{number}", "OPERATOR") for number in range(4)))
    channels = [channel, make_channel(cast, make_line(cast, name="Support"))]
    for one in channels:
        seat(cast, one.line, operators, limit=1)
    Queue.objects.update(offer_seconds=1, place_rule="UNTIL_CLOSED")
    chance = random.Random()
    for number in range(COLLISIONS):
        writing = [
            act("write", channel=chance.choice(channels).pk, sender=f"client{number}-{place}") for place in range(2)
        ]
        dialogs = list(Dialog.objects.exclude(state="CLOSED").order_by("pk"))
        acts = [
            *writing,
            *(anything(chance, dialog, cast, operators, channels) for dialog in dialogs for _ in range(2)),
        ]
        chance.shuffle(acts)

        outcomes = crowd.all_at_once(acts)

        assert not [outcome for outcome in outcomes if outcome.startswith("failed")], outcomes
        check_floor()


def anything(chance: random.Random, dialog: Dialog, cast: Cast, operators: list[User], channels: list[Channel]) -> Act:
    someone, owner = chance.choice(operators), dialog.owner_id or cast.alla.pk
    asked = chance.choice(dialog.offered_to) if dialog.offered_to else someone.pk
    line = chance.choice(channels).line_id
    return chance.choice(
        [
            act("answer", dialog=dialog.pk, who=asked),
            act("answer", dialog=dialog.pk, who=someone.pk),
            act("skip", dialog=dialog.pk, who=asked),
            act("time_out"),
            act("transfer", dialog=dialog.pk, who=owner, operator=someone.pk),
            act("transfer", dialog=dialog.pk, who=owner, line=line),
            act("give_back", dialog=dialog.pk, who=owner),
            act("take_over", dialog=dialog.pk, who=cast.sergey.pk),
            act("finish", dialog=dialog.pk, who=owner),
            act("finish", dialog=dialog.pk, who=cast.alla.pk),
            act("reply", dialog=dialog.pk, who=owner),
            act("go_away", who=someone.pk),
            act("come_back", who=someone.pk),
        ]
    )


def check_floor() -> None:
    floor = Floor.read()
    for dialog in floor.dialogs:
        assert dialog.state != "NEW"
        assert (dialog.owner_id is None) == (dialog.state in {"OFFERED", "QUEUED"})
        assert floor.offers_of(dialog) == sorted(dialog.offered_to)
        assert bool(dialog.offered_to) == (dialog.state == "OFFERED")
        accepted = dialog.offers.filter(outcome="ACCEPTED", round__gte=dialog.first_round)
        assert accepted.count() <= 1
        if dialog.state == "QUEUED":
            assert not floor.able(dialog), f"{dialog} waits, and {floor.able(dialog)} could have it"
    assert not Offer.objects.filter(outcome="PENDING", dialog__state="CLOSED").exists()


@pytest.mark.row("R8")
def test_limits_hold_when_many_write_to_many_lines_at_once(cast: Cast, channel: Channel, crowd: Racers):
    operators = here(*(make_user(f"operator{number}", "OPERATOR", dialog_limit=3) for number in range(5)))
    channels = [channel, *(make_channel(cast, make_line(cast, name=f"Line {number}")) for number in range(3))]
    for one in channels:
        seat(cast, one.line, operators, limit=2)

    outcomes = crowd.all_at_once(
        [act("write", channel=one.pk, sender=f"client{number}") for number in range(6) for one in channels]
    )

    assert set(outcomes) == {"done"}
    check_floor()
    floor = Floor.read()
    assert set(floor.everywhere.values()) == {3}
    assert max(floor.here.values()) <= 2
    assert Dialog.objects.filter(state="QUEUED").count() == 24 - 15
