"""A worker is killed after the provider has accepted and before we know it: no double where the provider knows keys,
elsewhere each such message is shown as not known.

``KILLS=1000`` for the whole number; by default there are few.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web
from django.db import connection, transaction
from django.utils import timezone

from channels_connectors.models import Account, Delivery
from openlines.models import Line, Message
from openlines.services.automatic_texts import send_automatic_text
from openlines.services.locking import lock_dialog
from tests.factories import make_cast, make_channel, make_line, write
from tests.providers.postbox import PostOffice
from tests.providers.simulator import running

KILLS = int(os.environ.get("KILLS", "20"))
CHATS = 30
AT_ONCE = 6
# Their leases would last a minute, and the next try would come a moment later.
HURRY = """
    UPDATE channels_connectors_delivery SET
        leased_until = CASE WHEN state = 'SENDING' THEN now() - interval '1 second' END, due_at = now()
    WHERE state IN ('SENDING', 'QUEUED')
"""


class SilentOffice(PostOffice):
    """Accepts, and says nothing of it the first time."""

    is_silent = True

    def __init__(self, *, knows_keys: bool) -> None:
        super().__init__(knows_keys=knows_keys)
        self.seen: Counter[str] = Counter()

    async def send(self, request: web.Request) -> web.Response:
        key = (await request.json())["key"]
        answer = await super().send(request)
        self.seen[key] += 1
        if self.is_silent and self.seen[key] == 1:
            await asyncio.sleep(60)
        return answer


@contextmanager
def victim(known_by: str) -> Iterator["subprocess.Popen[str]"]:
    server, _question, options = os.environ["DATABASE_URL"].partition("?")
    url = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{options}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    command = [sys.executable, "-m", "tests.faults.victim", known_by]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def tell(process: "subprocess.Popen[str]") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def speak(dialogs: list[int], number: int) -> None:
    with transaction.atomic():
        for pk in dialogs:
            dialog = lock_dialog(pk)
            send_automatic_text(dialog, "", action=Line.Action.TEXT, own=f"{number:04}", now=timezone.now())


def hurry() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HURRY)


def wait_for_accepted(office: SilentOffice, wanted: int) -> None:
    give_up = time.monotonic() + 30
    while len(office.letters) < wanted:
        assert time.monotonic() < give_up, f"{len(office.letters)} of {wanted} were accepted"
        time.sleep(0.002)


@pytest.mark.slow
@pytest.mark.row("D12")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known_by", ["key", "none"])
def test_whoever_is_killed_after_the_provider_accepted(known_by):
    cast = make_cast()
    line = make_line(cast)
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    channel = make_channel(cast, line)
    dialogs = [write(channel, "Hi", sender=f"Client{number:02}").pk for number in range(CHATS)]
    rounds = -(-KILLS * AT_ONCE // CHATS)
    began_at = time.monotonic()
    with running(SilentOffice(knows_keys=known_by == "key")) as office, victim(known_by) as process:
        Account.objects.update(base_url=office.base_url)
        spoken = 0
        for kill in range(KILLS):
            while spoken * CHATS < (kill + 1) * AT_ONCE:
                speak(dialogs, spoken)
                spoken += 1
            hurry()
            tell(process)
            wait_for_accepted(office, (kill + 1) * AT_ONCE)
            assert tell(process) == "killed"
        office.is_silent = False
        hurry()
        tell(process)
        finish()
        tell(process)

    killed, total = KILLS * AT_ONCE, spoken * CHATS
    texts = office.texts_by_chat()
    doubles = len(office.letters) - len({(letter.chat, letter.text) for letter in office.letters})
    unknown = Message.objects.filter(delivery_state="UNKNOWN").count()
    told = f"{KILLS} workers killed with {killed} messages accepted and not recorded, of {total} (known by {known_by}):"
    told += f" {doubles} doubled, {unknown} unknown, {time.monotonic() - began_at:.0f} s"
    print(told)  # noqa: T201
    assert spoken == rounds
    assert all(said == [f"{number:04}" for number in range(spoken)] for said in texts.values()), "lost, or out of order"
    assert doubles == 0
    assert unknown == (0 if known_by == "key" else killed)
    assert Message.objects.filter(author_kind="BOT", delivery_state="SENT").count() == total - unknown


def finish() -> None:
    give_up = time.monotonic() + 60
    while Delivery.objects.filter(state__in=["QUEUED", "SENDING"]).exists():
        assert time.monotonic() < give_up
        time.sleep(0.1)
