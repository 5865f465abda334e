import json
from dataclasses import replace

import pytest

from channels_connectors.connector import ChatRef
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import CONNECTORS
from openlines.types import Button, IncomingAttachment
from tests.channels_connectors.contract.messenger import MessengerDriver
from tests.channels_connectors.contract.trying import Trial
from tests.providers.meta.model import PAGE_ID, PSID
from tests.providers.meta.webhooks import attachment, message, packed

pytestmark = pytest.mark.row("C4")


@pytest.fixture
def trial(tmp_path):
    with MessengerDriver.begin() as driver:
        yield Trial(CONNECTORS["messenger"], driver, tmp_path)


def with_settings(trial, **own_settings):
    account = replace(trial.driver.account, settings={**trial.driver.account.settings, **own_settings})
    return lambda text, **fields: [
        trial.connector.send(part, account)
        for part in trial.connector.parts_of(trial.outgoing(text, **fields), account)
    ]


def buttons(*titles):
    return tuple((Button(text=title, payload=f"answer:{title}"),) for title in titles)


def test_our_key_travels_with_each_part(trial):
    trial.send("x" * 3000)

    assert [sent.metadata for sent in trial.driver.world.sent] == ["7.0", "7.1"]


def test_neither_token_nor_secret_ever_stands_in_an_address(trial):
    trial.send("Hello", attachments=(trial.attachment("IMAGE"),))
    trial.connector.set_webhook(url="https://shop.example.org/hooks/messenger/token/", account=trial.driver.account)
    trial.connector.check(trial.driver.account)

    for call in trial.driver.simulator.calls:
        named = {name: value for name, value in call.query.items() if name != "input_token"}
        assert not trial.secrets_in(json.dumps(named)), call.path
        assert call.headers["authorization"].startswith("Bearer ")


def test_calls_prove_that_they_come_from_the_app(trial):
    trial.send("Hello")
    assert len(trial.driver.simulator.calls[-1].query["appsecret_proof"]) == 64

    forger = replace(trial.driver.account, credentials={**trial.driver.account.credentials, "app_secret": "another"})
    with pytest.raises(ConnectorError):
        trial.connector.send(trial.parts("Hello")[0], forger)


def test_up_to_three_buttons_stay_and_more_are_quick_replies(trial):
    trial.send("Pick one", buttons=buttons("A", "B", "C"))
    trial.send("Pick one", buttons=buttons(*"ABCDEFGHIJKLM"))
    trial.send("x" * 641, buttons=buttons("A"))

    bodies = [json.loads(call.body)["message"] for call in trial.driver.simulator.calls_to("/messages")]
    assert [sorted(body) for body in bodies] == [
        ["attachment", "metadata"], ["metadata", "quick_replies", "text"], ["metadata", "quick_replies", "text"],
    ]  # fmt: skip
    assert [len(sent.buttons) for sent in trial.driver.world.sent] == [3, 13, 1]


def test_long_labels_are_cut_to_what_messenger_takes(trial):
    trial.send("Pick one", buttons=buttons("A label of more than twenty letters"))

    assert trial.driver.world.sent[0].buttons == ("A label of more than",)


class TestAfterADay:
    @pytest.fixture(autouse=True)
    def a_day_later(self, trial):
        trial.driver.simulator.age(2 * 24 * 3600)
        trial.driver.world.has_human_agent = True

    def test_nothing_goes_out(self, trial):
        assert trial.refused().kind == "WINDOW"

    def test_a_person_may_still_answer_where_meta_granted_it(self, trial):
        with_settings(trial, human_agent=True)("Sorry for the wait")

        assert [sent.tag for sent in trial.driver.world.sent] == ["HUMAN_AGENT"]

    def test_what_no_person_wrote_never_uses_the_tag(self, trial):
        with pytest.raises(ConnectorError) as caught:
            with_settings(trial, human_agent=True)("We miss you", is_automatic=True)

        assert caught.value.kind == "WINDOW"
        assert not trial.driver.world.sent

    def test_after_a_week_nobody_may(self, trial):
        trial.driver.simulator.age(7 * 24 * 3600)

        with pytest.raises(ConnectorError) as caught:
            with_settings(trial, human_agent=True)("Sorry for the wait")
        assert caught.value.kind == "WINDOW"


def test_within_the_day_the_tag_is_not_used(trial):
    with_settings(trial, human_agent=True)("Hello")

    assert [sent.tag for sent in trial.driver.world.sent] == [""]


def test_operators_have_a_week_only_where_it_is_switched_on(trial):
    can = trial.connector.capabilities_of
    assert can({}).operator_window_seconds == 0
    assert can({"human_agent": True}).operator_window_seconds == 7 * 24 * 3600
    assert can({"human_agent": "yes"}).operator_window_seconds == 0


def test_a_picture_of_another_type_goes_as_a_file(trial):
    picture = replace(trial.attachment("IMAGE", name="sofa.webp"), mime="image/webp")
    trial.send("", attachments=(picture,))

    assert [(sent.kind, sent.name) for sent in trial.driver.world.sent] == [("FILE", "sofa.webp")]


def test_an_upload_without_an_answer_has_sent_nothing(trial):
    trial.driver.simulator.fault("hang_after", path="/message_attachments")

    assert trial.refused("", attachments=(trial.attachment("IMAGE"),)).kind == "RETRY"
    assert not trial.driver.world.sent


@pytest.mark.parametrize("content", [None, b"", b"x" * (25 * 1024 * 1024 + 1)])
def test_files_that_are_gone_empty_or_too_large_are_refused(trial, tmp_path, content):
    file = trial.attachment("FILE")
    path = tmp_path / "other"
    if content is not None:
        path.write_bytes(content)

    assert trial.refused("", attachments=(replace(file, path=str(path)),)).kind == "PERMANENT"
    assert not trial.driver.simulator.calls


def test_a_link_that_has_ended_is_asked_for_anew(trial):
    driver = trial.driver
    old, new = driver.simulator.link("gone.png"), driver.file("newer.png", driver.content_of("IMAGE"))
    event = packed(message("m_1", attachments=[attachment("image", old)]))
    driver.simulator.attachments["m_1"] = [new]

    medium = IncomingAttachment(kind="IMAGE", reference=old)
    assert trial.connector.fetch_media(medium, driver.account, event=event).content == driver.content_of("IMAGE")

    with pytest.raises(ConnectorError) as caught:
        trial.connector.fetch_media(medium, driver.account)
    assert caught.value.kind == "PERMANENT"


def test_a_private_address_is_never_called(trial):
    medium = IncomingAttachment(kind="IMAGE", reference="https://169.254.169.254/latest/meta-data/")

    with pytest.raises(ConnectorError) as caught:
        trial.connector.fetch_media(medium, trial.driver.account)
    assert caught.value.kind == "PERMANENT"


def test_the_name_comes_from_the_profile(trial):
    person = trial.connector.fetch_profile(PSID, trial.driver.account)

    assert person is not None
    assert (person.name, person.language) == ("Anna Petrova", "en")
    assert person.photo_reference.endswith("anna.png")


def test_marks_and_typing_are_actions(trial):
    trial.connector.show_typing(ChatRef(external_id=PSID), trial.driver.account)

    (call,) = trial.driver.simulator.calls_to("/messages")
    assert call.path.endswith(f"/{PAGE_ID}/messages")
    assert json.loads(call.body) == {"recipient": {"id": PSID}, "sender_action": "typing_on"}
