"""The operators' socket: who is let in, what is heard, and by whom."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import connections
from django.test import Client
from django.utils import timezone

from config.asgi import application
from crm.models import User
from crm.staff import change_member, set_active
from openlines.changes import send_frame
from openlines.models import Channel
from openlines.services.drafts import keep_draft
from openlines.services.lines import set_queue_members
from openlines.services.participants import invite_operators, remove_participant
from openlines.streams import user_stream
from routing.services.answering import answer_dialog
from routing.services.presence import forget_silent_consoles
from tests.factories import make_cast, make_channel, make_line, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("D12")]

HOST = (b"host", b"localhost")
ORIGIN = (b"origin", b"http://localhost")


def threaded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Database work on another thread, whose connection is gone afterwards: the test's database can be dropped."""

    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return sync_to_async(run, thread_sensitive=False)


@pytest.fixture(autouse=True)
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openlines.realtime.consumers.in_thread", threaded)


class Socket:
    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        scope = {"type": "websocket", "path": "/ws/console/", "query_string": b"", "headers": list(headers)}
        self.line = ApplicationCommunicator(application, scope | {"client": ("127.0.0.1", 5), "subprotocols": []})

    async def answer(self) -> Any:
        """The next frame, or the code of the closing."""
        message = await self.line.receive_output(20)
        match message["type"]:
            case "websocket.send":
                return json.loads(message["text"])
            case "websocket.accept":
                return "accepted"
        return message.get("code")

    async def heard(self, kind: str) -> dict[str, Any]:
        """The next frame of the kind."""
        while (frame := await self.answer())["type"] != kind:
            pass
        found: dict[str, Any] = frame
        return found

    async def ending(self) -> int:
        """The code that the socket is closed with, after whatever else is heard."""
        while isinstance(answer := await self.answer(), dict):
            pass
        return int(answer)

    async def say(self, text: str) -> None:
        await self.line.send_input({"type": "websocket.receive", "text": text})

    async def is_quiet(self) -> bool:
        """Nothing but colleagues who come and go was heard until now."""
        await self.say('{"type": "heartbeat"}')
        while (kind := (await self.answer())["type"]) in {"operator.changed", "ready", "resync"}:
            pass
        return bool(kind == "heartbeat")

    async def begin(self, user: User) -> None:
        """Let in, and its hub hears what is published."""
        assert await self.answer() == "accepted"
        await self.heard("hello")
        while await self.line.receive_nothing(0.05):
            await threaded(send_frame)({"type": "ready"}, to=[user_stream(user.pk)])
        # What was heard first may have been a colleague who came.
        await threaded(send_frame)({"type": "ready"}, to=[user_stream(user.pk)])
        await self.heard("ready")


@asynccontextmanager
async def opened(*headers: tuple[bytes, bytes]) -> AsyncIterator[Socket]:
    socket = Socket(*headers)
    await socket.line.send_input({"type": "websocket.connect"})
    yield socket
    await socket.line.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.line.wait(5)
    # The session is read on a thread of its own.
    await sync_to_async(connections.close_all)()


@asynccontextmanager
async def console_of(user: User) -> AsyncIterator[Socket]:
    """A signed-in console whose hub hears what is published."""
    async with opened(HOST, ORIGIN, await threaded(cookie_of)(user)) as socket:
        await socket.begin(user)
        yield socket


def cookie_of(user: User) -> tuple[bytes, bytes]:
    browser = Client()
    browser.force_login(user)
    return b"cookie", f"sessionid={browser.cookies['sessionid'].value}".encode()


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def channel(cast) -> Channel:
    return make_channel(cast, make_line(cast))


async def test_nobody_is_told_to_sign_in():
    async with opened(HOST, ORIGIN) as socket:
        assert [await socket.answer(), await socket.answer()] == ["accepted", 4401]


async def test_who_has_no_role_has_no_access(cast):
    async with opened(HOST, ORIGIN, await threaded(cookie_of)(cast.stranger)) as socket:
        assert [await socket.answer(), await socket.answer()] == ["accepted", 4403]


@pytest.mark.parametrize(
    "headers",
    [[HOST, (b"origin", b"https://evil.example")], [HOST, (b"origin", b"null")], [HOST]],
    ids=["another site", "no site", "no origin"],
)
async def test_other_sites_are_refused_whoever_is_signed_in(cast, headers):
    async with opened(*headers, await threaded(cookie_of)(cast.olga)) as socket:
        assert await socket.answer() is None


@pytest.mark.row("D1")
async def test_only_those_concerned_hear_of_a_dialog(cast, channel):
    async with console_of(cast.olga) as olga, console_of(cast.sergey) as sergey, console_of(cast.mallory) as mallory:
        await threaded(write)(channel, "Hello")

        for socket in (olga, sergey):
            frame = await socket.heard("dialog.changed")
            assert [message["text"] for message in frame["messages"] if message["author"]["kind"] == "CLIENT"] == [
                "Hello"
            ]
        assert await mallory.is_quiet()


async def test_who_loses_an_offer_is_told_to_forget_it(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    async with console_of(cast.olga) as olga:
        await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.sergey, now=timezone.now())

        assert await olga.heard("dialog.gone") == {"type": "dialog.gone", "dialog_id": dialog.pk}


@pytest.mark.row("R5")
async def test_an_open_console_is_presence(cast, channel):
    async with console_of(cast.alla) as alla:
        assert (await threaded(User.objects.get)(pk=cast.alla.pk)).presence == "ONLINE"
        await alla.say('{"type": "heartbeat"}')
        assert (await alla.heard("heartbeat"))["digest"] == {"dialogs": 0, "revisions": 0}

    await threaded(forget_silent_consoles)(now=timezone.now() + timedelta(seconds=11))
    assert (await threaded(User.objects.get)(pk=cast.alla.pk)).presence == "OFFLINE"


async def test_staff_see_each_other_typing_where_they_may(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    async with console_of(cast.olga) as olga, console_of(cast.sergey) as sergey, console_of(cast.mallory) as mallory:
        await mallory.say(json.dumps({"type": "typing", "dialog_id": dialog.pk}))
        await olga.say(json.dumps({"type": "typing", "dialog_id": dialog.pk}))

        frame = await sergey.heard("typing")
        assert frame["author"] == {"kind": "OPERATOR", "id": cast.olga.pk, "name": "Olga"}
        assert await olga.is_quiet()
        assert await mallory.is_quiet()


@pytest.mark.row("D13")
async def test_colleagues_see_who_looks_at_a_dialog_and_when_they_look_away(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    async with console_of(cast.sergey) as sergey, console_of(cast.mallory) as mallory:
        async with console_of(cast.olga) as olga:
            await olga.say(json.dumps({"type": "viewing", "dialog_id": dialog.pk}))

            who = {"id": cast.olga.pk, "name": "Olga"}
            looking = {"type": "viewing", "dialog_id": dialog.pk, "operator": who}
            assert await sergey.heard("viewing") == looking | {"is_over": False}
            assert await olga.is_quiet()
        assert await sergey.heard("viewing") == looking | {"is_over": True}
        assert await mallory.is_quiet()


@pytest.mark.row("D13")
async def test_supervisors_and_strangers_look_without_a_word(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    async with console_of(cast.olga) as olga:
        for user in (cast.sergey, cast.alla, cast.mallory):
            async with console_of(user) as watcher:
                await watcher.say(json.dumps({"type": "viewing", "dialog_id": dialog.pk}))
                assert await watcher.is_quiet()
            assert await olga.is_quiet()


@pytest.mark.row("D13")
async def test_a_supervisor_who_was_invited_is_there_like_everybody(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    who = [cast.sergey.pk]
    await threaded(invite_operators)(dialog_id=dialog.pk, actor=cast.olga, operator_ids=who, now=timezone.now())
    async with console_of(cast.olga) as olga, console_of(cast.sergey) as sergey:
        await sergey.say(json.dumps({"type": "viewing", "dialog_id": dialog.pk}))

        assert (await olga.heard("viewing"))["operator"]["name"] == "Sergey"


NONSENSE = (
    "", "{", "[]", "7", "null", "[" * 4000, "x" * 100_000, '{"type": "nonsense"}', '{"type": "typing"}',
    '{"type": "typing", "dialog_id": "7"}', '{"type": "typing", "dialog_id": 99999999999999999999999}',
    '{"type": "viewing"}', '{"type": "viewing", "dialog_id": []}', '{"type": "viewing", "dialog_id": 7}',
    '{"type": "viewing", "dialog_id": 99999999999999999999999}', '{"type": "typing", "dialog_id": true}',
    '{"type": ["heartbeat"]}',
)  # fmt: skip


async def test_nonsense_is_ignored(cast):
    async with console_of(cast.olga) as olga:
        for text in NONSENSE:
            await olga.say(text)
            assert await olga.is_quiet(), text[:60]


async def test_bytes_are_ignored(cast):
    async with console_of(cast.olga) as olga:
        await olga.line.send_input({"type": "websocket.receive", "bytes": b"\x00\xff"})

        assert await olga.is_quiet()


@pytest.mark.row("L4")
async def test_new_rights_take_a_new_socket(cast, channel):
    async with console_of(cast.mallory) as mallory:
        operators = [cast.olga.pk, cast.mallory.pk]
        await threaded(set_queue_members)(administrator=cast.alla, line=channel.line, operator_ids=operators)

        assert await mallory.ending() == 4000


@pytest.mark.row("L4")
async def test_who_lost_their_role_is_out_at_the_next_heartbeat_at_the_latest(cast):
    async with console_of(cast.olga) as olga:
        await threaded(User.objects.filter(pk=cast.olga.pk).update)(role=User.Role.NONE)
        await olga.say('{"type": "heartbeat"}')

        assert await olga.ending() == 4403


WITHDRAWALS = {
    "account off": lambda cast, line: set_active(administrator=cast.alla, member_id=cast.olga.pk, is_active=False),
    "role taken": lambda cast, line: change_member(
        administrator=cast.alla, member_id=cast.olga.pk, first_name="Olga", last_name="", role=User.Role.NONE
    ),
    "out of the queue": lambda cast, line: set_queue_members(
        administrator=cast.alla, line=line, operator_ids=[cast.oleg.pk]
    ),
}


@pytest.mark.row("D12")
@pytest.mark.parametrize("withdrawn", WITHDRAWALS)
async def test_a_right_withdrawn_closes_the_stream_at_once(cast, channel, withdrawn):
    async with console_of(cast.olga) as olga:
        await threaded(WITHDRAWALS[withdrawn])(cast, channel.line)

        assert await olga.ending() == 4000


@pytest.mark.row("D12")
async def test_who_was_sent_away_hears_no_word_more(cast, channel):
    dialog = await threaded(write)(channel, "Hello")
    await threaded(answer_dialog)(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    who = [cast.mallory.pk]
    await threaded(invite_operators)(dialog_id=dialog.pk, actor=cast.olga, operator_ids=who, now=timezone.now())
    async with console_of(cast.mallory) as mallory, console_of(cast.olga) as olga:
        await threaded(write)(channel, "While invited", number=2)
        await mallory.heard("dialog.changed")

        await threaded(remove_participant)(
            dialog_id=dialog.pk, actor=cast.olga, operator_id=cast.mallory.pk, now=timezone.now()
        )

        assert (await mallory.heard("dialog.gone"))["dialog_id"] == dialog.pk
        await threaded(write)(channel, "A secret", number=3)
        for kind in ("typing", "viewing"):
            await mallory.say(json.dumps({"type": kind, "dialog_id": dialog.pk}))
        await threaded(keep_draft)(
            dialog_id=dialog.pk, operator=cast.olga, text="Good mor", visibility="PUBLIC",
            written_at=timezone.now(), now=timezone.now(),
        )  # fmt: skip
        assert await mallory.is_quiet()
        assert (await olga.heard("draft.changed"))["draft"]["text"] == "Good mor"


async def test_signing_out_closes_the_other_tabs(cast):
    browser = await threaded(signed_in)(cast.olga)
    cookie = (b"cookie", f"sessionid={browser.cookies['sessionid'].value}".encode())
    async with opened(HOST, ORIGIN, cookie) as tab:
        await tab.begin(cast.olga)
        await threaded(browser.post)("/logout/")
        assert await tab.ending() == 4000
    async with opened(HOST, ORIGIN, cookie) as tab:
        assert [await tab.answer(), await tab.answer()] == ["accepted", 4401]


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser
