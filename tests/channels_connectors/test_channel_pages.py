"""Connecting a channel step by step, and the page of a channel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_connectors.connector import CheckedAccount
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel
from openlines.services.lines import create_line
from tests.factories import make_channel, write
from tests.pages import get, post, text_of

TOKEN = "123456789:AAF-a-very-secret-token"


class Bot:
    """Telegram as a connector sees it: who the token belongs to, or why nobody."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.id, self.host = "42", ""
        self.error: ConnectorError | None = None
        self.webhooks: list[str] = []
        connector = CONNECTORS["telegram"]
        monkeypatch.setattr(connector, "check", self.check)
        monkeypatch.setattr(connector, "set_webhook", self.set_webhook)
        monkeypatch.setattr(connector, "remove_webhook", lambda account: self.webhooks.append(""))

    def set_webhook(self, *, url, account):
        self.webhooks.append(url)
        return {}

    def check(self, account):
        if self.error:
            raise self.error
        details = {"name": "Loft", "username": "loft_bot", "webhook_host": self.host}
        return CheckedAccount(external_id=self.id, title="@loft_bot", details=details)


@pytest.fixture
def bot(monkeypatch):
    return Bot(monkeypatch)


@pytest.fixture
def telegram(cast, line, bot):
    post(cast.alla, f"/settings/lines/{line.pk}/connect/telegram/", token=TOKEN)
    return Channel.objects.get(kind="telegram")


@pytest.mark.row("L3")
@pytest.mark.row("C1")
def test_the_telegram_wizard_explains_then_asks_then_connects_then_tests(cast, line, bot):
    address = f"/settings/lines/{line.pk}/connect/telegram/"
    assert "@BotFather" in text_of(get(cast.alla, address, piece=True))
    assert 'name="token"' in text_of(get(cast.alla, address, piece=True, step="fields"))

    found = post(cast.alla, "/settings/channels/check/telegram/", piece=True, token=TOKEN)
    assert "Found: Loft, @loft_bot" in text_of(found)

    connected = post(cast.alla, address, piece=True, token=TOKEN)
    assert "channels-changed" in connected.headers["HX-Trigger"]
    assert "Write to the bot in Telegram" in text_of(connected)
    channel = Channel.objects.get(kind="telegram")
    assert (channel.line, channel.name, channel.state) == (line, "@loft_bot", "CONNECTED")
    assert channel.account.credentials == {"token": TOKEN}
    assert bot.webhooks == [""]


@pytest.mark.row("C1")
def test_a_bot_of_another_program_is_taken_over_only_if_that_is_wanted(cast, line, bot):
    bot.host = "old.example"
    address = f"/settings/lines/{line.pk}/connect/telegram/"
    assert "It delivers to old.example" in text_of(
        post(cast.alla, "/settings/channels/check/telegram/", piece=True, token=TOKEN)
    )

    refused = post(cast.alla, address, piece=True, token=TOKEN)

    assert refused.status_code == 422
    assert "It delivers to old.example" in text_of(refused)
    assert not Channel.objects.filter(kind="telegram").exists()
    post(cast.alla, address, piece=True, token=TOKEN, take_over="on")
    assert Channel.objects.get(kind="telegram").state == "CONNECTED"


@pytest.mark.row("C1")
def test_with_a_public_address_the_provider_is_told_to_deliver_there(cast, line, bot, settings):
    settings.PUBLIC_URL = "https://chat.example"

    post(cast.alla, f"/settings/lines/{line.pk}/connect/telegram/", token=TOKEN)

    account = Account.objects.get(channel__kind="telegram")
    assert bot.webhooks == [f"https://chat.example/hooks/telegram/{account.webhook_token}/"]


@pytest.mark.row("L3")
@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"token": ""}, None, "Fill this in."),
        ({"token": "nonsense"}, None, "A token looks like"),
        ({"token": TOKEN, "base_url": "not a url"}, None, "Enter a valid URL."),
        ({"token": TOKEN, "base_url": "ftp://x.example"}, None, "Enter a valid URL."),
        ({"token": TOKEN}, ConnectorError("no", kind="TOKEN"), "The provider does not accept this token."),
        ({"token": TOKEN}, ConnectorError("Telegram could not be reached."), "Telegram could not be reached."),
    ],
)  # fmt: skip
def test_a_refusal_is_in_words_and_the_token_is_not_sent_back(cast, line, bot, values, error, words):
    bot.error = error

    checked = post(cast.alla, "/settings/channels/check/telegram/", piece=True, **values)
    refused = post(cast.alla, f"/settings/lines/{line.pk}/connect/telegram/", piece=True, **values)

    assert refused.status_code == 422
    for page in (text_of(checked), text_of(refused)):
        assert words in page
        assert TOKEN not in page
    assert not Channel.objects.filter(kind="telegram").exists()


def test_a_bot_is_connected_once(cast, line, telegram):
    again = post(cast.alla, f"/settings/lines/{line.pk}/connect/telegram/", token=TOKEN)

    assert again.status_code == 422
    assert "already connected" in text_of(again)


@pytest.mark.row("L3")
@pytest.mark.row("C3")
def test_a_website_chat_gives_its_code(cast, line):
    address = f"/settings/lines/{line.pk}/connect/livechat/"
    assert get(cast.alla, address).status_code == 200
    values = {"name": "Our site", "title": "Ask us", "allowed_origins": "shop.example\nhttps://b.example/path"}

    page = text_of(post(cast.alla, address, piece=True, **values))

    account = Account.objects.get(channel__kind="livechat")
    assert account.settings["allowed_origins"] == ["https://b.example", "https://shop.example"]
    assert account.settings["title"] == "Ask us"
    assert f"/chat/{account.settings['public_key']}/loader.js" in page


@pytest.mark.parametrize("address", ["*", "shop example", "javascript:alert(1)"])
def test_a_site_that_is_none_is_refused(cast, line, address):
    values = {"name": "Our site", "allowed_origins": address}

    response = post(cast.alla, f"/settings/lines/{line.pk}/connect/livechat/", piece=True, **values)

    assert response.status_code == 422
    assert "is not the address of a site" in text_of(response)
    assert not Channel.objects.filter(kind="livechat").exists()


@pytest.mark.row("L3")
def test_a_sandbox_is_one_press(cast, line):
    page = text_of(post(cast.alla, f"/settings/lines/{line.pk}/connect/sandbox/", piece=True))

    channel = Channel.objects.get(kind="sandbox")
    assert f"/sandbox/{channel.pk}/" in page


def test_an_unknown_kind_is_not_found(cast, line):
    assert get(cast.alla, f"/settings/lines/{line.pk}/connect/pigeon/").status_code == 404


@pytest.mark.row("L3")
def test_the_first_message_appears_in_the_wizard(cast, line, commit):
    channel = make_channel(cast, line)
    address = f"/settings/channels/{channel.pk}/arrived/"
    since = timezone.now().isoformat()
    assert "Write as a client" in text_of(get(cast.alla, address, piece=True, since=since))

    with commit():
        dialog = write(channel, "Is anybody <b>there</b>?", now=timezone.now() + timedelta(seconds=1))

    page = text_of(get(cast.alla, address, piece=True, since=since))
    assert "It works: Anna wrote" in page
    assert "Is anybody &lt;b&gt;there&lt;/b&gt;?" in page
    assert f"/dialogs/{dialog.pk}/" in page


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-45T00:00:00Z", "2026-11-22T10:00:00"])
def test_a_test_since_nonsense_is_not_found(cast, line, since):
    channel = make_channel(cast, line)

    assert get(cast.alla, f"/settings/channels/{channel.pk}/arrived/", since=since).status_code == 404


@pytest.mark.row("C17")
def test_no_page_shows_a_secret(cast, line, telegram):
    account = telegram.account
    secrets = [TOKEN, account.webhook_secret, account.webhook_token, account.encrypted_credentials]
    addresses = [
        f"/settings/channels/{telegram.pk}/", f"/settings/channels/{telegram.pk}/test/", f"/settings/lines/{line.pk}/",
        f"/admin/channels_connectors/account/{account.pk}/change/", "/admin/channels_connectors/account/",
        f"/admin/openlines/channel/{telegram.pk}/change/",
    ]  # fmt: skip
    for address in addresses:
        response = get(cast.alla, address) if not address.startswith("/admin") else _as_superuser(cast, address)
        assert response.status_code == 200
        assert not [secret for secret in secrets if secret in text_of(response)]


def _as_superuser(cast, address):
    cast.alla.is_staff = cast.alla.is_superuser = True
    cast.alla.save()
    return get(cast.alla, address)


@pytest.mark.row("C17")
def test_pause_resume_disconnect_and_connect_again(cast, line, telegram, bot):
    def after(action: str) -> str:
        post(cast.alla, f"/settings/channels/{telegram.pk}/{action}/", piece=True)
        telegram.refresh_from_db()
        return str(telegram.state)

    assert [after(action) for action in ("pause", "resume", "disconnect", "check")] == [
        "PAUSED", "CONNECTED", "DISCONNECTED", "CONNECTED",
    ]  # fmt: skip
    assert post(cast.alla, f"/settings/channels/{telegram.pk}/explode/").status_code == 404


@pytest.mark.row("C17")
def test_a_check_says_what_is_the_matter_and_what_to_do(cast, line, telegram, bot):
    bot.error = ConnectorError("Telegram could not be reached.")
    page = text_of(post(cast.alla, f"/settings/channels/{telegram.pk}/check/", piece=True))
    assert "Has trouble" in page
    assert "Telegram could not be reached." in page
    assert "Telegram could not be reached." in text_of(get(cast.alla, f"/settings/lines/{line.pk}/"))

    bot.error = ConnectorError("Unauthorized", kind="TOKEN")
    page = text_of(post(cast.alla, f"/settings/channels/{telegram.pk}/check/", piece=True))
    assert "The token is no longer accepted" in page
    assert "Ask BotFather" in page


@pytest.mark.row("C17")
def test_a_new_token_of_the_same_bot_brings_the_channel_back(cast, line, telegram, bot):
    Channel.objects.filter(pk=telegram.pk).update(state="TOKEN_REVOKED", last_error="Unauthorized")
    address = f"/settings/channels/{telegram.pk}/token/"

    bot.id = "43"
    other = post(cast.alla, address, piece=True, token="1:other")
    assert other.status_code == 422
    assert "belongs to another account" in text_of(other)
    bot.id = "42"
    post(cast.alla, address, piece=True, token="1:new")

    telegram.refresh_from_db()
    assert (telegram.state, telegram.last_error) == ("CONNECTED", "")
    assert Account.objects.get(channel=telegram).credentials == {"token": "1:new"}


def test_an_own_channel_has_no_token(cast, line):
    channel = make_channel(cast, line)

    assert post(cast.alla, f"/settings/channels/{channel.pk}/token/", token=TOKEN).status_code == 404


@pytest.mark.row("C17")
def test_a_channel_moves_to_another_line_with_its_threads(cast, line, commit):
    channel = make_channel(cast, line)
    other = create_line(administrator=cast.alla, name="Support")
    with commit():
        dialog = write(channel, "Hello")
    address = f"/settings/channels/{channel.pk}/move/"

    assert post(cast.alla, address, piece=True, line=line.pk).status_code == 422
    assert post(cast.alla, address, piece=True, line=0).status_code == 422
    assert "Support" in text_of(post(cast.alla, address, piece=True, line=other.pk))

    channel.refresh_from_db()
    dialog.refresh_from_db()
    assert (channel.line, dialog.line) == (other, line)


def test_renaming_and_the_details_of_a_website_chat(cast, line):
    sandbox, chat = make_channel(cast, line), make_channel(cast, line, kind="livechat")

    post(cast.alla, f"/settings/channels/{sandbox.pk}/details/", name="Playground", priority=4)
    post(
        cast.alla,
        f"/settings/channels/{chat.pk}/details/",
        name="Site",
        title="Hi",
        allowed_origins="a.example",
        priority=0,
    )
    refused = post(
        cast.alla, f"/settings/channels/{chat.pk}/details/", piece=True, name="", priority=0, allowed_origins="*"
    )

    sandbox.refresh_from_db()
    chat.refresh_from_db()
    assert (sandbox.name, sandbox.priority, chat.name) == ("Playground", 4, "Site")
    assert chat.account.settings["allowed_origins"] == ["https://a.example"]
    assert refused.status_code == 422


@pytest.mark.row("C17")
def test_what_waits_is_counted(cast, line, commit):
    channel = make_channel(cast, line)
    with commit():
        write(channel, "Hello")

    page = text_of(get(cast.alla, f"/settings/channels/{channel.pk}/"))

    assert "Waits to be sent" in page
