"""What goes out: words that look like commands arrive as words, and no failure tells anybody a secret."""

import logging
import traceback

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.drivers import driver_of
from tests.channels_connectors.contract.trying import Trial

pytestmark = [pytest.mark.row("C17"), pytest.mark.row("C18")]

FAILURES = ("blocked", "token", "window", "flood", "outage", "timeout_before", "permanent")
CASES = [
    (kind, how)
    for kind in sorted(CONNECTORS)
    for how in FAILURES
    if not {how, "send_text"} & driver_of(kind).cannot.keys()
]
SENDING = [kind for kind in sorted(CONNECTORS) if "send_text" not in driver_of(kind).cannot]
COMMANDS = 'Hi&access_token=x&peer_id=1"}, {"to": "boris"} <script>alert(1)</script> %0d%0aBcc: x@y.org {{1}} $(id)'


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_a_failed_send_tells_no_secret(kind, how, tmp_path, caplog):
    """Neither its words, nor what it came from, nor what any library logged on the way."""
    caplog.set_level(logging.INFO)
    with driver_of(kind).begin() as driver:
        trial = Trial(CONNECTORS[kind], driver, tmp_path)
        driver.fail(how)
        with pytest.raises(ConnectorError) as caught:
            trial.send("Hello")
        assert trial.secrets_in("".join(traceback.format_exception(caught.value))) == []
        assert trial.secrets_in(caplog.text) == []


@pytest.mark.parametrize("kind", SENDING)
def test_words_that_look_like_commands_are_words(kind, tmp_path):
    with driver_of(kind).begin() as driver:
        trial = Trial(CONNECTORS[kind], driver, tmp_path)
        trial.send(COMMANDS)
        assert [one.text for one in trial.arrived()] == [COMMANDS]
