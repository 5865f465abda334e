"""An account whose provider is ill is left alone for a while, and slows nobody else."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, Delivery
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.breaker import LONGEST_PAUSE, TRIPS_AT
from channels_connectors.services.deliveries import claim_due
from openlines.models import Channel, Line
from tests.channels_connectors.carrying import at_work, carry, wait_until
from tests.factories import make_cast, make_channel, make_line, write
from tests.providers.postbox import Postbox, PostOffice
from tests.providers.scripted import Scripted
from tests.providers.simulator import running
from tests.scenes import Scene, active, reply

ILL = ConnectorError("The provider could not be reached.", is_outage=True)


@pytest.fixture
def talk(scene: Scene, provider: Scripted) -> Scene:
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome", closing_action="NONE")
    scene.line.refresh_from_db()
    active(scene)
    carry(scene)
    provider.calls.clear()
    return scene


def crowd(scene: Scene, number: int) -> None:
    """So many clients who are welcomed each."""
    for place in range(number):
        write(scene.channel, "Hi", sender=f"Client{place}", now=scene.now)


def fail_until_it_trips(scene: Scene, provider: Scripted) -> None:
    crowd(scene, TRIPS_AT)
    provider.then(*[ILL] * TRIPS_AT)
    carry(scene)


@pytest.mark.row("C17")
def test_after_three_failures_in_a_row_the_account_is_paused_and_its_channel_says_why(talk, provider):
    crowd(talk, TRIPS_AT - 1)
    provider.then(*[ILL] * (TRIPS_AT - 1))
    carry(talk)
    assert Account.objects.get().paused_until is None
    assert Channel.objects.get().state == "CONNECTED"

    reply(talk, "Hello")
    provider.then(ILL)
    carry(talk)

    account, channel = Account.objects.get(), Channel.objects.get()
    assert account.failures == TRIPS_AT
    assert timedelta(seconds=1.5) < account.paused_until - talk.later(seconds=1) <= timedelta(seconds=2)
    assert (channel.state, channel.last_error) == ("DEGRADED", str(ILL))


def test_then_one_delivery_at_a_time_tries(talk, provider):
    fail_until_it_trips(talk, provider)
    assert claim_due(limit=50, now=talk.later(seconds=2)) == []

    assert len(claim_due(limit=50, now=talk.later(seconds=4))) == 1
    assert claim_due(limit=50, now=talk.later(seconds=5)) == []


def test_each_pause_is_longer_but_never_too_long(talk, provider):
    fail_until_it_trips(talk, provider)
    pauses = []

    for _ in range(9):
        due = Account.objects.get().paused_until
        provider.then(ILL)
        later = (due - talk.now).total_seconds() + 0.01
        assert len(carry(talk, later=later)) == 1
        pauses.append((Account.objects.get().paused_until - talk.later(seconds=later)).total_seconds())

    assert all(pause >= 4 * 0.8 for pause in pauses[:1])
    assert max(pauses) <= LONGEST_PAUSE
    assert pauses[5] >= 0.8 * LONGEST_PAUSE


def test_a_success_ends_it_and_everybody_goes_on_at_once(talk, provider):
    fail_until_it_trips(talk, provider)

    assert len(carry(talk, later=4)) == 1

    assert (Account.objects.get().failures, Account.objects.get().paused_until) == (0, None)
    assert (Channel.objects.get().state, Channel.objects.get().last_error) == ("CONNECTED", "")
    assert len(carry(talk, later=4.1)) == TRIPS_AT - 1


def test_whoever_refuses_is_not_ill(talk, provider):
    crowd(talk, TRIPS_AT - 1)
    provider.then(*[ILL] * (TRIPS_AT - 1))
    carry(talk)
    write(talk.channel, "Hi", sender="Boris", now=talk.now)
    provider.then(ConnectorError("no such user", kind="PERMANENT"))

    carry(talk, later=1)

    assert Account.objects.get().failures == 0


def test_what_the_watchdog_found_is_not_forgotten(talk, provider):
    fail_until_it_trips(talk, provider)
    Account.objects.update(settings={"watch": {"trouble": "webhook"}})

    carry(talk, later=4)

    assert Channel.objects.get().state == "DEGRADED"


def test_an_outage_spends_no_patience(talk, provider):
    """However long it lasted, everything is due as soon as the provider is well."""
    fail_until_it_trips(talk, provider)
    Delivery.objects.update(attempts=200)
    provider.then(ILL)
    carry(talk, later=4)

    paused_until = Account.objects.get().paused_until
    assert not Delivery.objects.filter(state="QUEUED", due_at__gt=paused_until).exists()


# One sick account, and one that is well


@pytest.fixture
def offices(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PostOffice, PostOffice]]:
    monkeypatch.setitem(CONNECTORS, "sandbox", Postbox())
    with running(PostOffice()) as sick, running(PostOffice()) as well:
        yield sick, well


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_provider_that_hangs_does_not_slow_another(offices):
    sick, well = offices
    cast = make_cast()
    line = make_line(cast)
    Line.objects.update(is_welcome_sent=True, welcome_text="Welcome")
    channels = [make_channel(cast, line) for _ in range(2)]
    for channel, office in zip(channels, offices, strict=True):
        Account.objects.filter(channel=channel).update(base_url=office.base_url, settings={"read_seconds": 20})
    sick.fault("hang_before", count=1000)
    with at_work():
        for number in range(40):
            write(channels[0], "Hi", sender=f"Patient{number}")
        wait_until(lambda: len(sick.calls) >= 3)
        took = []
        for number in range(40):
            began = time.monotonic()
            write(channels[1], "Hi", sender=f"Guest{number}")
            wait_until(lambda number=number: len(well.letters) > number)
            took.append(time.monotonic() - began)
        # All of them arrived while the sick one has not answered once.
        assert not any(call.status for call in sick.calls)
        sick.heal()
        sick._released.set()

    print(f"beside a provider that hangs: slowest of 40 took {max(took) * 1000:.0f} ms")  # noqa: T201
