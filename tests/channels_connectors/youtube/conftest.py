"""A simulated YouTube, and a channel of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from channels_connectors.connector import Account
from channels_connectors.youtube.connector import YouTubeComments
from tests.channels_connectors.contract.youtube import YouTubeDriver
from tests.providers.youtube import YouTubeSimulator


@pytest.fixture
def driver() -> Iterator[YouTubeDriver]:
    with YouTubeDriver.begin() as driver:
        yield driver


@pytest.fixture
def youtube(driver: YouTubeDriver) -> YouTubeSimulator:
    return driver.youtube


@pytest.fixture
def account(driver: YouTubeDriver) -> Account:
    """It lists long pages, which may take a busy machine a moment."""
    return replace(driver.account, settings={**driver.account.settings, "read_seconds": 30})


@pytest.fixture
def connector() -> YouTubeComments:
    """Without anything that another test has learnt."""
    return YouTubeComments()
