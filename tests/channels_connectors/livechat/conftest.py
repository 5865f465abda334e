import pytest

from channels_connectors.livechat.widgets import Widget, change_widget, widget_of
from openlines.models import Channel
from tests.channels_connectors.livechat.visitors import Visitor
from tests.factories import make_channel

SHOP = "https://shop.example"


@pytest.fixture(autouse=True)
def _calm(empty_cache):
    """Throttles count in the cache: each test begins with all turns."""


@pytest.fixture
def website(cast, line) -> Channel:
    line.welcome_text = ""
    line.save()
    return make_channel(cast, line, kind="livechat")


@pytest.fixture
def widget(website) -> Widget:
    return widget_of(website)


@pytest.fixture
def shop_only(cast, website) -> Widget:
    """A chat that only one site may show."""
    return change_widget(administrator=cast.alla, channel=website, allowed_origins=[SHOP])


@pytest.fixture
def anna(widget, commit, bells) -> Visitor:
    return Visitor(widget).arrive()


@pytest.fixture
def boris(widget) -> Visitor:
    return Visitor(widget).arrive()
