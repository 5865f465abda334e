"""Secrets stay secret: under another key, in logs, in answers, in pages."""

import logging
from io import StringIO

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.services.channels import connect_channel
from channels_connectors.setup import BASE_URL, Field
from common.errors import DomainError
from crm.models import AuditEntry
from openlines.models import Channel
from tests.api.client import Caller
from tests.channels_connectors.pigeon import SECRET, VALUES, register
from tests.factories import make_channel
from tests.pages import get, post, text_of

pytestmark = pytest.mark.row("C17")

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
ASKING = sorted(kind for kind, setup in SETUPS.items() if setup.fields)
# What fits the patterns of several providers' keys and is found nowhere else.
SECRET_WORD = "hush5521hush5521hush5521hush5521"
EXAMPLES = {"url": "https://provider.invalid", "email": "shop@provider.invalid", "number": "993"}


@pytest.fixture
def accounts(cast, line, settings):
    settings.ENCRYPTION_KEYS = [OLD]
    made = [make_channel(cast, line).account for _number in range(3)]
    for number, account in enumerate(made):
        account.credentials, account.webhook_secret = {"token": f"t{number}"}, f"w{number}"
        account.save()
    return made


def said_by_rotation():
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    return out.getvalue()


def test_keys_change_while_everything_goes_on_being_read(accounts, settings):
    def read():
        return [(row.credentials, row.webhook_secret) for row in Account.objects.order_by("pk")]

    before = read()
    for keys in ([OLD, NEW], [NEW, OLD]):
        settings.ENCRYPTION_KEYS = keys
        assert read() == before

    assert said_by_rotation().startswith("3 accounts")
    assert read() == before
    settings.ENCRYPTION_KEYS = [OLD, NEW]
    assert read() == before
    settings.ENCRYPTION_KEYS = [NEW]
    assert read() == before
    assert said_by_rotation().startswith("0 accounts")


def test_a_missing_key_is_said_and_nothing_is_lost(accounts, settings):
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="add it"):
        said_by_rotation()
    with pytest.raises(InvalidToken):
        assert Account.objects.first().credentials

    settings.ENCRYPTION_KEYS = [OLD]
    assert Account.objects.first().credentials == {"token": "t0"}


def example(field: Field) -> str:
    """Something that may pass for what the field asks for; every secret holds the secret word."""
    if field.widget == "password":
        return {r"\d+:\S+": f"123:{SECRET_WORD}"}.get(field.pattern, SECRET_WORD)
    if field.choices:
        return field.choices[0][0]
    return "" if field.kept_in == BASE_URL else EXAMPLES.get(field.widget, "7")


@pytest.mark.parametrize("kind", ASKING)
def test_a_failing_connect_of_any_kind_tells_nobody_the_secret(kind, cast, line, settings, caplog, monkeypatch):
    """The provider can't be reached, or fails in a way that nobody foresaw."""
    settings.PUBLIC_URL = "https://chat.example"
    caplog.set_level(logging.DEBUG)
    values = {field.name: example(field) for field in SETUPS[kind].fields if field.widget != "switch"}
    said = []

    def fail(account):
        logging.getLogger("channels_connectors").info("asking %s", account)
        raise ConnectorError("The provider could not be reached.", is_outage=True)

    monkeypatch.setattr(CONNECTORS[kind], "check", fail)
    page = post(cast.alla, f"/settings/lines/{line.pk}/connect/{kind}/", piece=True, **values)
    said.append(text_of(page))
    said.append(text_of(post(cast.alla, f"/settings/channels/check/{kind}/", piece=True, **values)))
    body = {"line": line.pk, "kind": kind, "values": values}
    said.append(Caller.by(cast.alla).post("/channels/", body).content.decode())

    assert not Channel.objects.exists()
    assert SECRET_WORD not in " ".join([*said, caplog.text])


@pytest.mark.parametrize("kind", ASKING)
def test_a_provider_that_is_not_there_is_told_of_without_the_secret(kind, cast, line, settings, caplog):
    """The connector's own way of calling: words and logs of the libraries underneath included."""
    settings.PUBLIC_URL = "https://chat.example"
    settings.PROVIDER_URLS = {kind: "http://127.0.0.1:9"}
    caplog.set_level(logging.DEBUG)
    values = {field.name: example(field) for field in SETUPS[kind].fields if field.widget != "switch"}
    values |= {field.name: "http://127.0.0.1:9" for field in SETUPS[kind].fields if field.kept_in == BASE_URL}
    values |= {field.name: "127.0.0.1" for field in SETUPS[kind].fields if "host" in field.name}

    words = ""
    try:
        connect_channel(administrator=cast.alla, line=line, kind=kind, values=values, now=timezone.now())
    except DomainError as error:
        words = f"{error} {error.fields} {error.__cause__!r}"

    assert SECRET_WORD not in words
    assert SECRET_WORD not in caplog.text


def test_no_answer_page_or_entry_of_the_log_has_a_secret(cast, line, settings, monkeypatch):
    settings.PUBLIC_URL = "https://chat.example"
    register(monkeypatch)
    post(cast.alla, f"/settings/lines/{line.pk}/connect/pigeon/", **VALUES)
    channel = Channel.objects.get(kind="pigeon")
    account, alla = channel.account, Caller.by(cast.alla)
    post(cast.alla, f"/settings/channels/{channel.pk}/token/", **VALUES)

    told = [alla.get(path).content.decode() for path in ("/channels/", f"/channels/{channel.pk}/", "/audit/")]
    told += [
        text_of(get(cast.alla, f"/settings/{address}"))
        for address in ("channels/", f"channels/{channel.pk}/", f"lines/{line.pk}/", "audit/")
    ]
    told.append(str(list(AuditEntry.objects.values_list("before", "after"))))

    assert not [page for page in told if SECRET in page or account.encrypted_credentials in page]
    assert not [page for page in told[:3] if account.webhook_secret in page or account.webhook_token in page]


def test_accounts_do_not_show_their_secrets_when_printed(cast, line, channel):
    channel.account.credentials = {"token": SECRET}

    assert SECRET not in repr(channel.account)
