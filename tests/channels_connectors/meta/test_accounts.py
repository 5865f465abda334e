"""Whose a token is, and the better one it is changed for."""

from dataclasses import replace

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.messenger import MessengerDriver
from tests.providers.meta.model import OTHER_PAGE_ID, PAGE_ID, PAGE_TOKEN, USER_TOKEN, Token

pytestmark = pytest.mark.row("C4")


@pytest.fixture
def driver():
    with MessengerDriver.begin() as driver:
        yield driver


def check(driver, token=PAGE_TOKEN, **own_settings):
    account = replace(driver.account, credentials={**driver.account.credentials, "access_token": token})
    return CONNECTORS["messenger"].check(replace(account, settings={"read_seconds": 0.5, **own_settings}))


def refusal(driver, *args, **own_settings):
    with pytest.raises(ConnectorError) as caught:
        check(driver, *args, **own_settings)
    return caught.value


def test_the_token_of_a_page_is_kept(driver):
    checked = check(driver)

    assert (checked.external_id, checked.title) == (PAGE_ID, "Loft")
    assert checked.credentials == {"access_token": PAGE_TOKEN}
    assert checked.expires_in is None


def test_the_token_of_a_person_becomes_the_page_s(driver):
    assert check(driver, USER_TOKEN).credentials == {"access_token": PAGE_TOKEN}


def test_of_several_pages_one_has_to_be_named(driver):
    driver.simulator.pages_of_user = [PAGE_ID, OTHER_PAGE_ID]

    error = refusal(driver, USER_TOKEN)
    assert error.kind == "PERMANENT"
    assert PAGE_ID in str(error)
    assert OTHER_PAGE_ID in str(error)
    assert check(driver, USER_TOKEN, page_id=PAGE_ID).external_id == PAGE_ID


def test_a_person_without_a_page_is_told_so(driver):
    driver.simulator.pages_of_user = []

    assert refusal(driver, USER_TOKEN).kind == "PERMANENT"


def test_missing_permissions_are_named(driver):
    driver.world.tokens[PAGE_TOKEN] = Token("PAGE", PAGE_ID, scopes=("pages_messaging",))

    assert "pages_manage_metadata" in str(refusal(driver))


def test_a_token_of_another_app_is_refused(driver):
    driver.world.tokens[PAGE_TOKEN] = Token("PAGE", PAGE_ID, app_id="777")

    assert refusal(driver).kind == "PERMANENT"


def test_a_token_that_was_taken_back_is_refused(driver):
    driver.world.tokens[PAGE_TOKEN].is_valid = False

    assert refusal(driver).kind == "TOKEN"
    assert refusal(driver, "").kind == "TOKEN"


def test_a_wrong_secret_of_the_app_is_refused(driver):
    account = replace(driver.account, credentials={**driver.account.credentials, "app_secret": "another"})

    with pytest.raises(ConnectorError) as caught:
        CONNECTORS["messenger"].check(account)
    assert caught.value.kind == "TOKEN"
