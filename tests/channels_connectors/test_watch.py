"""The watchdog over connected accounts, with a provider that does as it is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_connectors.connector import Refreshed, Template
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account, MessageTemplate
from channels_connectors.services.channels import connect_channel, set_channel_state, webhook_url
from channels_connectors.services.watch import LOOK_EVERY, claim_accounts_to_watch, lead_of, watch_channel
from channels_connectors.web.health import health_of
from openlines.models import Channel
from tests.channels_connectors.pigeon import SECRET, VALUES, register

pytestmark = [pytest.mark.row("C17"), pytest.mark.row("C18")]


@pytest.fixture
def pigeon(monkeypatch, settings):
    settings.PUBLIC_URL = "https://chat.example"
    return register(monkeypatch)


class Watched:
    def __init__(self, cast, line, pigeon):
        self.now = timezone.now()
        self.channel = connect_channel(administrator=cast.alla, line=line, kind="pigeon", values=VALUES, now=self.now)
        pigeon.asked.clear()

    def look(self, **later):
        self.now += timedelta(**later)
        watch_channel(channel_id=self.channel.pk, now=self.now)
        self.channel = Channel.objects.select_related("account").get(pk=self.channel.pk)

    @property
    def state(self):
        return self.channel.state, self.channel.last_error


@pytest.fixture
def watched(cast, line, pigeon):
    return Watched(cast, line, pigeon)


def test_each_account_is_looked_after_once_in_ten_minutes_by_one_worker(watched):
    now, channel_id = watched.now, watched.channel.pk

    assert claim_accounts_to_watch(now=now) == [channel_id]
    assert claim_accounts_to_watch(now=now) == []
    assert claim_accounts_to_watch(now=now + timedelta(minutes=7)) == []
    assert claim_accounts_to_watch(now=now + LOOK_EVERY) == [channel_id]


def test_a_paused_channel_and_our_own_kinds_are_left_alone(cast, watched, channel):
    set_channel_state(administrator=cast.alla, channel=watched.channel, state="PAUSED")

    assert claim_accounts_to_watch(now=watched.now) == []


def test_a_lost_webhook_is_set_again_and_noted(watched, pigeon):
    watched.look()
    assert "set_webhook" not in pigeon.asked
    pigeon.delivers_to = ""

    watched.look(minutes=10)

    assert pigeon.delivers_to == webhook_url(watched.channel.account)
    assert watched.state == ("CONNECTED", "The provider no longer delivered to us; it was told to do so again.")
    assert watched.channel.last_error_at == watched.now


def test_whoever_takes_it_again_and_again_is_not_fought_but_told(watched, pigeon):
    for _time in range(4):
        pigeon.delivers_to = "https://other.example/"
        watched.look(minutes=10)

    assert pigeon.asked.count("set_webhook") == 3
    assert pigeon.delivers_to == "https://other.example/"
    assert watched.channel.state == "DEGRADED"
    assert "Another program" in watched.channel.last_error
    assert str(health_of(watched.channel).title) == "The provider does not deliver to us"
    pigeon.delivers_to = webhook_url(watched.channel.account)
    watched.look(minutes=10)
    assert watched.state == ("CONNECTED", "")


def test_a_webhook_that_can_not_be_set_degrades_the_channel_until_it_can(watched, pigeon):
    pigeon.trouble = ConnectorError("The loft is shut to strangers.", kind="PERMANENT")
    watched.look()
    assert watched.state == ("DEGRADED", "The loft is shut to strangers.")

    pigeon.trouble = None
    watched.look(minutes=10)

    assert watched.state == ("CONNECTED", "")


def test_an_outage_of_the_provider_says_nothing_against_our_subscription(watched, pigeon):
    pigeon.trouble = ConnectorError("out of order", is_outage=True)

    watched.look()

    assert watched.state == ("CONNECTED", "")


def test_credentials_that_are_refused_stop_the_channel(watched, pigeon):
    pigeon.trouble = ConnectorError("Who are you?", kind="TOKEN")

    watched.look()

    assert watched.state == ("TOKEN_REVOKED", "Who are you?")
    assert claim_accounts_to_watch(now=watched.now) == []


@pytest.mark.parametrize(
    ("lifetime", "lead"),
    [
        (timedelta(days=60), timedelta(days=10)),
        (timedelta(hours=24), timedelta(hours=4)),
        (timedelta(hours=1), timedelta(minutes=15)),
        (timedelta(days=365), timedelta(days=10)),
    ],
)
def test_how_long_before_their_end_credentials_are_renewed(lifetime, lead):
    assert lead_of(lifetime) == lead


def test_credentials_of_60_days_are_renewed_after_50(cast, line, pigeon):
    pigeon.expires_in = 60 * 24 * 3600
    watched = Watched(cast, line, pigeon)
    pigeon.expires_in = None
    pigeon.refreshed = Refreshed(credentials={"secret": "younger"}, expires_in=60 * 24 * 3600)
    watched.look()
    watched.look(days=49)
    assert watched.channel.account.credentials == {"secret": SECRET}

    watched.look(days=1)

    account = watched.channel.account
    assert account.credentials == {"secret": "younger"}
    assert account.credentials_expire_at == watched.now + timedelta(days=60)


def test_a_renewal_that_fails_alerts_and_is_tried_again(cast, line, pigeon):
    pigeon.expires_in = 24 * 3600
    watched = Watched(cast, line, pigeon)
    watched.look()
    pigeon.trouble = ConnectorError("The keeper sleeps.", is_outage=True)
    watched.look(hours=21)
    assert watched.state == ("DEGRADED", "The keeper sleeps.")
    assert "renewed" in str(health_of(watched.channel).title)

    pigeon.trouble = None
    pigeon.refreshed = Refreshed(credentials={"secret": "younger"}, expires_in=24 * 3600)
    watched.look(minutes=10)

    assert watched.state == ("CONNECTED", "")
    assert watched.channel.account.credentials == {"secret": "younger"}


def test_credentials_entered_meanwhile_are_not_overwritten(cast, line, pigeon, monkeypatch):
    pigeon.expires_in = 3600
    watched = Watched(cast, line, pigeon)
    watched.look()

    def refresh(account):
        row = Account.objects.get(channel_id=account.channel_id)
        row.credentials = {"secret": "from Alla"}
        row.save()
        return Refreshed(credentials={"secret": "from the watchdog"}, expires_in=3600)

    monkeypatch.setattr(pigeon, "refresh", refresh)
    watched.look(minutes=50)

    assert watched.channel.account.credentials == {"secret": "from Alla"}


def test_identity_is_checked_daily_and_templates_hourly(watched, pigeon):
    pigeon.approved = [Template(name="hello", language="en", body="Hello {{1}}", gaps=1)]
    watched.look()
    assert MessageTemplate.objects.get().body == "Hello {{1}}"
    pigeon.approved = [Template(name="bye", language="en", body="Bye")]
    watched.look(minutes=10)
    assert pigeon.asked.count("templates") == pigeon.asked.count("check") == 1

    watched.look(hours=1)
    assert list(MessageTemplate.objects.values_list("name", flat=True)) == ["bye"]
    watched.look(hours=23)
    assert pigeon.asked.count("check") == 2
