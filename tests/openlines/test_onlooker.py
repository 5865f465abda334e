"""A page that only shows a conversation listens without being on the line."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import connections

from crm.models import User
from openlines.realtime.consumers import NO_ACCESS, ConsoleConsumer
from routing.models import Connection
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def threaded(function: Any) -> Any:
    """Database work on another thread, whose connection is gone afterwards: the test's database can be dropped."""

    def run(*args: Any) -> Any:
        try:
            return function(*args)
        finally:
            connections.close_all()

    return sync_to_async(run, thread_sensitive=False)


@pytest.fixture(autouse=True)
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openlines.realtime.consumers.in_thread", threaded)


@threaded
def presence_and_connections(operator: User) -> tuple[str, int]:
    return User.objects.get(pk=operator.pk).presence, Connection.objects.count()


async def listening(user: User, query: bytes = b"") -> ApplicationCommunicator:
    scope = {"type": "websocket", "path": "/ws/console/", "query_string": query, "user": user, "headers": []}
    socket = ApplicationCommunicator(ConsoleConsumer.as_asgi(), scope)
    await socket.send_input({"type": "websocket.connect"})
    assert (await socket.receive_output())["type"] == "websocket.accept"
    return socket


async def frame(socket: ApplicationCommunicator, kind: str) -> dict[str, Any]:
    """The next frame of the kind."""
    while True:
        heard: dict[str, Any] = json.loads((await socket.receive_output(5))["text"])
        if heard["type"] == kind:
            return heard


@pytest.mark.parametrize(
    ("query", "presence"), [(b"", "ONLINE"), (b"onlooker=1", "OFFLINE"), (b"onlooker=0", "ONLINE")]
)
async def test_only_a_console_brings_its_operator_on_the_line(query, presence):
    olga = await threaded(make_user)("olga", User.Role.OPERATOR)
    socket = await listening(olga, query)
    await frame(socket, "hello")
    await socket.send_input({"type": "websocket.receive", "text": json.dumps({"type": "heartbeat"})})
    await frame(socket, "heartbeat")
    assert await presence_and_connections(olga) == (presence, presence == "ONLINE")
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait()


async def test_an_onlooker_needs_a_role_too():
    stranger = await threaded(make_user)("stranger", User.Role.NONE)
    socket = await listening(stranger, b"onlooker=1")
    assert (await socket.receive_output())["code"] == NO_ACCESS
