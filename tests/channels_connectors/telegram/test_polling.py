"""Where Telegram can't call us: the bot is asked, under a lease, and goes on by its cursor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_connectors import polling
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import process_channel
from channels_connectors.models import Account, RawEvent
from channels_connectors.services.channels import connect_channel
from channels_connectors.services.checking import DeliversElsewhere
from openlines.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.row("C1")]


@pytest.fixture
def channel(bells, cast, line, settings, simulator, telegram_bot, telegram_anna):
    """Connected without a public address, after Anna had written."""
    settings.PUBLIC_URL = ""
    telegram_anna.writes("Before it was connected")
    channel = connect_channel(
        administrator=cast.alla,
        line=line,
        kind="telegram",
        now=timezone.now(),
        values={"token": telegram_bot.token, "base_url": simulator.base_url},
    )
    assert channel.account.inbound == Account.Inbound.POLL
    return channel


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0)


def texts(channel) -> list[str]:
    process_channel(channel_id=channel.pk, now=timezone.now())
    written = Message.objects.filter(chat__channel=channel, author_kind=Message.Author.CLIENT)
    return list(written.order_by("pk").values_list("text", flat=True))


def test_what_was_written_arrives_once(channel, telegram_bot, telegram_anna):
    assert polling.claim_accounts("a worker") == [channel.pk]
    assert polling.poll_once(channel.pk, "a worker") == 0
    telegram_anna.writes("After it")
    assert polling.poll_once(channel.pk, "a worker") == 0
    assert polling.poll_once(channel.pk, "a worker") == 0

    assert texts(channel) == ["Before it was connected", "After it"]
    assert telegram_bot.state()["pending"] == []


def test_a_crash_before_the_cursor_moved_asks_again_and_stores_once(channel):
    polling.claim_accounts("a worker")
    polling.poll_once(channel.pk, "a worker")
    Account.objects.filter(channel=channel).update(cursor="")

    polling.poll_once(channel.pk, "a worker")

    assert RawEvent.objects.filter(channel=channel).count() == 1
    assert texts(channel) == ["Before it was connected"]


def test_one_worker_at_a_time_asks(channel):
    assert polling.claim_accounts("a worker") == [channel.pk]
    assert polling.claim_accounts("another worker") == []
    assert polling.poll_once(channel.pk, "another worker") is None

    Account.objects.filter(channel=channel).update(polled_until=timezone.now() - timedelta(seconds=1))

    assert polling.claim_accounts("another worker") == [channel.pk]


def test_connecting_takes_the_webhook_away_from_wherever_it_was_once_that_is_wanted(
    bells, cast, line, settings, simulator, telegram, telegram_account, telegram_bot
):
    settings.PUBLIC_URL = ""
    telegram.set_webhook(url="https://elsewhere.example.org/", account=telegram_account)

    with pytest.raises(DeliversElsewhere):
        connect_channel(
            administrator=cast.alla,
            line=line,
            kind="telegram",
            now=timezone.now(),
            values={"token": telegram_bot.token, "base_url": simulator.base_url},
        )
    connect_channel(
        administrator=cast.alla,
        line=line,
        kind="telegram",
        now=timezone.now(),
        values={"token": telegram_bot.token, "base_url": simulator.base_url},
        take_over=True,
    )

    assert telegram_bot.state()["webhook"] == ""


def test_a_webhook_set_by_somebody_else_meanwhile_is_told(channel, telegram, telegram_account):
    polling.claim_accounts("a worker")
    telegram.set_webhook(url="https://elsewhere.example.org/", account=telegram_account)

    with pytest.raises(ConnectorError, match="webhook") as caught:
        polling.poll_once(channel.pk, "a worker")
    polling.note_trouble(channel.pk, caught.value)

    channel.refresh_from_db()
    assert channel.state == channel.State.DEGRADED
    assert "webhook" in channel.last_error
