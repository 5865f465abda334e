import pytest

from channels_connectors.livechat.widgets import change_widget, embed_code, find_widget, normal_origin, widget_of_line
from common.errors import InvalidInput, NotAllowed, NotFound
from openlines.models import Channel
from tests.factories import make_channel


def test_a_chat_has_a_key_of_its_own(cast, line, widget):
    other = make_channel(cast, line, kind="livechat")

    assert find_widget(widget.key).channel == widget.channel
    assert embed_code(other) != embed_code(widget.channel)


def test_a_chat_connected_again_keeps_its_key(website, widget):
    website.account.refresh_from_db()

    assert website.account.settings["public_key"] == widget.key


@pytest.mark.row("C3")
def test_the_code_for_a_site_is_one_line(settings, widget):
    settings.PUBLIC_URL = "https://talk.example"

    code = embed_code(widget.channel)
    assert code == f'<script async src="https://talk.example/chat/{widget.key}/loader.js"></script>'


def test_without_a_public_address_the_callers_own_serves(settings, widget):
    settings.PUBLIC_URL = ""

    assert "http://10.0.0.5:8000/chat/" in embed_code(widget.channel, base_url="http://10.0.0.5:8000/")


def test_other_kinds_of_channels_have_none(channel):
    with pytest.raises(NotFound):
        embed_code(channel)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("shop.example", "https://shop.example"),
        ("https://Shop.Example/contacts?x=1", "https://shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://shop.example:443", "https://shop.example"),
        ("магазин.рф", "https://xn--80aaaluk4a.xn--p1ai"),
    ],
)
def test_sites_are_named_as_browsers_name_them(written, origin):
    if written == "магазин.рф":
        origin = "https://" + written.encode("idna").decode()

    assert normal_origin(written) == origin


@pytest.mark.parametrize(
    "written", ["*", "javascript:alert(1)", "https://", "ftp://shop.example", "a b", "https://x:99999"]
)
def test_what_is_no_site_is_refused(written):
    with pytest.raises(InvalidInput):
        normal_origin(written)


def test_settings_are_the_administrators(cast, website):
    with pytest.raises(NotAllowed):
        change_widget(administrator=cast.olga, channel=website, title="Mine")


def test_settings_are_kept_clean(cast, website):
    sites = ["shop.example/a", "", "https://shop.example", "http://localhost:8080"]

    widget = change_widget(administrator=cast.alla, channel=website, title=" Loft ", allowed_origins=sites)

    assert widget.title == "Loft"
    assert widget.allowed_origins == ("http://localhost:8080", "https://shop.example")
    assert find_widget(widget.key) == widget


def test_a_title_that_is_too_long_is_refused(cast, website):
    with pytest.raises(InvalidInput):
        change_widget(administrator=cast.alla, channel=website, title="x" * 81)


def test_a_line_shows_its_first_open_chat(cast, line, website):
    second = make_channel(cast, line, kind="livechat")
    assert widget_of_line(line.public_key).channel == website

    Channel.objects.filter(pk=website.pk).update(state=Channel.State.PAUSED)
    assert widget_of_line(line.public_key).channel == second

    Channel.objects.update(state=Channel.State.DISCONNECTED)
    with pytest.raises(NotFound):
        widget_of_line(line.public_key)
