"""What a decision costs after a thousand and after a million closed dialogs."""

from collections.abc import Iterator
from statistics import median

import psycopg

from tests.bench import filling
from tests.bench.databases import url_of
from tests.bench.deciding import in_process
from tests.bench.figures import Figure, figure
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene

SIZES = {"few": 1_000, "many": 1_000_000}
CHATS = 1_000
ROUNDS, DECISIONS = 5, 60
# Every closed dialog was taken by somebody, who accepted an offer of it; a client comes back again and again.
CLOSED = """
    'state', 'CLOSED', 'closed_at', now(), 'lead_id', NULL,
    'chat_id', {chat} + n % {chats}, 'owner_id', (ARRAY[{operators}])[1 + n % {number}]
"""
OFFERS = """
    INSERT INTO routing_offer (dialog_id, operator_id, kind, round, outcome, offered_at, expires_at, ended_at)
    SELECT id, owner_id, 'QUEUE', 1, 'ACCEPTED', opened_at, opened_at, opened_at
    FROM openlines_dialog WHERE state = 'CLOSED'
"""


def figures() -> Iterator[Figure]:
    for name, dialogs in SIZES.items():
        make_scene(name, operators=20, dialogs=1)
        _fill(name, dialogs)
    growth = []
    for _ in range(ROUNDS):
        wait_for_calm()
        # In turns, so that whatever else the machine does hits both alike.
        few, many = (median(in_process("decisions", name, rounds=DECISIONS)) for name in SIZES)
        growth.append(many / few)
    yield figure("decision_growth", "times", growth, at_most=1.2)


def _fill(name: str, dialogs: int) -> None:
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        _dialog, chat = filling.add_dialogs(connection, CHATS, state="CLOSED")
        rows = connection.execute("SELECT operator_id FROM openlines_queuemember").fetchall()
        operators = ", ".join(str(pk) for (pk,) in rows)
        changes = CLOSED.format(chat=chat, chats=CHATS, operators=operators, number=len(rows))
        filling.copy_rows(connection, "openlines_dialog", dialogs - CHATS, changes)
        connection.execute(OFFERS)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
