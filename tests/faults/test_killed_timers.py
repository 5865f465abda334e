"""Every timer acts once: while the worker, beat and Redis are killed at random."""

import random
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.live import LiveProduct, database_url, live_product, rows

DIALOGS = 500
SECONDS = 45.0
HEAD_START = 5.0
# A worker that starts on a busy machine needs its time; what has to be seen is that it goes on.
PATIENCE = 60.0
# Copies of a dialog that is there, each with a chat of its own, before an operator until some moment of the minute.
OFFERS = """
    WITH example AS (
        SELECT to_jsonb(dialog) AS dialog, to_jsonb(chat) AS chat
        FROM openlines_dialog dialog JOIN openlines_chat chat ON chat.id = dialog.chat_id ORDER BY dialog.id LIMIT 1
    ),
    chats AS (
        INSERT INTO openlines_chat SELECT made.* FROM example, generate_series(1, %(dialogs)s) AS n,
        LATERAL jsonb_populate_record(NULL::openlines_chat, chat || jsonb_build_object(
            'id', nextval(pg_get_serial_sequence('openlines_chat', 'id')), 'external_id', 'timed' || n
        )) AS made RETURNING id
    ),
    dialogs AS (
        INSERT INTO openlines_dialog SELECT made.* FROM example, chats,
        LATERAL (SELECT now() + (%(from)s + random() * %(over)s) * interval '1 second' AS due) AS moment,
        LATERAL jsonb_populate_record(NULL::openlines_dialog, dialog || jsonb_build_object(
            'id', nextval(pg_get_serial_sequence('openlines_dialog', 'id')), 'chat_id', chats.id, 'state', 'OFFERED',
            'owner_id', NULL, 'answered_at', NULL, 'closed_at', NULL, 'close_reason', '', 'last_seq', 0,
            'ranked_at', now(), 'group_id', NULL, 'closing_at', NULL, 'first_round', 1,
            'offered_to', jsonb_build_array(%(operator)s::bigint), 'offer_expires_at', due
        )) AS made RETURNING id, offer_expires_at
    ),
    offers AS (
        INSERT INTO routing_offer (dialog_id, operator_id, kind, round, outcome, offered_at, expires_at)
        SELECT id, %(operator)s, 'QUEUE', 1, 'PENDING', now(), offer_expires_at FROM dialogs
    )
    INSERT INTO openlines_timer (dialog_id, kind, due_at) SELECT id, 'offer', offer_expires_at FROM dialogs
    RETURNING dialog_id
"""
HELLO = """
from django.db import transaction
from django.utils import timezone
from openlines.models import Channel
from openlines.services.receiving import receive_messages
from openlines.types import IncomingMessage, Person

anna = Person(external_id="anna", first_name="Anna")
hello = IncomingMessage(chat_external_id="anna", external_id="hello", sender=anna, text="Hello")
channel = Channel.objects.select_related("line").order_by("pk").first()
with transaction.atomic():
    receive_messages(channel=channel, incoming=[hello], now=timezone.now())
"""
OVERDUE = "SELECT count(*) FROM openlines_timer WHERE kind = 'offer' AND due_at < now()"


@pytest.fixture
def product() -> Iterator[LiveProduct]:
    with live_product() as running:
        yield running


def arrange(product: LiveProduct) -> list[int]:
    """Two operators who are asked whether they are there or not, and long patience for whoever is asked second."""
    with product.api("alla") as alla, product.api("olga") as olga, product.api("oleg") as oleg:
        line = alla.get("/lines/").json()[0]["id"]
        people = [who.get("/me/").json()["id"] for who in (olga, oleg)]
        assert alla.put(f"/lines/{line}/queue-members/", json={"operators": people}).status_code == 200
        rules = {"checks_presence": False, "checks_working_day": False, "checks_absence": False, "offer_seconds": 3600}
        answer = alla.patch(f"/lines/{line}/queue/", json=rules)
        assert answer.status_code == 200, answer.text
    product.manage("shell", "--no-imports", "-c", HELLO)
    with psycopg.connect(database_url(product), autocommit=True) as connection:
        values = {"dialogs": DIALOGS, "from": HEAD_START, "over": SECONDS, "operator": people[0]}
        return [pk for (pk,) in connection.execute(OFFERS, values)]


def kill_at_random(product: LiveProduct, until: float, chance: random.Random, killed: list[str]) -> None:
    """The worker and beat again and again; Redis loses everything once, and is killed once."""
    acts = ["worker", "beat", "worker", "flush", "worker", "valkey", "beat", "worker"]
    chance.shuffle(acts)
    for number, act in enumerate(acts):
        left = (until - time.monotonic()) / (len(acts) - number)
        time.sleep(max(0.0, chance.uniform(0.5, 1.2) * left))
        product.flush_redis() if act == "flush" else product.kill(act)
        killed.append(act)


def wait_until_none_is_overdue(product: LiveProduct) -> None:
    """As long as there are fewer and fewer there is no hurry."""
    least, give_up = DIALOGS, time.monotonic() + PATIENCE
    while (left := rows(product, OVERDUE)[0][0]) > 0:
        if left < least:
            least, give_up = left, time.monotonic() + PATIENCE
        assert time.monotonic() < give_up, f"{left} timers are overdue"
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.row("A4")
def test_every_timer_acts_once_whatever_is_killed_meanwhile(product: LiveProduct):
    seed = random.randrange(10**6)
    print(f"killed in the order of seed {seed}")  # noqa: T201 - shown when it fails
    killed: list[str] = []
    dialogs = arrange(product)
    assert len(dialogs) == DIALOGS
    until = time.monotonic() + HEAD_START + SECONDS
    killing = threading.Thread(target=kill_at_random, args=(product, until, random.Random(seed), killed))
    killing.start()
    killing.join()
    time.sleep(max(0.0, until - time.monotonic()))

    wait_until_none_is_overdue(product)

    assert set(killed) == {"worker", "beat", "valkey", "flush"}
    mine = f"dialog_id BETWEEN {min(dialogs)} AND {max(dialogs)}"
    outcomes = f"SELECT round, outcome, count(*) FROM routing_offer WHERE {mine} GROUP BY 1, 2 ORDER BY 1, 2"
    assert rows(product, outcomes) == [(1, "EXPIRED", DIALOGS), (1, "PENDING", DIALOGS)]
    lines = f"""
        SELECT count(*), count(DISTINCT dialog_id) FROM openlines_message
        WHERE {mine} AND payload -> 'service' ->> 'code' = 'OFFER_EXPIRED'
    """
    assert rows(product, lines) == [(DIALOGS, DIALOGS)]
    early = f"SELECT count(*) FROM routing_offer WHERE {mine} AND outcome = 'EXPIRED' AND ended_at < expires_at"
    assert rows(product, early) == [(0,)]
