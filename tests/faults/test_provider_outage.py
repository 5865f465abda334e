"""A provider goes down, then asks for patience: all is delivered, in order, once, never faster than allowed.

``OUTAGE_SECONDS=120`` for the whole length; by default it is short.
"""

import os
import random
import time
from bisect import bisect_left
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from channels_connectors.models import Account, Delivery
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.breaker import LONGEST_PAUSE
from openlines.models import Channel, Dialog, Line, Message
from openlines.services.automatic_texts import send_automatic_text
from openlines.services.locking import lock_dialog
from tests.channels_connectors.carrying import at_work, wait_until
from tests.factories import make_cast, make_channel, make_line, write
from tests.providers.postbox import Postbox, PostOffice
from tests.providers.simulator import running

SECONDS = float(os.environ.get("OUTAGE_SECONDS", "10"))
CHATS, EACH = 40, 12
RATE = {"account": 25, "chat": 2, "chat_seconds": 1.0}
FAULTS = ("503", "drop_before", "drop_after", "hang_after", "500")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    monkeypatch.setitem(CONNECTORS, "sandbox", Postbox())
    with running(PostOffice()) as office:
        yield office


def open_chats(office: PostOffice) -> list[int]:
    cast = make_cast()
    line = make_line(cast)
    Line.objects.update(is_welcome_sent=False, closing_action="NONE")
    channel = make_channel(cast, line)
    Account.objects.filter(channel=channel).update(
        base_url=office.base_url, settings={"read_seconds": 2, "rates": RATE}
    )
    return [write(channel, "Hi", sender=f"Client{number:02}").pk for number in range(CHATS)]


def say(dialog_ids: list[int], number: int) -> None:
    for pk in dialog_ids:
        with transaction.atomic():
            dialog = lock_dialog(pk)
            send_automatic_text(dialog, "", action=Line.Action.TEXT, own=f"{number:03}", now=timezone.now())


def most_within(moments: list[float], seconds: float) -> int:
    moments = sorted(moments)
    return max(bisect_left(moments, first + seconds) - place for place, first in enumerate(moments))


@pytest.mark.slow
@pytest.mark.row("D12")
@pytest.mark.django_db(transaction=True)
def test_an_outage_and_then_impatience_lose_and_double_nothing(office):
    dialogs = open_chats(office)
    chance = random.Random(5)
    with at_work():
        say(dialogs, 0)
        wait_until(lambda: len(office.letters) >= CHATS // 2)
        down_at = time.monotonic()
        spoken = 1
        while (elapsed := time.monotonic() - down_at) < SECONDS:
            if len(office.faults) < 20:
                office.fault(chance.choice(FAULTS))
            if spoken < EACH and elapsed > spoken * SECONDS / EACH:
                say(dialogs, spoken)
                spoken += 1
            time.sleep(0.05)
        assert Channel.objects.get().state == "DEGRADED"
        for number in range(spoken, EACH):
            say(dialogs, number)
        office.heal()
        office.fault("429", count=5, seconds=2)
        up_at = time.monotonic()
        total = CHATS * EACH
        wait_until(lambda: len(office.letters) >= total, seconds=2 * LONGEST_PAUSE + total / 10)
        wait_until(lambda: not Delivery.objects.exclude(state="SENT").exists())
        took = time.monotonic() - up_at

    texts = office.texts_by_chat()
    assert len(texts) == CHATS
    assert all(said == [f"{number:03}" for number in range(EACH)] for said in texts.values()), texts
    assert len(office.letters) == total
    per_second = most_within([call.at for call in office.calls], 1.0)
    per_chat = max(most_within([letter.at for letter in office.letters if letter.chat == chat], 1.0) for chat in texts)
    told = f"down {SECONDS:.0f} s; {total} delivered, none twice, {took:.0f} s after it was up; at most {per_second}"
    told += f" of {RATE['account']}/s, {per_chat} of {RATE['chat']}/s in a chat; {len(office.calls)} calls"
    print(told)  # noqa: T201
    assert per_second <= RATE["account"]
    assert per_chat <= RATE["chat"]
    assert Channel.objects.get().state == "CONNECTED"
    assert not Dialog.objects.annotate(number=Count("messages")).filter(number__lt=EACH).exists()
    sent = Message.objects.filter(author_kind="BOT").values_list("delivery_state", flat=True)
    assert set(sent) == {"SENT"}
