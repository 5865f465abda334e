"""The senders of storms and benchmarks say what connectors understand."""

import pytest

from channels_connectors.accounts import account_of
from channels_connectors.connector import WebhookRequest
from channels_connectors.inbox import keep_event, process_channel
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from openlines.models import Message
from tests.scenes import Scene
from tests.senders import ACCOUNTS, connect_all, request

pytestmark = pytest.mark.row("C18")


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_what_a_sender_says_is_understood(scene: Scene, kind: str, monkeypatch):
    monkeypatch.setattr("channels_connectors.subscribers.later", lambda work: None)
    hooks = connect_all(scene.line, "http://127.0.0.1:1")
    row = Account.objects.select_related("channel").get(channel__kind=kind)
    connector, account = connector_for(kind), account_of(row)

    for number in (1, 2):
        sent = request(ACCOUNTS[kind], hooks[kind], number=number, client=7, text=f"Text {number}")
        head, _, body = sent.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
        given = WebhookRequest(body=body, headers={name.lower(): value for name, value in lines})
        connector.verify(given, account)
        for event in connector.events(given, account):
            assert event.scope in ("", account.scope)
            keep_event(channel_id=row.channel_id, key=event.key, body=event.body)
    process_channel(channel_id=row.channel_id, now=scene.now)

    said = Message.objects.filter(author_kind="CLIENT").order_by("pk")
    assert [(message.text, message.chat.channel.kind) for message in said] == [("Text 1", kind), ("Text 2", kind)]
