"""Finding messages among millions: by the index of words, from the newest on, each asked for by the rule of access."""

import time
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, Expression, IntegerField, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler
from psycopg import ClientCursor

from crm.models import User
from openlines.access import readable_dialogs, visible_dialogs
from openlines.models import Dialog
from openlines.presenters import Json
from openlines.search_blocks import Block, blocks_down
from openlines.search_results import results_json
from openlines.search_terms import Terms, terms_of
from openlines.services.indexing import MOST_TEXT

PAGE = 20
# Whoever has so few dialogs and messages is answered from those alone.
FEW_DIALOGS, FEW_MESSAGES = 1_500, 15_000
# The newest half a million and more; what is older is only looked at where there is time left.
NEAR_BLOCKS = 8
ENOUGH_SECONDS = 0.15
# Ids are given out a moment before or after the time that is written down beside them.
SLACK = 1_000

# Nothing but the words is to be looked up by an index: the planner would add all ids before a block, or all of a year,
# to what it found. So the other columns stand in expressions.
FROM_BLOCKS = """
    unnest(%s::text[], %s::bigint[]) AS block (lexeme, before)
    CROSS JOIN LATERAL (
        SELECT message_id, dialog_id FROM openlines_searchentry
        WHERE document @@ (%s::tsquery && block.lexeme::tsquery) AND message_id + 0 < block.before AND {dates}
        ORDER BY message_id DESC
    ) AS entry
"""
# Their own entries are read whole: the planner would rather use the index of words, where everybody's are.
FROM_DIALOGS = """
    (
        SELECT message_id, dialog_id FROM (
            SELECT * FROM openlines_searchentry WHERE dialog_id = ANY(%s) AND message_id < %s OFFSET 0
        ) AS own WHERE document @@ %s::tsquery AND {dates} ORDER BY message_id DESC
    ) AS entry
"""
# Each part is asked row by row and in this order, so that nothing is done for rows behind the end of the page.
PICK = """
    SELECT message.*, own.id, seen.id FROM {source}
    CROSS JOIN LATERAL ({dialog} OFFSET 0) AS own
    CROSS JOIN LATERAL (
        SELECT id, created_at, author_kind, author_id, (
                   SELECT coalesce(nullif(trim(concat(first_name, ' ', last_name)), ''), username)
                   FROM crm_user WHERE id = m.author_id
               ), visibility, kind, left(text, {longest}), CASE WHEN has_attachments THEN (
                   SELECT string_agg(name, ' ' ORDER BY position) FROM openlines_attachment WHERE message_id = m.id
               ) END, concat_ws(' ', payload -> 'contact' ->> 'name', payload -> 'contact' ->> 'phone'),
               coalesce((payload ->> 'is_formatted')::boolean, false),
               CASE WHEN payload -> 'details' ? 'native' THEN coalesce(payload -> 'details' ->> 'author_name', '') END
        FROM openlines_message m WHERE m.id = entry.message_id AND deleted_at IS NULL AND {message} OFFSET 0
    ) AS message
    CROSS JOIN LATERAL ({seen} LIMIT 1) AS seen
    LIMIT {limit}
"""
COLUMNS = (
    "id", "created_at", "author_kind", "author_id", "author_name", "visibility", "kind", "text", "files", "contact",
    "is_formatted", "native_name", "dialog_id", "opened_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """What else must be true of a message; ids that are ``None`` leave it open."""

    line_id: int | None = None
    channel_id: int | None = None
    channel_kind: str = ""
    operator_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    author: str = ""
    has_files: bool = False

    @property
    def of_dialogs(self) -> Q:
        named = {
            "line_id": self.line_id,
            "channel_id": self.channel_id,
            "channel__kind": self.channel_kind or None,
            "owner_id": self.operator_id,
        }
        return Q(**{name: value for name, value in named.items() if value is not None})

    @property
    def of_messages(self) -> tuple[str, list[Any]]:
        conditions, values = ["true"], []
        if self.author:
            conditions.append("author_kind = %s")
            values.append(self.author)
        if self.has_files:
            conditions.append("has_attachments")
        return " AND ".join(conditions), values

    @property
    def of_dates(self) -> tuple[str, list[Any]]:
        bounds = [
            ("written_at + interval '0' >= %s::timestamptz", self.since),
            ("written_at + interval '0' < %s::timestamptz", self.until),
        ]
        given = [(condition, value) for condition, value in bounds if value is not None]
        return " AND ".join(["true", *(condition for condition, _value in given)]), [value for _c, value in given]


@dataclass(frozen=True, slots=True)
class Found:
    """``next_before`` is where the next page goes on. A page may be short, or empty, and yet not be the last: what a
    reader may not see is passed over, but not for ever in one call."""

    results: list[Json]
    next_before: int | None


NOTHING = Found([], None)


class Outside(Expression):
    """A column of the statement around a query of the ORM."""

    output_field = BigIntegerField()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.name, ()


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for what. The dialogs that they may see are worked out once."""

    reader: User
    visible: QuerySet[Dialog]
    readable: QuerySet[Dialog]
    terms: Terms
    wanted: MessageFilter


def found_messages(
    reader: User, text: str, wanted: MessageFilter, *, before: int | None = None, limit: int = PAGE
) -> Found:
    """The newest messages with all of these words that the reader may read, of those before the message ``before``."""
    question = _question(reader, text, wanted)
    if question is None:
        return NOTHING
    rows, next_before = _rows(question, _upper(question.terms, before), limit)
    if len(rows) > limit:
        rows, next_before = rows[:limit], rows[limit - 1]["id"]
    return Found(results_json(rows, question.terms), next_before)


def dialogs_with(reader: User, text: str, *, messages: int) -> set[int]:
    """Of the newest so many messages with all of these words."""
    question = _question(reader, text, MessageFilter())
    if question is None:
        return set()
    rows, _next = _rows(question, _upper(question.terms, None), messages)
    return {row["dialog_id"] for row in rows}


def _question(reader: User, text: str, wanted: MessageFilter) -> Question | None:
    terms = terms_of(text, since=wanted.since, until=wanted.until)
    if terms is None:
        return None
    visible = visible_dialogs(reader).order_by()
    return Question(reader, visible, readable_dialogs(reader, visible=visible), terms, wanted)


def _upper(terms: Terms, before: int | None) -> int:
    bounds = (terms.newest + 1, before, terms.before and terms.before + SLACK)
    return min(bound for bound in bounds if bound is not None)


def _rows(question: Question, before: int, limit: int) -> tuple[list[Json], int | None]:
    """One more than the limit, if there are so many, and where to go on if time was up before."""
    few = _few_dialogs(question)
    if few is not None:
        return (_from_dialogs(question, few, before, limit + 1) if few else []), None
    began_at, rows = time.perf_counter(), list[Json]()
    blocks = blocks_down(before, max((question.terms.least or 0) - SLACK, 1))
    for part in (list(islice(blocks, NEAR_BLOCKS)), list(blocks)):
        if part and len(rows) <= limit:
            if time.perf_counter() - began_at > ENOUGH_SECONDS:
                return rows, part[0].before
            rows += _from_blocks(question, part, limit + 1 - len(rows))
    return rows, None


def _few_dialogs(question: Question) -> list[int] | None:
    """All that can hold what is looked for, if they are few: of the clients whom the reader knows, or by the filter."""
    wanted = question.wanted.of_dialogs
    if not question.reader.is_administrator:
        seen = _rows_for_these(question.visible.values_list("client_id", "last_seq")[: FEW_DIALOGS + 1])
        if _are_few(seen):
            clients = list({client_id for client_id, _messages in seen})
            known = Dialog.objects.filter(wanted, client_id__any_of=clients).order_by()
            return list(known.values_list("pk", flat=True))
    if wanted:
        named = Dialog.objects.filter(wanted).order_by().values_list("pk", "last_seq")
        dialogs = _rows_for_these(named[: FEW_DIALOGS + 1])
        if _are_few(dialogs):
            return [pk for pk, _messages in dialogs]
    return None


def _rows_for_these(queryset: QuerySet[Dialog, Any]) -> list[tuple[int, int]]:
    """With the values in the statement: whether few are meant or a third of all is what its plan depends on, and a plan
    for all values would read everything."""
    try:
        sql, values = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ClientCursor(connection.connection).mogrify(sql, values))
        rows: list[tuple[int, int]] = cursor.fetchall()
    return rows


def _are_few(dialogs: list[tuple[int, int]]) -> bool:
    return len(dialogs) <= FEW_DIALOGS and sum(messages for _pk, messages in dialogs) <= FEW_MESSAGES


def _from_dialogs(question: Question, dialog_ids: list[int], before: int, limit: int) -> list[Json]:
    return _pick(question, FROM_DIALOGS, [dialog_ids, before, question.terms.query], limit)


def _from_blocks(question: Question, blocks: list[Block], limit: int) -> list[Json]:
    values = [[block.lexeme for block in blocks], [block.before for block in blocks], question.terms.query]
    return _pick(question, FROM_BLOCKS, values, limit)


def _pick(question: Question, source: str, values: list[Any], limit: int) -> list[Json]:
    dates, dates_values = question.wanted.of_dates
    message, message_values = question.wanted.of_messages
    dialog, dialog_values = _sql(_own_dialog(question))
    seen, seen_values = _sql(_opened_dialog(question))
    source = source.format(dates=dates)
    statement = PICK.format(
        source=source, dialog=dialog, message=message, seen=seen, limit=int(limit), longest=MOST_TEXT
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *dates_values, *dialog_values, *message_values, *seen_values])
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _own_dialog(question: Question) -> QuerySet[Dialog, Any]:
    """The message's own, if it may be read and is one of those that are wanted."""
    own = question.readable.filter(question.wanted.of_dialogs, pk=Outside("entry.dialog_id"))
    return own.values("id", "chat_id", "client_id")


def _opened_dialog(question: Question) -> QuerySet[Dialog, Any]:
    """Where the reader opens the message: its own dialog, or the newest around which it is shown."""
    nearness = Case(
        When(pk=Outside("own.id"), then=2),
        When(chat_id=Outside("own.chat_id"), then=1),
        default=Value(0),
        output_field=IntegerField(),
    )
    of_client = question.visible.filter(client_id=Outside("own.client_id"))
    return of_client.order_by(nearness.desc(), "-id").values("id")


def _sql(queryset: QuerySet[Dialog, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, values = queryset.query.sql_with_params()
    return sql, values
