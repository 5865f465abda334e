"""The visitors' socket, with a real hub behind it."""

import json
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from channels_connectors.livechat.streams import visitor_stream
from channels_connectors.livechat.throttles import Rate
from channels_connectors.livechat.tokens import issue_token, visitor_of
from config.asgi import application
from openlines.changes import send_frame
from openlines.models import Channel
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.livechat.conftest import SHOP
from tests.channels_connectors.livechat.visitors import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def threaded(function):
    """Database work on another thread, whose connection is gone afterwards: the test's database can be dropped."""

    def run(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return sync_to_async(run, thread_sensitive=False)


@pytest.fixture(autouse=True)
def _threads(monkeypatch):
    monkeypatch.setattr("channels_connectors.livechat.realtime.consumers.in_thread", threaded)


class Browser:
    """The browser's end of a socket."""

    def __init__(self, key, token, *, origin="", address="127.0.0.1"):
        headers = [(b"host", b"testserver"), *([(b"origin", origin.encode())] if origin else [])]
        scope = {"type": "websocket", "path": f"/ws/chat/{key}/", "query_string": f"token={token}".encode()}
        self.line = ApplicationCommunicator(
            application, scope | {"headers": headers, "client": (address, 5), "subprotocols": []}
        )

    async def hear(self):
        """The next frame, or the code of the closing."""
        message = await self.line.receive_output(5)
        return json.loads(message["text"]) if message["type"] == "websocket.send" else message.get("code")

    async def say(self, text):
        await self.line.send_input({"type": "websocket.receive", "text": text})

    async def close(self):
        await self.line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.line.wait(5)


@asynccontextmanager
async def opened(key, token, **details):
    browser = Browser(key, token, **details)
    await browser.line.send_input({"type": "websocket.connect"})
    assert (await browser.line.receive_output(5))["type"] == "websocket.accept"
    yield browser
    await browser.close()


@asynccontextmanager
async def listening(visitor):
    """A socket that has been let in, and whose hub hears what is published."""
    async with opened(visitor.widget.key, visitor.token) as browser:
        assert (await browser.hear())["type"] == "hello"
        assert (await browser.hear())["type"] == "resync"
        yield browser


@pytest.fixture
def visitor(widget):
    cache.clear()
    return Visitor(widget).arrive()


def reply(cast, dialog, text, **fields):
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    send_reply(dialog_id=dialog.pk, operator=cast.olga, text=text, now=timezone.now(), **fields)


@pytest.mark.row("C3")
async def test_a_visitor_hears_the_answer(visitor, cast):
    async with listening(visitor) as browser:
        await threaded(visitor.write)("Hello")
        assert [message["text"] for message in (await browser.hear())["messages"]] == ["Hello"]
        dialog = await threaded(lambda: visitor.dialog)()
        await threaded(reply)(cast, dialog, "Between us", visibility="STAFF")
        await threaded(reply)(cast, dialog, "Hi, this is Olga")

        frame = await browser.hear()
        while not frame["messages"]:
            frame = await browser.hear()
        assert [message["text"] for message in frame["messages"]] == ["Hi, this is Olga"]


async def test_nobody_hears_the_conversation_of_another(visitor, widget):
    other = await threaded(lambda: Visitor(widget).arrive())()
    async with listening(other) as browser:
        await threaded(visitor.write)("Hello")
        channel_id, me = widget.channel.pk, visitor_of(other.token, channel_id=widget.channel.pk)
        await threaded(send_frame)({"type": "last"}, to=[visitor_stream(channel_id, me)])

        assert await browser.hear() == {"type": "last"}


async def test_a_heartbeat_is_answered_with_the_newest_dialog(visitor):
    async with listening(visitor) as browser:
        await browser.say('{"type": "heartbeat"}')
        assert await browser.hear() == {"type": "heartbeat", "dialog": None}

        await threaded(visitor.write)("Hello")
        await browser.hear()
        await browser.say('{"type": "heartbeat"}')
        assert (await browser.hear())["dialog"] == (await threaded(visitor.messages)())["dialogs"][0]


@pytest.mark.row("C3")
async def test_staff_see_the_visitor_typing(visitor, monkeypatch):
    sent = []
    await threaded(visitor.write)("Hello")
    dialog = await threaded(lambda: visitor.dialog)()
    async with listening(visitor) as browser:
        monkeypatch.setattr("openlines.services.client_signs.send_frame", lambda frame, to: sent.append((frame, to)))
        for frame in ('{"type": "typing"}', '{"type": "typing"}', '{"type": "heartbeat"}'):
            await browser.say(frame)
        await browser.hear()

    ((frame, to),) = sent
    assert frame["author"] == {"kind": "CLIENT", "id": dialog.client_id, "name": f"#{dialog.client_id}"}
    assert "administrators" in to
    assert not any(stream.startswith("visitor:") for stream in to)


async def test_what_makes_no_sense_is_ignored(visitor):
    async with listening(visitor) as browser:
        for frame in ("", "x", "[]", "5", "{}", '{"type": ["typing"]}', "[" * 900, '{"type": "' + "x" * 2000):
            await browser.say(frame)
        await browser.say('{"type": "heartbeat"}')

        assert (await browser.hear())["type"] == "heartbeat"


async def test_without_a_token_there_is_no_line(widget):
    async with opened(widget.key, "nonsense") as browser:
        assert await browser.hear() == 4401


async def test_the_token_of_another_chat_is_none(widget):
    token = issue_token(channel_id=widget.channel.pk + 1, visitor="anna")
    async with opened(widget.key, token) as browser:
        assert await browser.hear() == 4401


async def test_an_unknown_or_closed_chat_is_refused(visitor):
    async with opened("unknown-key", visitor.token) as browser:
        assert await browser.hear() == 4403

    await threaded(Channel.objects.update)(state=Channel.State.PAUSED)
    async with opened(visitor.widget.key, visitor.token) as browser:
        assert await browser.hear() == 4403


@pytest.mark.parametrize(
    ("origin", "heard"), [(SHOP, "hello"), ("http://testserver", "hello"), ("https://evil.example", 4403)]
)
async def test_only_named_sites_and_our_own_pages_may_listen(shop_only, origin, heard):
    token = issue_token(channel_id=shop_only.channel.pk, visitor="anna")
    async with opened(shop_only.key, token, origin=origin) as browser:
        answer = await browser.hear()

    assert (answer if isinstance(answer, int) else answer["type"]) == heard


async def test_an_address_that_connects_all_the_time_is_slowed_down(visitor, monkeypatch):
    monkeypatch.setattr("channels_connectors.livechat.realtime.consumers.SOCKETS_OF_ADDRESS", Rate("few", 1, 3600))
    async with opened(visitor.widget.key, visitor.token, address="10.9.9.9") as browser:
        assert (await browser.hear())["type"] == "hello"
    async with opened(visitor.widget.key, visitor.token, address="10.9.9.9") as browser:
        assert await browser.hear() == 4429
