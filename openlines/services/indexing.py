"""Putting messages into the search, behind the fact: whoever receives or writes a message does nothing for it.

New messages are taken in the order of their ids. Ids are given out before their transactions commit, so that one may
appear after a greater one was seen: holes are remembered, and looked into once more when every transaction that was
under way has ended. Edits and deletions say so themselves (``SearchChange``), in their own
transaction. What is taken and how far that is are written in one transaction: nothing is skipped, whenever a worker
is killed, and doing it twice changes nothing.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from common.words import words_of
from openlines.search_blocks import block_lexemes

BATCH = 500
MOST_WORDS = 1_000
MOST_TEXT = 50_000
KNOWN_WORDS = 200_000
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('openlines.search'))"
STATE = """
    SELECT id, indexed_to, history_from, awaited::text, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    FROM openlines_searchstate ORDER BY id LIMIT 1
"""
# A transaction that has a number already has a lesser one.
OWN_TRANSACTION = "SELECT pg_current_xact_id()::text::bigint"
KEEP_STATE = "UPDATE openlines_searchstate SET indexed_to = %s, history_from = %s, awaited = %s::jsonb WHERE id = %s"
BEGIN = """
    INSERT INTO openlines_searchstate (indexed_to, history_from, awaited)
    SELECT 0, 0, '[]' WHERE NOT EXISTS (SELECT FROM openlines_searchstate)
"""
MESSAGES = """
    SELECT id, dialog_id, created_at, CASE WHEN deleted_at IS NULL AND author_kind <> 'SYSTEM' THEN
               concat_ws(' ', left(text, {most}), payload -> 'contact' ->> 'name', payload -> 'contact' ->> 'phone')
           END, has_attachments
    FROM openlines_message WHERE {which}
"""
NEWER = MESSAGES.format(most=MOST_TEXT, which="id > %s ORDER BY id LIMIT %s")
OLDER = MESSAGES.format(most=MOST_TEXT, which="id < %s ORDER BY id DESC LIMIT %s")
LATE = MESSAGES.format(
    most=MOST_TEXT, which="id IN (SELECT m.id FROM unnest(%s::bigint[], %s::bigint[]) AS hole(low, high)"
    " JOIN openlines_message m ON m.id BETWEEN low AND high)"
)  # fmt: skip
CHANGED = MESSAGES.format(most=MOST_TEXT, which="id = ANY(%s)")
CHANGES = """
    DELETE FROM openlines_searchchange WHERE id IN (SELECT id FROM openlines_searchchange ORDER BY id LIMIT %s)
    RETURNING message_id
"""
NAMES_OF_FILES = """
    SELECT message_id, string_agg(name, ' ' ORDER BY position) FROM openlines_attachment
    WHERE message_id = ANY(%s) GROUP BY message_id
"""
LEXEMES = "SELECT word, lexeme FROM openlines_searchword WHERE word = ANY(%s)"
# A stemmer makes an empty list of a word that it would rather not keep.
LEARN = """
    INSERT INTO openlines_searchword (word, lexeme)
    SELECT word, coalesce((ts_lexize(dictionary::regdictionary, word))[1], '')
    FROM unnest(%s::text[], %s::text[]) AS new (word, dictionary)
    ON CONFLICT (word) DO UPDATE SET lexeme = excluded.lexeme RETURNING word, lexeme
"""
KEEP_ENTRIES = """
    INSERT INTO openlines_searchentry (message_id, dialog_id, written_at, document)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[]::tsvector[])
    ON CONFLICT (message_id) DO UPDATE
    SET dialog_id = excluded.dialog_id, written_at = excluded.written_at, document = excluded.document
"""
# What waits to be sorted into the index is read by every search, for every block; together it is sorted in quickly.
SORT_IN = "SELECT gin_clean_pending_list('messages_by_words')"
DROP_ENTRIES = "DELETE FROM openlines_searchentry WHERE message_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Written:
    """A message as far as the search is concerned; ``text`` is ``None`` where there is nothing to find."""

    id: int
    dialog_id: int
    written_at: datetime
    text: str | None
    has_attachments: bool


@dataclass(slots=True)
class State:
    id: int
    indexed_to: int
    history_from: int
    awaited: list[list[int]]
    ended_before: int

    @property
    def values(self) -> tuple[int, int, str]:
        return self.indexed_to, self.history_from, json.dumps(self.awaited)

    def takes_due_holes(self) -> list[list[int]]:
        """Those in which nothing can appear any more."""
        due = [hole for hole in self.awaited if hole[2] <= self.ended_before]
        self.awaited = [hole for hole in self.awaited if hole[2] > self.ended_before]
        return due

    def goes_on_to(self, messages: Sequence[Written]) -> list[list[int]]:
        """Returns the holes between them."""
        holes = []
        for message in messages:
            if message.id > self.indexed_to + 1:
                holes.append([self.indexed_to + 1, message.id - 1])
            self.indexed_to = message.id
        return holes


class Indexer:
    """Remembers what words are reduced to, so that most messages need not ask."""

    def __init__(self) -> None:
        self._lexemes: dict[str, str] = {}

    def index_next(self, *, limit: int = BATCH) -> int:
        """Take the next batch into the search; returns the number of messages in it. Of several workers one does it at
        a time, and the others have nothing to do meanwhile."""
        learnt: dict[str, str] = {}
        with transaction.atomic():
            state = _locked_state()
            if state is None:
                return 0
            before = state.values
            messages = _next_messages(state, limit)
            changed = _changed_messages(limit)
            self._write({message.id: message for message in [*messages, *changed]}, learnt)
            if changed:
                _execute(DROP_ENTRIES, [message.id for message in changed if message.text is None])
            if state.values != before:
                _execute(KEEP_STATE, *state.values, state.id)
        self._remember(learnt)
        return len(messages) + len(changed)

    def _write(self, messages: Mapping[int, Written], learnt: dict[str, str]) -> None:
        words = {message: words_of(text, most=MOST_WORDS) for message, text in _texts(messages.values()).items()}
        lexemes = self._lexemes_of({word for found in words.values() for word in found}, learnt)
        rows = [(message, {lexemes[word] for word in found} - {""}) for message, found in words.items()]
        entries = [
            (message.id, message.dialog_id, message.written_at, " ".join([*kept, *block_lexemes(message.id)]))
            for message, kept in rows
            if kept
        ]
        if entries:
            _execute(KEEP_ENTRIES, *map(list, zip(*entries, strict=True)))
            _execute(SORT_IN)

    def _lexemes_of(self, words: Collection[str], learnt: dict[str, str]) -> dict[str, str]:
        unknown = [word for word in words if word not in self._lexemes]
        if unknown:
            learnt.update(_execute(LEXEMES, unknown))
            new = sorted(word for word in unknown if word not in learnt)
            if new:
                learnt.update(_execute(LEARN, new, [stemmer_of(word) for word in new]))
        return {word: learnt[word] if word in learnt else self._lexemes[word] for word in words}

    def _remember(self, learnt: dict[str, str]) -> None:
        """Only what is committed: a word that was rolled back has to be learnt anew."""
        if connection.in_atomic_block:
            return
        if len(self._lexemes) > KNOWN_WORDS:
            self._lexemes.clear()
        self._lexemes.update(learnt)


def stemmer_of(word: str) -> str:
    return "english_stem" if word.isascii() else "russian_stem"


def _locked_state() -> State | None:
    """Read after the lock was taken: whoever had it before has moved on."""
    ((is_ours,),) = _execute(LOCK)
    if not is_ours:
        return None
    rows = _execute(STATE)
    if not rows:
        _execute(BEGIN)
        rows = _execute(STATE)
    state_id, indexed_to, history_from, awaited, ended_before = rows[0]
    return State(state_id, indexed_to, history_from, json.loads(awaited), ended_before)


def _next_messages(state: State, limit: int) -> list[Written]:
    """Those that come into the search for the first time: new ones, late ones, and while there are few of them older
    ones. New ones are looked for before anything is written, see ``OWN_TRANSACTION``."""
    found = _messages(NEWER, state.indexed_to, limit)
    due = state.takes_due_holes()
    if holes := state.goes_on_to(found):
        ((own,),) = _execute(OWN_TRANSACTION)
        state.awaited += [[*hole, own] for hole in holes]
    if due:
        found += _messages(LATE, [hole[0] for hole in due], [hole[1] for hole in due])
    if state.history_from > 0 and len(found) < limit:
        older = _messages(OLDER, state.history_from, limit - len(found))
        state.history_from = older[-1].id if older else 0
        found += older[::-1]
    return found


def _changed_messages(limit: int) -> list[Written]:
    changes = sorted({message_id for (message_id,) in _execute(CHANGES, limit)})
    return _messages(CHANGED, changes) if changes else []


def _messages(statement: str, *parameters: Any) -> list[Written]:
    return [Written(*row) for row in _execute(statement, *parameters)]


def _texts(messages: Iterable[Written]) -> dict[Written, str]:
    """Everything in them that can be looked for, the names of their files too."""
    found = [message for message in messages if message.text is not None]
    with_files = [message.id for message in found if message.has_attachments]
    names: dict[int, str] = dict(_execute(NAMES_OF_FILES, with_files)) if with_files else {}
    return {message: f"{message.text} {names.get(message.id, '')}" for message in found}


def _execute(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
