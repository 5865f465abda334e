"""Pollers and looks for lost events: one lease per account, waits that can be broken off, no connection held."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from channels_connectors import polling
from channels_connectors.connector import Account as ConnectorAccount
from channels_connectors.connector import Event, Polled
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, RawEvent
from channels_connectors.polling import Poller, claim_accounts, poll_once
from channels_connectors.reconciling import claim_accounts_to_reconcile, reconcile_channel
from openlines.models import Channel
from tests.factories import make_cast, make_channel, make_line
from tests.providers.scripted import Scripted
from tests.scenes import Scene

pytestmark = pytest.mark.row("C1")


def event(number: int) -> Event:
    return Event(key=f"k{number}", body=json.dumps({"id": number}).encode())


@pytest.fixture
def polled(transactional_db: None, provider: Scripted) -> Channel:
    """A channel whose provider has to be asked."""
    cast = make_cast()
    channel = make_channel(cast, make_line(cast))
    Account.objects.update(inbound=Account.Inbound.POLL)
    return channel


class Asked:
    """What ``poll`` gives, one after the other, then nothing any more; says when it was asked."""

    def __init__(self, *answers: Polled | Exception) -> None:
        self.answers = list(answers)
        self.times = threading.Semaphore(0)
        self.cursors: list[str] = []

    def __call__(self, *, cursor: str, timeout: int, account: ConnectorAccount) -> Polled:
        self.cursors.append(cursor)
        answer = self.answers.pop(0) if self.answers else Polled(cursor=cursor, wait=3600)
        self.times.release()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.times.acquire(timeout=20)


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    stop = threading.Event()
    yield stop
    stop.set()


def start(channel: Channel, stop: threading.Event) -> Poller:
    assert claim_accounts("me") == [channel.pk]
    poller = Poller(channel.pk, "me", stop)
    poller.start()
    return poller


def test_a_poller_waits_as_long_as_the_connector_says_unless_it_is_stopped(polled, monkeypatch, stop):
    asked = Asked(Polled(events=[event(1)], cursor="c1"), Polled(events=[event(2)], cursor="c2", wait=3600))
    monkeypatch.setattr(Scripted, "poll", asked, raising=False)

    poller = start(polled, stop)
    asked.wait(2)
    poller.join(0.3)
    assert poller.is_alive(), "it waits"
    assert asked.cursors == ["", "c1"]
    stop.set()
    poller.join(20)

    assert not poller.is_alive()
    assert set(RawEvent.objects.values_list("key", flat=True)) == {"k1", "k2"}
    account = Account.objects.get()
    assert (account.cursor, account.polled_by, account.polled_until) == ("c2", "", None)


def test_while_it_waits_its_account_stays_held_and_a_pause_ends_it(polled, monkeypatch, stop):
    monkeypatch.setattr(polling, "LONGEST_SLICE", 0.02)
    asked = Asked()
    monkeypatch.setattr(Scripted, "poll", asked, raising=False)
    poller = start(polled, stop)
    asked.wait()
    Account.objects.update(polled_until=timezone.now() + timedelta(seconds=1))
    poller.join(0.5)
    assert poller.is_alive()
    assert Account.objects.get().polled_until > timezone.now() + timedelta(seconds=30)

    Channel.objects.update(state=Channel.State.PAUSED)
    poller.join(20)

    assert not poller.is_alive()
    assert Account.objects.get().polled_by == ""


def test_a_poller_that_waits_holds_no_connection_to_the_database(polled, monkeypatch, stop):
    held: list[bool] = []
    asked = Asked()

    def look(self: Any, **kwargs: Any) -> Polled:
        held.append(connection.connection is not None)
        answer: Polled = asked(**kwargs)
        return answer

    monkeypatch.setattr(Scripted, "poll", look, raising=False)
    start(polled, stop)
    asked.wait()

    assert held == [False]


def test_trouble_is_told_and_is_over_when_the_provider_answers(polled, monkeypatch, stop):
    waits: list[float] = []
    monkeypatch.setattr(Poller, "_waited", lambda self, seconds: waits.append(seconds) is None and len(waits) < 7)
    ill = ConnectorError("ill")
    asked = Asked(ill, ill, ConnectorError("slow down", retry_after=7.0), Polled(cursor="c", wait=1.0))
    monkeypatch.setattr(Scripted, "poll", asked, raising=False)

    poller = start(polled, stop)
    poller.join(20)

    assert waits[:5] == [0.0, 1.0, 2.0, 7.0, 1.0]
    channel = Channel.objects.get()
    assert (channel.state, channel.last_error) == ("CONNECTED", "slow down")


def test_credentials_that_are_no_longer_accepted_end_it(polled, monkeypatch, stop):
    monkeypatch.setattr(
        Scripted, "poll", Asked(ConnectorError("revoked", kind="TOKEN", retry_after=0.01)), raising=False
    )

    poller = start(polled, stop)
    poller.join(20)

    assert not poller.is_alive()
    assert Channel.objects.get().state == "TOKEN_REVOKED"


def test_another_process_takes_over_when_the_lease_is_over(polled, monkeypatch):
    monkeypatch.setattr(Scripted, "poll", Asked(Polled(cursor="c1"), Polled(cursor="c2")), raising=False)
    assert claim_accounts("one") == [polled.pk]
    assert poll_once(polled.pk, "one") == 0
    assert claim_accounts("two") == []
    Account.objects.update(polled_until=timezone.now() - timedelta(seconds=1))

    assert claim_accounts("two") == [polled.pk]
    assert poll_once(polled.pk, "one") is None
    assert poll_once(polled.pk, "two") == 0
    connections.close_all()


@pytest.fixture
def reconciled(scene: Scene, provider: Scripted, monkeypatch: pytest.MonkeyPatch) -> Channel:
    Account.objects.update(inbound=Account.Inbound.WEBHOOK)
    monkeypatch.setattr(Scripted, "reconcile_seconds", 600.0)
    return scene.channel


def reconcile_with(monkeypatch: pytest.MonkeyPatch, answer: Polled | Exception) -> list[str]:
    cursors = []

    def reconcile(self: Scripted, *, cursor: str, account: ConnectorAccount) -> Polled:
        cursors.append(cursor)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Scripted, "reconcile", reconcile)
    return cursors


def test_what_webhooks_lost_is_kept_and_what_they_brought_is_not_doubled(reconciled, scene, monkeypatch, bells):
    RawEvent.objects.create(channel=reconciled, key="k1", body=b"{}")
    cursors = reconcile_with(monkeypatch, Polled(events=[event(1), event(2), event(3)], cursor="c1"))

    assert claim_accounts_to_reconcile("me", now=scene.now) == [reconciled.pk]
    assert reconcile_channel(reconciled.pk, "me", now=scene.now) == 2
    assert "openlines:inbox" in bells.rung

    assert list(RawEvent.objects.order_by("pk").values_list("key", flat=True)) == ["k1", "k2", "k3"]
    account = Account.objects.get()
    assert (account.reconcile_cursor, account.reconciled_at, account.polled_by) == ("c1", scene.now, "")
    assert claim_accounts_to_reconcile("me", now=scene.later(seconds=599)) == []
    assert claim_accounts_to_reconcile("me", now=scene.later(seconds=600)) == [reconciled.pk]
    reconcile_channel(reconciled.pk, "me", now=scene.later(seconds=600))
    assert cursors == ["", "c1"]


def test_one_process_at_a_time_looks_and_a_dead_one_is_followed_by_another(reconciled, scene, monkeypatch):
    reconcile_with(monkeypatch, Polled())

    assert claim_accounts_to_reconcile("one", now=scene.now) == [reconciled.pk]
    assert claim_accounts_to_reconcile("two", now=scene.later(minutes=4)) == []
    assert reconcile_channel(reconciled.pk, "two", now=scene.now) == 0
    assert claim_accounts_to_reconcile("two", now=scene.later(minutes=6)) == [reconciled.pk]


def test_a_provider_that_is_ill_is_asked_again_at_the_next_turn(reconciled, scene, monkeypatch):
    reconcile_with(monkeypatch, ConnectorError("ill"))
    claim_accounts_to_reconcile("me", now=scene.now)

    assert reconcile_channel(reconciled.pk, "me", now=scene.now) == 0

    assert claim_accounts_to_reconcile("me", now=scene.later(seconds=60)) == []
    assert claim_accounts_to_reconcile("me", now=scene.later(seconds=600)) == [reconciled.pk]
    assert Channel.objects.get().state == "CONNECTED"


def test_kinds_that_lose_nothing_are_not_asked(reconciled, scene, monkeypatch):
    monkeypatch.setattr(Scripted, "reconcile_seconds", 0.0)
    assert claim_accounts_to_reconcile("me", now=scene.now) == []

    monkeypatch.setattr(Scripted, "reconcile_seconds", 600.0)
    Channel.objects.update(state=Channel.State.PAUSED)
    assert claim_accounts_to_reconcile("me", now=scene.now) == []
