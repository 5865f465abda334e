"""Google's own description of the API judges the simulated YouTube, and our calls to it.

The discovery document that comes with google-api-python-client names every path, parameter and field: all that our
connector asks and all that the simulator answers is held against it; and Google's client works against the simulator.
"""

import json
from importlib.resources import files
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from channels_connectors.connector import Account
from channels_connectors.youtube.connector import YouTubeComments
from openlines.types import OutgoingPart, SentMessage
from tests.channels_connectors.contract.youtube import YouTubeDriver
from tests.providers.youtube import BORIS, CLIENT_ID, CLIENT_SECRET, LISTED_REPLIES, OUR_CHANNEL, REFRESH_TOKEN

pytestmark = pytest.mark.row("C10")

JUDGES = {
    "youtube": {
        "google-api-python-client": "Google's description of the API, every call and every answer; its client at work",
    }
}

Fields = dict[str, Any]
DOCUMENT: Fields = json.loads(
    files("googleapiclient").joinpath("discovery_cache", "documents", "youtube.v3.json").read_text("utf-8")
)
METHODS = {
    (method["httpMethod"], f"/{method['path']}"): method
    for resource in ("channels", "videos", "commentThreads", "comments")
    for method in DOCUMENT["resources"][resource]["methods"].values()
}
TYPES = {"string": str, "integer": int, "boolean": bool, "number": float, "array": list, "object": dict}


@pytest.fixture
def driver():
    with YouTubeDriver.begin() as driver:
        yield driver


def everything_we_do(driver: YouTubeDriver) -> None:
    connector, account, youtube = YouTubeComments(), driver.account, driver.youtube
    connector.check(account)
    polled = connector.poll(cursor="", timeout=0, account=account)
    thread = youtube.comments("One", image="https://i.example.org/1.png")
    for number in range(LISTED_REPLIES + 1):
        youtube.answers_to(thread, f"More {number}", author=BORIS)
    polled = connector.poll(cursor=polled.cursor, timeout=0, account=account)
    connector.complete(json.loads(polled.events[0].body), account=account)
    known = {"thread_id": thread.id, "comment_id": thread.id, "mention": ""}
    part = OutgoingPart(message_id=1, number=0, chat_external_id=driver.chat, text="Thanks", thread=known)
    receipt = connector.send(part, account)
    connector.find_sent(part, account)
    sent = SentMessage(chat_external_id=driver.chat, external_ids=receipt.parts)
    connector.edit(sent, part, account)
    theirs = SentMessage(chat_external_id=driver.chat, external_ids=(thread.id,))
    connector.hide(theirs, account, is_hidden=True)
    connector.hide(theirs, account, is_hidden=False)
    connector.delete(sent, account)
    connector.delete(theirs, account)


def test_every_call_of_ours_is_one_that_google_describes(driver):
    everything_we_do(driver)

    calls = [call for call in driver.youtube.calls if call.path.startswith("/youtube/")]
    assert {(call.method, call.path) for call in calls} >= {
        ("GET", "/youtube/v3/commentThreads"), ("GET", "/youtube/v3/comments"), ("POST", "/youtube/v3/comments"),
        ("PUT", "/youtube/v3/comments"), ("DELETE", "/youtube/v3/comments"),
        ("POST", "/youtube/v3/comments/setModerationStatus"),
    }  # fmt: skip
    for call in calls:
        method = METHODS[(call.method, call.path)]
        _hold_parameters(method["parameters"], dict(call.query))
        if call.body:
            _hold(DOCUMENT["schemas"][method["request"]["$ref"]], json.loads(call.body), call.path)


def _hold_parameters(described: Fields, given: Fields) -> None:
    assert {name for name, one in described.items() if one.get("required")} <= set(given)
    for name, value in given.items():
        parameter = described[name]
        assert value in parameter.get("enum", [value])
        if parameter["type"] == "integer":
            assert int(parameter["minimum"]) <= int(value) <= int(parameter["maximum"])


def test_every_answer_of_the_simulator_is_one_that_google_describes(driver):
    everything_we_do(driver)

    assert len(driver.youtube.answers) > 5
    for method, path, said in driver.youtube.answers:
        described = METHODS[(method, path)]["response"]["$ref"]
        _hold(DOCUMENT["schemas"][described], said, described)


def _hold(schema: Fields, value: Any, where: str) -> None:
    """Every field is known, of its type, and one of its values."""
    schema = DOCUMENT["schemas"][schema["$ref"]] if "$ref" in schema else schema
    assert isinstance(value, TYPES[schema["type"]]), where
    assert value in schema.get("enum", [value]), where
    if schema["type"] == "array":
        for item in value:
            _hold(schema["items"], item, f"{where}[]")
    if schema["type"] == "object":
        for name, inner in value.items():
            assert name in schema["properties"], f"{where}.{name}"
            _hold(schema["properties"][name], inner, f"{where}.{name}")


@pytest.fixture
def client(driver):
    account: Account = driver.account
    credentials = Credentials(
        token=None, refresh_token=REFRESH_TOKEN, token_uri=account.settings["token_url"], client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )  # fmt: skip
    options = {"api_endpoint": f"{account.base_url}/"}
    with build("youtube", "v3", credentials=credentials, static_discovery=True, client_options=options) as client:
        yield client


def test_googles_own_client_lists_answers_changes_and_deletes(client, driver):
    thread = driver.youtube.comments("One")
    listed = client.commentThreads().list(part="snippet,replies", allThreadsRelatedToChannelId=OUR_CHANNEL).execute()
    body = {"snippet": {"parentId": thread.id, "textOriginal": "Thanks"}}
    said = client.comments().insert(part="snippet", body=body).execute()
    change = {"id": said["id"], "snippet": {"textOriginal": "Thank you"}}
    client.comments().update(part="snippet", body=change).execute()

    assert [item["id"] for item in listed["items"]] == [thread.id]
    assert [one.text for one in driver.youtube.said()] == ["Thank you"]
    client.comments().delete(id=said["id"]).execute()
    client.comments().setModerationStatus(id=thread.id, moderationStatus="rejected").execute()
    assert (driver.youtube.said(), thread.status) == ([], "rejected")


def test_it_hears_refusals_as_google_words_them(client, driver):
    driver.youtube.quota = 0
    with pytest.raises(HttpError) as caught:
        client.comments().list(part="snippet", parentId="x").execute()
    assert caught.value.error_details[0]["reason"] == "quotaExceeded"
