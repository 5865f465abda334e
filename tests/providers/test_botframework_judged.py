"""Clients that Microsoft wrote take the simulated Bot Framework for the real one, and our activities for right ones.

botframework-connector works as a bot against the simulator; microsoft-agents-activity reads what the simulator sends,
and what our connector sends. Who may come in is judged in ``tests/channels_connectors/botframework/test_proof.py``.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
import requests
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ErrorResponseException
from botframework.connector import ConnectorClient
from microsoft_agents.activity import Activity as AgentsActivity
from msrest.authentication import BasicTokenAuthentication

from channels_connectors.botframework.connector import BotFramework
from openlines.types import Button, OutgoingAttachment, OutgoingPart
from tests.channels_connectors.contract.botframework import BotFrameworkDriver
from tests.providers.botframework import ANNA, APP_ID, APP_SECRET, BOT, CONVERSATION
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.row("C9"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]

JUDGES = {
    "botframework": {
        "botframework-connector": "writes, answers, changes, takes back, is refused; gives the same verdicts on tokens",
        "microsoft-agents-activity": "what the simulator sends and what we send are activities",
    }
}


@pytest.fixture
def driver():
    with BotFrameworkDriver.begin() as driver:
        yield driver


@pytest.fixture
def client(driver) -> ConnectorClient:
    form = {
        "grant_type": "client_credentials", "client_id": APP_ID, "client_secret": APP_SECRET,
        "scope": "https://api.botframework.com/.default",
    }  # fmt: skip
    token = requests.post(driver.simulator.settings["token_url"], data=form, timeout=5).json()
    return ConnectorClient(BasicTokenAuthentication(token), base_url=driver.simulator.base_url)


def said(text: str) -> Activity:
    return Activity(
        type="message", text=text, from_property=ChannelAccount(id=BOT["id"]),
        conversation=ConversationAccount(id=CONVERSATION["id"]),
    )  # fmt: skip


def test_microsofts_own_client_writes_answers_changes_and_takes_back(client, driver):
    conversation = CONVERSATION["id"]
    first = client.conversations.send_to_conversation(conversation, said("Hello"))
    second = client.conversations.reply_to_activity(conversation, first.id, said("And more"))
    client.conversations.update_activity(conversation, first.id, said("Hello!"))

    assert [one.activity["text"] for one in driver.simulator.said] == ["Hello!", "And more"]
    assert driver.simulator.said[1].reply_to == first.id
    client.conversations.delete_activity(conversation, second.id)
    assert [one.id for one in driver.simulator.said] == [first.id]
    assert [member.id for member in client.conversations.get_conversation_members(conversation)] == [ANNA["id"]]


def test_it_hears_refusals_as_microsoft_words_them(client):
    with pytest.raises(ErrorResponseException) as caught:
        client.conversations.send_to_conversation("nowhere", said("Hello"))
    assert caught.value.error.error.code == "ConversationNotFound"


def everything_a_client_does(driver) -> list[dict[str, Any]]:
    first = driver.text("Hello")
    return [
        first, driver.medium("IMAGE", number=3), driver.medium("FILE", number=4), driver.location(),
        driver.reply("Yes", to=first["id"]), driver.album()[0], driver.edit_in("Hello!"), driver.delete_in(),
        driver.press("rating:1:2", "Two"), driver.blocked_in(is_reachable=False), driver.typing_in(),
        driver.reaction("👍", to=first["id"]), driver.unknown(), *driver.of_no_interest(),
    ]  # fmt: skip


def test_what_the_simulator_sends_are_activities(driver):
    for activity in everything_a_client_does(driver):
        read = AgentsActivity.model_validate(activity)
        again = read.model_dump(mode="json", by_alias=True, exclude_unset=True)

        assert (read.type, read.conversation.id) == (activity["type"], CONVERSATION["id"])
        assert set(again) == set(activity)


def test_what_we_send_are_activities(driver, tmp_path):
    path = tmp_path / "sofa.png"
    path.write_bytes(a_picture())
    file = OutgoingAttachment(id=uuid4(), kind="IMAGE", path=str(path), name="sofa.png", mime="image/png", size=1)
    parts = [
        {"text": "Hello", "reply_to_external_id": "1"},
        {"text": "Look", "attachments": (file,)},
        {"text": "How was it?", "buttons": ((Button(text="Good", payload="rating:1:5"),),)},
    ]
    for fields in parts:
        for channel_id in ("msteams", "webchat"):
            thread = dict(driver.thread) | {"channel_id": channel_id}
            part = OutgoingPart(message_id=1, number=0, chat_external_id="x", thread=thread, **fields)
            BotFramework().send(part, driver.account)

    for call in driver.simulator.calls_to("/activities"):
        activity = json.loads(call.body)
        read = AgentsActivity.model_validate(activity)
        assert set(read.model_dump(mode="json", by_alias=True, exclude_unset=True)) == set(activity)
        known = Activity.deserialize(activity)
        assert not known.additional_properties
        assert known.serialize()["text"] == activity["text"]
