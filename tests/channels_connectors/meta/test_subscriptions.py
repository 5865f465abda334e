"""Both halves of a subscription, shared by all channels of an app."""

from dataclasses import replace

import pytest

from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.facebook_comments import FacebookCommentsDriver
from tests.channels_connectors.contract.messenger import MessengerDriver
from tests.providers.meta.model import PAGE_ID

pytestmark = [pytest.mark.row("C4"), pytest.mark.row("C5")]

MESSAGES = "https://shop.example.org/hooks/messenger/one-long-token/"
COMMENTS = "https://shop.example.org/hooks/facebook_comments/another-token/"


@pytest.fixture
def driver():
    with MessengerDriver.begin() as driver:
        yield driver


@pytest.fixture
def both(driver):
    """The accounts of a page's messages and of its comments, in one app."""
    return driver.account, FacebookCommentsDriver(driver.simulator).account


def connect(kind, url, account):
    remembered = CONNECTORS[kind].set_webhook(url=url, account=account)
    return replace(account, settings={**account.settings, **remembered})


def fields_of_app(driver):
    there = driver.world.app_subscriptions["page"]
    return {field["name"] for field in there["fields"]}


def test_two_channels_of_a_page_share_a_webhook_and_lose_nothing(driver, both):
    messages, comments = connect("messenger", MESSAGES, both[0]), connect("facebook_comments", COMMENTS, both[1])

    assert driver.webhook() == COMMENTS
    assert {"messages", "feed", "message_echoes"} <= fields_of_app(driver)
    assert {"messages", "feed"} <= driver.world.page_subscriptions[PAGE_ID]
    for kind, url, account in (("messenger", MESSAGES, messages), ("facebook_comments", COMMENTS, comments)):
        assert CONNECTORS[kind].subscription(url=url, account=account).is_ours


def test_who_leaves_takes_only_what_is_theirs(driver, both):
    messages, comments = connect("messenger", MESSAGES, both[0]), connect("facebook_comments", COMMENTS, both[1])
    CONNECTORS["messenger"].remove_webhook(messages)

    assert driver.webhook() == COMMENTS
    assert driver.world.page_subscriptions[PAGE_ID] == {"feed"}
    assert CONNECTORS["facebook_comments"].subscription(url=COMMENTS, account=comments).is_ours

    connect("messenger", MESSAGES, both[0])
    CONNECTORS["facebook_comments"].remove_webhook(comments)
    assert driver.webhook() == MESSAGES


def test_the_last_address_gone_the_other_channel_notices(driver, both):
    messages, comments = connect("messenger", MESSAGES, both[0]), connect("facebook_comments", COMMENTS, both[1])
    CONNECTORS["facebook_comments"].remove_webhook(comments)

    subscription = CONNECTORS["messenger"].subscription(url=MESSAGES, account=messages)
    assert not subscription.is_ours
    assert subscription.problem


def test_half_a_subscription_is_silence_and_told(driver, both):
    account = connect("messenger", MESSAGES, both[0])
    look = CONNECTORS["messenger"].subscription

    driver.world.page_subscriptions[PAGE_ID].discard("messages")
    assert "messages" in look(url=MESSAGES, account=account).problem

    driver.world.page_subscriptions.clear()
    assert not look(url=MESSAGES, account=account).is_ours

    connect("messenger", MESSAGES, both[0])
    driver.world.app_subscriptions["page"]["fields"] = [{"name": "feed", "version": "v23.0"}]
    assert "messages" in look(url=MESSAGES, account=account).problem


def test_an_app_that_delivers_elsewhere_is_told_by_its_host(driver, both):
    account = connect("messenger", MESSAGES, both[0])
    elsewhere = "https://old.example.org/webhook?secret=1"
    driver.world.app_subscriptions["page"]["callback_url"] = elsewhere

    subscription = CONNECTORS["messenger"].subscription(url=MESSAGES, account=account)
    assert not subscription.is_ours
    assert "old.example.org" in subscription.problem
    assert "secret" not in subscription.problem


def test_fields_of_another_server_are_not_taken_over(driver, both):
    driver.world.app_subscriptions["page"] = {
        "object": "page", "callback_url": "https://old.example.org/", "active": True, "fields": ["leadgen"],
    }  # fmt: skip
    connect("messenger", MESSAGES, both[0])

    assert "leadgen" not in fields_of_app(driver)


def test_settings_hold_no_address_of_a_webhook(driver, both):
    account = connect("messenger", MESSAGES, both[0])

    assert "one-long-token" not in str(account.settings)
