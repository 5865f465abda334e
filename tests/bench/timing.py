"""How late timers act, and how long it takes to act on many of very many."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import psycopg

from tests.bench import filling, loads
from tests.bench.databases import create, url_of
from tests.bench.deciding import in_process
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene, running
from tests.bench.telegram import telegram
from tests.bench.updates import client_of

TIMERS = 300
HEAD_START, SECONDS = 4.0, 15.0
LOAD = {"clients": 100, "newcomer_every": 50}
DUE, ALL = 10_000, 1_000_000
ROUNDS = 3
TELL = """
    CREATE FUNCTION tell_of_expiry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('expired', extract(epoch FROM NEW.expires_at)::text || ' ' || NEW.id); RETURN NULL; END $$;
    CREATE TRIGGER tell_of_expiry AFTER UPDATE ON routing_offer FOR EACH ROW
    WHEN (OLD.outcome = 'PENDING' AND NEW.outcome = 'EXPIRED') EXECUTE FUNCTION tell_of_expiry()
"""
# Waiting dialogs are before an operator each, until some moment of the next seconds.
OFFER = """
    WITH operators AS (SELECT array_agg(operator_id ORDER BY position) AS ids FROM openlines_queuemember),
    offered AS (
        UPDATE openlines_dialog SET state = 'OFFERED', offered_to = ARRAY[ids[1 + openlines_dialog.id %% 10]],
        offer_started_at = now(), offer_expires_at = now() + (%(from)s + random() * %(over)s) * interval '1 second'
        FROM operators WHERE state = 'QUEUED' RETURNING openlines_dialog.id, offered_to[1] AS operator, offer_expires_at
    ),
    offers AS (
        INSERT INTO routing_offer (dialog_id, operator_id, kind, round, outcome, offered_at, expires_at)
        SELECT id, operator, 'QUEUE', 1, 'PENDING', now(), offer_expires_at FROM offered
    )
    INSERT INTO openlines_timer (dialog_id, kind, due_at) SELECT id, 'offer', offer_expires_at FROM offered
"""
FILL_TIMERS = """
    INSERT INTO openlines_timer (dialog_id, kind, due_at)
    SELECT dialog.id, CASE kind WHEN 0 THEN 'silence' ELSE 'later' || kind END,
           CASE kind WHEN 0 THEN now() - random() * interval '1 minute' ELSE now() + (1 + random()) * interval '1 day'
           END
    FROM openlines_dialog dialog, generate_series(0, %(kinds)s - 1) AS kind WHERE dialog.is_pinned
"""


def lateness() -> Iterator[Figure]:
    """Offers run out at random moments while clients write; from each deadline to the moment at which PostgreSQL tells
    a listener that the transaction has committed."""
    numbers = range(1, 1 + int((HEAD_START + SECONDS) * 10 + 40))
    clients = sorted({client_of(number, **LOAD) for number in numbers})
    with telegram(clients=clients) as simulator:
        scene = make_scene("lateness", dialogs=LOAD["clients"], bot_api=simulator.base_url)
        with psycopg.connect(url_of("lateness"), autocommit=True) as connection:
            connection.execute(TELL)
        with running("lateness", scene, with_worker=True) as product:
            wanted = {"port": product.port, "scene": asdict(scene), "per_second": 10.0, **LOAD}
            loads.run("inbound", first=1, seconds=3.0, patience=30.0, **wanted)
            wait_for_calm()
            with _expiries("lateness") as late:
                _let_expire("lateness")
                loads.run("inbound", first=100, seconds=HEAD_START + SECONDS + 1, **wanted)
    assert len(late) >= TIMERS, f"{len(late)} of {TIMERS} offers ran out"
    yield figure("timer_late_p99_ms", "ms", [percentile(late, 0.99)], at_most=50)


@contextmanager
def _expiries(name: str) -> Iterator[list[float]]:
    """Milliseconds after each deadline, as they come."""
    late: list[float] = []
    over = threading.Event()
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        connection.execute("LISTEN expired")

        def listen() -> None:
            while not over.is_set():
                notices = connection.notifies(timeout=0.2)
                late.extend((time.time() - float(notice.payload.split()[0])) * 1000 for notice in notices)

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield late
        finally:
            over.set()
            listener.join()


def _let_expire(name: str) -> None:
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        filling.add_dialogs(connection, TIMERS, state="QUEUED", changes="'owner_id', NULL, 'answered_at', NULL")
        connection.execute(OFFER, {"from": HEAD_START, "over": SECONDS})


def due_of_many() -> Iterator[Figure]:
    """Ten thousand due ones of a million are claimed under their dialogs' locks, their action is called (it finds a
    pinned dialog, which is not closed by silence) and their rows are gone: what the sweep itself costs."""
    make_scene("timers", dialogs=1)
    with psycopg.connect(url_of("timers"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        filling.add_dialogs(connection, DUE, state="ACTIVE", changes="'is_pinned', true")
        connection.execute(FILL_TIMERS, {"kinds": ALL // DUE})
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    runs = []
    for _ in range(ROUNDS):
        create("timers_once", copy_of="timers")
        wait_for_calm()
        runs.append(in_process("due_timers", "timers_once", due=DUE))
    yield figure("due_timers_10k_of_1m_s", "s", runs, at_most=2)
