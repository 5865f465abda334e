"""Instagram's two log-ins."""

import json
from dataclasses import replace

import pytest

from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.meta.graph import FACEBOOK_URL, INSTAGRAM_URL
from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.instagram import InstagramDriver
from tests.channels_connectors.contract.trying import Trial
from tests.providers.meta.model import IG_ID, IG_TOKEN, IGSID, INSTAGRAM_SECRET, Token
from tests.providers.meta.webhooks import direct, packed, signed

pytestmark = pytest.mark.row("C6")

HOOK = "https://shop.example.org/hooks/instagram/a-long-secret-token/"
DIRECT = CONNECTORS["instagram"]


@pytest.fixture
def driver():
    with InstagramDriver.begin() as driver:
        yield driver


@pytest.fixture
def own(driver):
    """The same account, with Instagram's own log-in."""
    account = driver.account
    credentials = {**account.credentials, "access_token": IG_TOKEN, "instagram_app_secret": INSTAGRAM_SECRET}
    return replace(account, credentials=credentials, settings={"read_seconds": 0.5, "flavour": "instagram_login"})


def test_each_log_in_has_its_host(driver, own):
    assert DIRECT.graph(replace(driver.account, base_url="")).base_url == FACEBOOK_URL
    assert DIRECT.graph(replace(own, base_url="")).base_url == INSTAGRAM_URL


def test_through_a_page_the_account_that_is_linked_to_it_is_meant(driver):
    checked = DIRECT.check(driver.account)

    assert (checked.external_id, checked.title) == (IG_ID, "@loft")
    assert checked.settings["page_id"]
    assert checked.expires_in is None
    assert DIRECT.refresh(driver.account) is None


def test_with_its_own_log_in_the_token_is_renewed_at_once(driver, own):
    checked = DIRECT.check(own)

    assert (checked.external_id, checked.title) == (IG_ID, "@loft")
    assert checked.credentials["access_token"].startswith(f"{IG_TOKEN}r")
    assert checked.expires_in == 60 * 24 * 3600


def test_a_token_of_today_needs_no_renewal(driver, own):
    driver.world.tokens[IG_TOKEN] = Token("INSTAGRAM", IG_ID, scopes=("young",))

    assert DIRECT.check(own).credentials == {}
    assert DIRECT.refresh(own).credentials["access_token"] == IG_TOKEN


def test_a_renewed_token_goes_on_working(driver, own):
    refreshed = DIRECT.refresh(own)

    newer = replace(own, credentials=refreshed.credentials)
    assert refreshed.credentials["app_secret"]
    assert DIRECT.fetch_profile(IGSID, newer).username == "anna_p"


def test_an_ended_token_says_so(driver, own):
    driver.world.tokens[IG_TOKEN].is_valid = False

    for ask in (DIRECT.check, DIRECT.refresh):
        with pytest.raises(ConnectorError) as caught:
            ask(own)
        assert caught.value.kind == "TOKEN"


def test_either_secret_signs(driver, own):
    body = packed(direct("aWdf1", "Hi"), about="instagram", account=IG_ID)

    DIRECT.verify(signed(body), own)
    DIRECT.verify(signed(body, INSTAGRAM_SECRET), own)
    with pytest.raises(SignatureMismatch):
        DIRECT.verify(signed(body, INSTAGRAM_SECRET), driver.account)


def test_its_webhook_has_both_halves(driver, own):
    DIRECT.set_webhook(url=HOOK, account=own)
    assert DIRECT.subscription(url=HOOK, account=own).is_ours
    assert "messages" in driver.world.page_subscriptions[IG_ID]

    driver.world.page_subscriptions.clear()
    assert not DIRECT.subscription(url=HOOK, account=own).is_ours

    DIRECT.set_webhook(url=HOOK, account=own)
    DIRECT.remove_webhook(own)
    assert not driver.world.page_subscriptions


def test_it_sends_with_its_own_token(driver, own, tmp_path):
    trial = Trial(DIRECT, driver, tmp_path)
    for part in trial.parts("Hello"):
        DIRECT.send(part, own)

    (call,) = driver.simulator.calls_to("/messages")
    assert call.headers["authorization"] == f"Bearer {IG_TOKEN}"
    assert "appsecret_proof" not in call.query
    assert "metadata" not in json.loads(call.body)["message"]


def test_a_page_without_an_account_is_told_what_to_do(driver, monkeypatch):
    monkeypatch.setattr(driver.simulator, "_get_node", lambda *_: {"id": "1000001", "name": "Loft"})

    with pytest.raises(ConnectorError) as caught:
        DIRECT.check(driver.account)
    assert "Loft" in str(caught.value)
