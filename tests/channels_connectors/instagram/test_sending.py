import json
from dataclasses import replace

import pytest

from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.instagram import InstagramDriver
from tests.channels_connectors.contract.trying import Trial

pytestmark = pytest.mark.row("C6")


@pytest.fixture
def trial(tmp_path):
    with InstagramDriver.begin() as driver:
        yield Trial(CONNECTORS["instagram"], driver, tmp_path)


def test_texts_are_cut_by_bytes_and_no_letter_is_torn(trial):
    trial.send("я" * 1200 + "👨‍👩‍👧‍👦" * 20)

    texts = [sent.text for sent in trial.driver.world.sent]
    assert all(len(text.encode()) <= 1000 for text in texts)
    assert "".join(texts) == "я" * 1200 + "👨‍👩‍👧‍👦" * 20


def test_files_are_fetched_by_instagram(trial):
    trial.send("", attachments=(trial.attachment("IMAGE"),))

    (call,) = trial.driver.simulator.calls_to("/messages")
    attachment = json.loads(call.body)["message"]["attachment"]
    assert attachment["type"] == "image"
    assert attachment["payload"]["url"].endswith("/cdn/sofa.png")


@pytest.mark.parametrize("change", [{"mime": "image/webp"}, {"public_url": ""}])
def test_what_instagram_can_t_take_is_refused_before_it_is_asked(trial, change):
    picture = replace(trial.attachment("IMAGE"), **change)

    assert trial.refused("", attachments=(picture,)).kind == "PERMANENT"
    assert not trial.driver.simulator.calls
