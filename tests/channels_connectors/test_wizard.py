"""The wizard that is made of what a kind's ``Setup`` declares, and the same over the API."""

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from openlines.models import Channel
from tests.api.client import Caller
from tests.channels_connectors.pigeon import LOFT, SECRET, VALUES, register
from tests.pages import browser, get, post, text_of

CONNECT = "/settings/lines/{}/connect/pigeon/"


@pytest.fixture
def pigeon(monkeypatch, settings):
    settings.PUBLIC_URL = "https://chat.example"
    return register(monkeypatch)


@pytest.fixture
def connected(cast, line, pigeon):
    post(cast.alla, CONNECT.format(line.pk), **VALUES)
    return Channel.objects.get(kind="pigeon")


@pytest.mark.row("L3")
def test_the_guide_comes_first_in_words_with_code_and_a_link(cast, line, pigeon):
    page = text_of(get(cast.alla, CONNECT.format(line.pk), piece=True))

    assert "Ask the keeper" in page
    assert "Say <code>coo</code> and wait." in page
    assert 'href="https://pigeon.example/help/"' in page
    assert 'name="secret"' not in page


@pytest.mark.row("L3")
def test_the_form_has_what_the_setup_declares(cast, line, pigeon):
    page = text_of(get(cast.alla, CONNECT.format(line.pk), piece=True, step="fields"))

    assert 'type="password" name="secret"' in page
    assert 'name="loft"' in page
    assert "Where the pigeons live" in page
    assert '<option value="SLOW" selected>' in page
    assert page.index("<details") < page.index('name="owner"') < page.index('name="night"')
    assert "hx-preserve" in page


def test_the_need_of_a_public_address_is_said_before_anything_is_filled_in(cast, line, pigeon, settings):
    settings.PUBLIC_URL = ""

    assert "PUBLIC_URL" in text_of(get(cast.alla, CONNECT.format(line.pk), piece=True))
    refused = post(cast.alla, CONNECT.format(line.pk), piece=True, **VALUES)

    assert refused.status_code == 422
    assert "PUBLIC_URL" in text_of(refused)
    assert not Channel.objects.filter(kind="pigeon").exists()


@pytest.mark.row("L3")
def test_a_check_says_who_it_is_and_when_it_ends(cast, line, pigeon):
    pigeon.expires_in = 60 * 24 * 3600

    page = text_of(post(cast.alla, "/settings/channels/check/pigeon/", piece=True, **VALUES))

    assert "Found: Loft No. 7" in page
    assert f"Its number there is {LOFT}" in page
    assert "holds until" in page
    assert not Channel.objects.filter(kind="pigeon").exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"loft": LOFT}, "Fill this in."),
        (VALUES | {"speed": "LIGHT"}, "Choose one of the list."),
        (VALUES | {"owner": "nobody"}, "Enter a valid email address."),
        (VALUES | {"most": "many"}, "Enter a number."),
        (VALUES | {"loft": "x" * 5000}, "At most 4096 characters."),
    ],
)
def test_a_mistake_is_said_at_its_field_and_no_secret_comes_back(cast, line, pigeon, values, words):
    refused = post(cast.alla, CONNECT.format(line.pk), piece=True, **values)

    assert refused.status_code == 422
    assert words in text_of(refused)
    assert SECRET not in text_of(refused)
    assert pigeon.asked == []


@pytest.mark.row("L3")
def test_what_was_filled_in_is_kept_where_it_belongs(cast, line, pigeon):
    post(cast.alla, CONNECT.format(line.pk), **VALUES, speed="QUICK", owner="o@x.example", night="on")

    account = Account.objects.get(channel__kind="pigeon")
    assert account.credentials == {"secret": SECRET}
    assert account.settings["loft"] == LOFT
    assert (account.settings["speed"], account.settings["owner"], account.settings["night"]) == (
        "QUICK", "o@x.example", True,
    )  # fmt: skip
    assert (account.channel.scope, account.channel.name) == ("pigeon:loft-7", "Loft No. 7")
    assert pigeon.delivers_to == f"https://chat.example/hooks/pigeon/{account.webhook_token}/"


@pytest.mark.row("L3")
def test_what_is_entered_at_the_provider_is_shown_to_administrators_alone(cast, line, connected):
    account = connected.account
    for address in (f"/settings/channels/{connected.pk}/test/", f"/settings/channels/{connected.pk}/"):
        page = text_of(get(cast.alla, address, piece=True))
        assert f"https://chat.example/hooks/pigeon/{account.webhook_token}/" in page
        assert account.webhook_secret in page
        assert "Number of the ring" in page
        assert get(cast.sergey, address, piece=True).status_code == 403

    path = f"/channels/{connected.pk}/provider-entries/"
    entries = {entry["name"]: entry["value"] for entry in Caller.by(cast.alla).get(path).json()}
    assert set(entries) == {"webhook_url", "verify_token", "ring"}
    assert Caller.by(cast.sergey).get(path).status_code == 403


def test_other_values_keep_the_secret_that_is_left_empty(cast, line, connected):
    page = text_of(get(cast.alla, f"/settings/channels/{connected.pk}/", piece=True))
    assert f'name="loft" value="{LOFT}"' in page
    assert SECRET not in page

    post(cast.alla, f"/settings/channels/{connected.pk}/token/", secret="", loft=LOFT, speed="QUICK")

    account = Account.objects.get(channel=connected)
    assert account.credentials == {"secret": SECRET}
    assert account.settings["speed"] == "QUICK"


def test_a_token_that_is_no_longer_accepted_comes_with_the_advice_of_its_kind(cast, line, connected, pigeon):
    pigeon.trouble = ConnectorError("no", kind="TOKEN")

    page = text_of(post(cast.alla, f"/settings/channels/{connected.pk}/check/", piece=True))

    assert "Ask the keeper for another secret." in page


def test_a_kind_that_is_no_longer_there_keeps_its_page(cast, line, connected, monkeypatch):
    monkeypatch.undo()

    assert browser(cast.alla).get(f"/settings/channels/{connected.pk}/").status_code == 200


@pytest.mark.row("L3")
def test_the_api_says_what_a_kind_asks_for_and_connects_with_it(cast, line, pigeon):
    alla = Caller.by(cast.alla)
    (kind,) = [kind for kind in alla.get("/channel-kinds/").json() if kind["kind"] == "pigeon"]
    assert (kind["title"], kind["needs_public_url"]) == ("Pigeon post", True)
    secret, _loft, speed = kind["setup_fields"][:3]
    assert (secret["name"], secret["is_secret"], secret["is_required"]) == ("secret", True, True)
    assert speed["choices"] == [{"value": "SLOW", "label": "Slow"}, {"value": "QUICK", "label": "Quick"}]

    body = {"line": line.pk, "kind": "pigeon", "values": {"loft": LOFT}}
    refused = alla.post("/channels/", body).json()
    assert list(refused["fields"]) == ["secret"]
    made = alla.post("/channels/", body | {"values": VALUES})

    assert SECRET not in made.content.decode()
    channel = made.json()
    changed = alla.put(f"/channels/{channel['id']}/credentials/", {"values": VALUES | {"secret": "other"}})
    assert changed.json()["state"] == "CONNECTED"
    assert Account.objects.get(channel_id=channel["id"]).credentials == {"secret": "other"}
    pigeon.trouble = ConnectorError("The loft is shut.")
    checked = alla.post(f"/channels/{channel['id']}/check/").json()
    assert (checked["state"], checked["last_error"]) == ("DEGRADED", "The loft is shut.")


@pytest.mark.row("C17")
def test_a_channel_that_differs_from_its_kind_says_so_to_those_who_work_with_it(cast, line, pigeon):
    post(cast.alla, CONNECT.format(line.pk), **VALUES, speed="QUICK")

    def lengths(user):
        kinds = {kind["kind"]: kind for kind in Caller.by(user).get("/channel-kinds/").json()}
        return kinds["pigeon"]["text_length"], [own["text_length"] for own in kinds["pigeon"]["channels"]]

    assert lengths(cast.alla) == lengths(cast.sergey) == (100, [50])
    assert lengths(cast.mallory) == (100, [])


@pytest.mark.parametrize("loft", ["a\0b", ["x"], {"a": 1}, None, 7, True, "x" * 5000])
def test_odd_values_over_the_api_are_refused_or_kept_as_words(cast, line, pigeon, loft):
    body = {"line": line.pk, "kind": "pigeon", "values": {"secret": SECRET, "loft": loft}}

    assert Caller.by(cast.alla).post("/channels/", body).status_code in (201, 400)


def test_a_kind_that_nobody_knows_is_refused(cast, line):
    refused = Caller.by(cast.alla).post("/channels/", {"line": line.pk, "kind": "owl"})

    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["kind"])
