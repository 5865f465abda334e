"""A database that has been in use for years, made in seconds: rows are copies of an example, a few columns differ."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.bench.databases import url_of

MESSAGES_OF_DIALOG = 10

COPY = """
    INSERT INTO {table} SELECT made.*
    FROM (SELECT to_jsonb(row) AS fields FROM {table} row ORDER BY id LIMIT 1) AS example,
    (SELECT coalesce(max(id), 0) AS last FROM {table}) AS known,
    generate_series(0, {count} - 1) AS n,
    LATERAL jsonb_populate_record(NULL::{table}, fields || jsonb_build_object('id', last + 1 + n, {changes})) AS made
"""
EXAMPLE_OF_AN_EVENT = """
    INSERT INTO channels_connectors_rawevent (channel_id, key, body, state)
    SELECT id, 'example', '{}', 'DONE' FROM openlines_channel ORDER BY id LIMIT 1
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
NEW_IDS = "SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))"


def copy_rows(connection: psycopg.Connection, table: str, count: int, changes: str) -> int:
    """Returns the id of the first copy. ``changes`` are the SQL arguments of a JSON object; ``n`` counts from zero."""
    values = {
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
        "count": sql.Literal(count),
        "changes": sql.SQL(changes),
    }
    connection.execute(sql.SQL(COPY).format(**values))
    (last,) = connection.execute(sql.SQL(NEW_IDS).format(**values)).fetchone() or (0,)
    return int(last) - count + 1


def fill(name: str, *, messages: int) -> None:
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        # Rows that are copies of sound ones need not be checked again, nor flushed one by one.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        add_history(connection, messages)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def add_history(connection: psycopg.Connection, messages: int) -> None:
    """Closed dialogs of ten messages, each of a client of its own, and the raw events they came by."""
    dialog, chat = add_dialogs(connection, messages // MESSAGES_OF_DIALOG, state="CLOSED")
    copy_rows(
        connection,
        "openlines_message",
        messages,
        f"'dialog_id', {dialog} + n / {MESSAGES_OF_DIALOG}, 'chat_id', {chat} + n / {MESSAGES_OF_DIALOG},"
        f" 'external_id', 'old' || n,"
        f" 'seq', 1 + n % {MESSAGES_OF_DIALOG}, 'revision', 1 + n % {MESSAGES_OF_DIALOG}",
    )
    connection.execute(EXAMPLE_OF_AN_EVENT)
    copy_rows(connection, "channels_connectors_rawevent", messages, "'key', 'old' || n, 'state', 'DONE'")


def add_dialogs(connection: psycopg.Connection, count: int, *, state: str, changes: str = "") -> tuple[int, int]:
    """So many clients with an address, a chat and a dialog; returns the ids of the first dialog and its chat.
    ``changes`` are further columns of the dialogs, in SQL."""
    client = copy_rows(connection, "crm_client", count, "'name', 'Client ' || n")
    identity = copy_rows(connection, "crm_identity", count, f"'client_id', {client} + n, 'value', 'old' || last + n")
    chat = copy_rows(
        connection,
        "openlines_chat",
        count,
        f"'client_id', {client} + n, 'identity_id', {identity} + n, 'external_id', 'old' || last + n",
    )
    closed_at = "now()" if state == "CLOSED" else "NULL"
    dialog = copy_rows(
        connection,
        "openlines_dialog",
        count,
        f"'client_id', {client} + n, 'chat_id', {chat} + n, 'state', '{state}', 'closed_at', {closed_at},"
        f" 'lead_id', NULL{changes and ', '}{changes}",
    )
    return dialog, chat


def columns_of(connection: psycopg.Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute(COLUMNS, [table])]


@contextmanager
def without_indexes(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """Rows come quicker when what finds them is made afterwards."""
    indexes = connection.execute(INDEXES, [table]).fetchall()
    for name, _definition in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        connection.execute(definition)
