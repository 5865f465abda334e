"""Years of talks, made by the database itself: lines, operators, clients with names and phones, and what they said.

Every word is a Russian or an English one, and a few are used very often; each operator has had one dialog in a
hundred, a newcomer hardly any; a supervisor has a fifth of the lines.
"""

import psycopg
from psycopg import sql

from tests.bench import vocabulary
from tests.bench.databases import url_of
from tests.bench.filling import columns_of, without_indexes

LINES, OPERATORS, SUPERVISED = 20, 100, 4
MESSAGES_OF_DIALOG, DIALOGS_OF_CHAT, DIALOGS_OF_NEWCOMER = 10, 2, 100
SAYINGS, SEED = 50_000, 0.42
ROWS = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) AS example, {source}
"""
NUMBERS = "generate_series(0, {count} - 1) AS n"
NEW_IDS = "SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))"
# The first word is drawn every seventeenth time, half of the time one of the first two thousand.
MAKE_SAYINGS = """
    CREATE UNLOGGED TABLE saying AS
    SELECT n AS id, string_agg(word, ' ') AS text
    FROM generate_series(1, {sayings}) AS n, generate_series(1, 1 + n % 9) AS place,
    LATERAL (SELECT 1 + floor({words} * power(random() + 0 * place, 3.5))::int AS drawn OFFSET 0) AS draw
    JOIN spoken ON spoken.id = drawn GROUP BY n
"""
TEXT = """
    first.text || ' ' || second.text || CASE n % 20
        WHEN 3 THEN '. Заказ №' || (10000000 + n * 17)
        WHEN 7 THEN ', +7 9' || substr((100000000 + n * 31 % 900000000)::text, 1, 2)
            || ' ' || substr((1000000 + n * 37 % 9000000)::text, 1, 3)
            || '-' || substr((1000 + n % 9000)::text, 1, 2) || '-' || substr((1000 + n * 7 % 9000)::text, 1, 2)
        ELSE '?' END
"""
MOMENT = "now() - interval '2 years' * (1 - n::float8 / {count})"


def fill(name: str, messages: int) -> None:
    with psycopg.connect(url_of(name), autocommit=True) as connection:
        for setting in ("session_replication_role = replica", "synchronous_commit = off", "work_mem = '256MB'"):
            connection.execute(f"SET {setting}")
        # Drawn in one row after the other, or it would differ from run to run.
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SELECT setseed(%s)", [SEED])
        _speak(connection)
        _Archive(connection, messages).fill()
        connection.execute("DROP TABLE spoken, saying")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _speak(connection: psycopg.Connection) -> None:
    words = vocabulary.words()
    connection.execute("CREATE UNLOGGED TABLE spoken (id int PRIMARY KEY, word text)")
    with connection.cursor().copy("COPY spoken FROM STDIN") as copy:
        for row in enumerate(words, 1):
            copy.write_row(row)
    connection.execute("ANALYZE spoken")
    connection.execute(MAKE_SAYINGS.format(sayings=SAYINGS, words=len(words)))
    connection.execute("ANALYZE saying")


CLIENTS = {"name": "said_name.name", "responsible_id": "NULL"}
ACCOUNTS = {"client_id": "{client} + n", "value": "(200000000 + n)::text", "title": "'@user' || n"}
PHONES = {
    "client_id": "{client} + n",
    "kind": "'phone'",
    "scope": "'phone'",
    "value": "'+79' || (100000000 + (n::bigint * 7919) % 900000000)",
    "title": "''",
}
CHATS = {
    "channel_id": "{channel} + n % {lines}",
    "client_id": "{client} + n",
    "identity_id": "{account} + n",
    "external_id": "'bench' || n",
}
# Each chat has talks at many times.
CHAT_OF_DIALOG = "({number}) * 7919::bigint % {chats}"
DIALOGS = {
    "chat_id": "{chat} + {its_chat}",
    "client_id": "{client} + {its_chat}",
    "line_id": "{line} + ({its_chat}) % {lines}",
    "channel_id": "{channel} + ({its_chat}) % {lines}",
    "owner_id": "CASE WHEN n % {newcomer_every} = 0 THEN {newcomer} ELSE {operator} + (n * 31) % {operators} END",
    "state": "'CLOSED'",
    "close_reason": "'OPERATOR'",
    "closed_at": MOMENT,
    "opened_at": MOMENT,
    "last_message_at": MOMENT,
    "waiting_since": "NULL",
    "lead_id": "NULL",
    "last_seq": str(MESSAGES_OF_DIALOG),
}
MESSAGES = {
    "dialog_id": f"{{dialog}} + n / {MESSAGES_OF_DIALOG}",
    "chat_id": "{chat} + {its_chat}",
    "seq": f"1 + n % {MESSAGES_OF_DIALOG}",
    "revision": f"1 + n % {MESSAGES_OF_DIALOG}",
    "author_kind": "CASE WHEN n % 2 = 0 THEN 'CLIENT' ELSE 'OPERATOR' END",
    "author_id": "CASE WHEN n % 2 = 0 THEN NULL ELSE {operator} + n % {operators} END",
    "external_id": "NULL",
    "command_id": "NULL",
    "delivery_state": "''",
    "payload": "'{{}}'",
    "visibility": "'PUBLIC'",
    "kind": "'TEXT'",
    "text": TEXT,
    "created_at": MOMENT,
}
WITH_SAYINGS = f"""
    generate_series(0, {{count}} - 1) AS n
    JOIN saying first ON first.id = 1 + n * 7919::bigint % {SAYINGS}
    JOIN saying second ON second.id = 1 + n * 104729::bigint / 13 % {SAYINGS}
"""
STAFF = "SELECT min(id), max(id) FROM crm_user WHERE username LIKE 'operator%'"


class _Archive:
    def __init__(self, connection: psycopg.Connection, messages: int) -> None:
        self._connection = connection
        self._messages = messages
        self._dialogs = messages // MESSAGES_OF_DIALOG
        self._chats = self._dialogs // DIALOGS_OF_CHAT
        self._known: dict[str, object] = {"lines": LINES, "operators": OPERATORS, "chats": self._chats}

    def fill(self) -> None:
        self._add("line", "openlines_line", LINES, {"name": "'Line ' || n", "public_key": "'bench' || n"})
        of_line = {"line_id": "{line} + n", "scope": "'bench:' || n", "name": "'Bot ' || n"}
        self._add("channel", "openlines_channel", LINES, of_line)
        self._people()
        self._talks()

    def _people(self) -> None:
        names = vocabulary.names()
        self._connection.execute("CREATE UNLOGGED TABLE said_name (id int PRIMARY KEY, name text)")
        with self._connection.cursor().copy("COPY said_name FROM STDIN") as copy:
            for row in enumerate(names):
                copy.write_row(row)
        named = f"generate_series(0, {{count}} - 1) AS n JOIN said_name ON said_name.id = n * 7919 % {len(names)}"
        self._add("client", "crm_client", self._chats, CLIENTS, named)
        self._add("account", "crm_identity", self._chats, ACCOUNTS)
        self._add("phone", "crm_identity", self._chats, PHONES)
        self._add("chat", "openlines_chat", self._chats, CHATS)
        self._connection.execute("DROP TABLE said_name")

    def _talks(self) -> None:
        first, last = self._connection.execute(STAFF).fetchone() or (0, 0)
        every = max(self._dialogs // DIALOGS_OF_NEWCOMER, 1)
        self._known |= {"operator": first, "newcomer": last, "newcomer_every": every}
        self._known["its_chat"] = CHAT_OF_DIALOG.format(number="n", **self._known)
        self._add("dialog", "openlines_dialog", self._dialogs, DIALOGS)
        self._known["its_chat"] = CHAT_OF_DIALOG.format(number=f"n / {MESSAGES_OF_DIALOG}", **self._known)
        self._add("message", "openlines_message", self._messages, MESSAGES, WITH_SAYINGS)

    def _add(self, name: str, table: str, count: int, differing: dict[str, str], source: str = NUMBERS) -> None:
        """Copies of the first row but for these columns, where ``n`` counts from zero; the id of the first is known by
        the name from then on."""
        columns = columns_of(self._connection, table)
        newest = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        (last,) = self._connection.execute(newest).fetchone() or (0,)
        known = {**self._known, "count": count}
        values = [
            differing[column].format(**known) if column in differing else f'example."{column}"' for column in columns
        ]
        statement = ROWS.format(
            table=table,
            columns=", ".join(["id", *(f'"{column}"' for column in columns)]),
            values=", ".join([f"{last + 1} + n", *values]),
            source=source.format(**known),
        )
        with without_indexes(self._connection, table):
            self._connection.execute(statement)
        self._connection.execute(sql.SQL(NEW_IDS).format(name=sql.Literal(table), table=sql.Identifier(table)))
        self._known[name] = last + 1
