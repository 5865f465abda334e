"""What a decision costs after a thousand and after a million closed dialogs."""

from collections.abc import Iterator
from statistics import median

import psycopg

from tests.bench import filling
from tests.bench.databases import url_of
from tests.bench.deciding import in_process
from tests.bench.figures import Figure, figure
from tests.bench.filling import columns_of, without_indexes
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene

SIZES = {"few": 1_000, "many": 1_000_000}
CHATS = 1_000
ROUNDS, DECISIONS = 3, 60
# Every closed dialog was taken by somebody, who accepted an offer of it; a client comes back again and again.
CLOSED = {
    "state": "'CLOSED'",
    "closed_at": "now()",
    "lead_id": "NULL",
    "chat_id": "{chat} + n %% {chats}",
    "owner_id": "(ARRAY[{operators}])[1 + n %% {number}]",
}
COPIES = """
    INSERT INTO openlines_dialog ({columns}) SELECT {values}
    FROM (SELECT * FROM openlines_dialog ORDER BY id LIMIT 1) AS example, generate_series(1, %(count)s) AS n
"""
# Each with a word said in it: the planner goes by what tables hold, and dialogs without messages are nobody's history.
WORDS = """
    INSERT INTO openlines_message ({columns}) SELECT {values}
    FROM (SELECT * FROM openlines_message ORDER BY id LIMIT 1) AS example, openlines_dialog dialog
    WHERE dialog.state = 'CLOSED'
"""
SAID = {"dialog_id": "dialog.id", "chat_id": "dialog.chat_id", "external_id": "NULL", "command_id": "NULL", "seq": "1"}
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
        with without_indexes(connection, "openlines_dialog"), without_indexes(connection, "routing_offer"):
            _copy_dialogs(connection, dialogs - CHATS, chat)
            connection.execute(OFFERS)
        with without_indexes(connection, "openlines_message"):
            _add_words(connection)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _copy_dialogs(connection: psycopg.Connection, count: int, chat: int) -> None:
    operators = [str(pk) for (pk,) in connection.execute("SELECT operator_id FROM openlines_queuemember")]
    columns = columns_of(connection, "openlines_dialog")
    values = ", ".join(CLOSED.get(name, f'example."{name}"') for name in columns)
    values = values.format(chat=chat, chats=CHATS, operators=", ".join(operators), number=len(operators))
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(COPIES.format(columns=names, values=values), {"count": count})


def _add_words(connection: psycopg.Connection) -> None:
    columns = columns_of(connection, "openlines_message")
    values = ", ".join(SAID.get(name, f'example."{name}"') for name in columns)
    connection.execute(WORDS.format(columns=", ".join(f'"{name}"' for name in columns), values=values))
