"""Activities at our door: what proves itself is stored, a stranger leaves nothing, trouble of ours loses nothing."""

import json

import pytest

from channels_connectors.botframework.connector import BotFramework
from channels_connectors.models import Account, RawEvent
from channels_connectors.registry import CONNECTORS
from openlines.models import Channel
from tests.channels_connectors.webhook_calls import called, endpoint
from tests.factories import make_cast, make_line
from tests.providers.botframework import APP_ID, APP_SECRET

__all__ = ["endpoint"]

pytestmark = [pytest.mark.usefixtures("endpoint"), pytest.mark.row("C9")]


@pytest.fixture
def post(endpoint, azure, monkeypatch):
    monkeypatch.setitem(CONNECTORS, "botframework", BotFramework())
    channel = Channel.objects.create(line=make_line(make_cast()), kind="botframework", name="Loft", scope="bf:1")
    row = Account(channel=channel, inbound=Account.Inbound.WEBHOOK, settings=azure.settings)
    row.credentials = {"app_id": APP_ID, "app_secret": APP_SECRET}
    row.save()
    path = f"/hooks/botframework/{row.webhook_token}/"

    def send(activity, header=None):
        headers = {"Authorization": header or azure.authorization(activity)}
        return called(lambda client: client.post(path, content=json.dumps(activity).encode(), headers=headers))

    return send


def test_what_proves_itself_is_stored(post, azure):
    assert post(azure.activity(text="Hello")).status_code == 200
    assert RawEvent.objects.count() == 1


def test_an_invocation_is_answered_with_something_that_can_be_read(post, azure):
    answer = post(azure.activity("invoke", name="signin/verifyState"))

    assert (answer.status_code, answer.json()) == (200, {})


def test_a_stranger_leaves_nothing(post, azure):
    activity = azure.activity(text="Hello")

    assert post(activity, azure.authorization(activity, aud="another")).status_code == 404
    assert RawEvent.objects.count() == 0


def test_while_the_keys_cant_be_had_microsoft_is_told_to_come_again(post, azure, monkeypatch):
    monkeypatch.setattr(type(azure), "weather_paths", ("",))
    azure.fault("500")
    answer = post(azure.activity(text="Hello"))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
