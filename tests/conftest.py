from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone, translation

from openlines.models import Channel, Line
from tests.bells import Bells
from tests.chromium import browser
from tests.committing import committed
from tests.console_state import Verifier
from tests.factories import Cast, make_cast, make_channel, make_line
from tests.providers.scripted import provider
from tests.rows import RowKeeper
from tests.scenes import Scene

__all__ = ["browser", "provider"]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RowKeeper(config))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys go last, whatever the random order: see ``tests.chromium.browser``."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Calls in the name of Russian staff leave their language behind in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def line(cast: Cast) -> Line:
    """Sergey supervises it, Olga and Oleg are its queue; both are online."""
    return make_line(cast)


@pytest.fixture
def channel(cast: Cast, line: Line) -> Channel:
    return make_channel(cast, line)


@pytest.fixture
def scene(cast: Cast, line: Line, channel: Channel) -> Iterator[Scene]:
    """The clock stands still: what happens later says so."""
    with time_machine.travel(timezone.now(), tick=False):
        yield Scene(cast, line, channel, timezone.now())


@pytest.fixture
def commit(db: None) -> Callable[[], AbstractContextManager[None]]:
    """``with commit(): …`` does what a real commit does, inside the test's own transaction."""
    return committed


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Every bell that rings, and every frame that leaves, instead of Redis."""
    return Bells.hung(monkeypatch)


@pytest.fixture
def verify(bells: Bells) -> Verifier:
    """``with verify(*users): command()``: their consoles end up as fresh ones would start."""
    return Verifier(bells)


@pytest.fixture
def empty_cache() -> Iterator[None]:
    """For tests of what is counted in the cache: throttles, failed logins."""
    cache.clear()
    yield
    cache.clear()
