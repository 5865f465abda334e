"""What Odnoklassniki says and takes, beside what the contract tries."""

from dataclasses import replace
from uuid import uuid4

import pytest

from channels_connectors.connector import WebhookRequest
from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.ok.api import KINDS, refusal_of
from channels_connectors.ok.payloads import incoming_from
from channels_connectors.registry import connector_for
from openlines.types import IncomingMessage, OutgoingAttachment, OutgoingPart
from tests.channels_connectors.contract.ok import OkDriver

pytestmark = pytest.mark.row("C14")
OK = connector_for("ok")


@pytest.fixture
def driver():
    with OkDriver.begin() as driver:
        yield driver


def test_numbers_too_large_for_browsers_stay_out_of_ids(driver):
    (message,) = incoming_from(driver.text("Hello"))

    assert isinstance(message, IncomingMessage)
    assert message.external_id.startswith("mid:")


def test_a_message_of_nothing_is_shown_as_one_that_can_not_be(driver):
    (message,) = incoming_from(driver.simulator.message(""))

    assert isinstance(message, IncomingMessage)
    assert message.kind == "UNSUPPORTED"


@pytest.mark.parametrize(
    ("networks", "remote", "is_let_in"),
    [
        ("", "217.20.151.170", True),
        ("", "217.20.151.176", False),
        ("203.0.113.0/24", "203.0.113.9", True),
        ("203.0.113.0/24", "217.20.151.170", False),
        ("2001:db8::/32", "2001:db8::5", True),
        ("*", "198.51.100.1", True),
    ],
)
def test_calls_come_from_the_networks_that_are_named(driver, networks, remote, is_let_in):
    account = replace(driver.account, settings={"networks": networks})
    request = WebhookRequest(body=b"{}", remote=remote)

    if is_let_in:
        OK.verify(request, account)
        return
    with pytest.raises(SignatureMismatch) as caught:
        OK.verify(request, account)
    assert caught.value.reason == "address"


@pytest.mark.parametrize(("code", "kind"), [*KINDS.items(), (9999, "RETRY")])
def test_refusals_by_their_codes(driver, code, kind):
    assert refusal_of({"error_code": code, "error_msg": "words"}, driver.account).kind == kind


def test_an_account_may_know_a_code_better(driver):
    account = replace(driver.account, settings={"error_kinds": {"457": "BLOCKED"}})

    assert refusal_of({"error_code": 457}, account).kind == "BLOCKED"


def test_only_our_address_stays_subscribed(driver):
    driver.simulator.subscriptions = ["https://old.example/hook"]

    OK.set_webhook(url="https://new.example/hook", account=driver.account)

    assert driver.simulator.subscriptions == ["https://new.example/hook"]


def test_a_press_is_answered_with_words(driver):
    (press,) = incoming_from(driver.press("rating:1:5", "5"))
    OK.acknowledge(press, driver.account, words="Thank you!")

    assert driver.simulator.answered == [press.context["callback_id"]]


def test_a_file_that_is_gone_is_told(driver, tmp_path):
    gone = OutgoingAttachment(id=uuid4(), kind="FILE", path=str(tmp_path / "gone"), name="a", mime="text/plain")
    part = OutgoingPart(message_id=1, number=0, chat_external_id=driver.chat, attachments=(gone,))

    with pytest.raises(ConnectorError) as caught:
        OK.send(part, driver.account)
    assert caught.value.kind == "PERMANENT"
