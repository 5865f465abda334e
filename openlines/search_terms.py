"""What somebody typed, in the words that were really written: forms of each word, and words that it is a part of."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from common.words import NUMBER_DIGITS, have_part, number_word, pattern_of, words_of
from openlines.services.indexing import stemmer_of

MOST_WORDS = 8
FEWEST_DIGITS = 6
# The frequent ones are among the first, see SearchWord; a page of results needs no more.
FORMS, PARTS = 50, 100
KNOWN = f"""
    SELECT typed.place, stem.lexemes = '{{}}', known.word, known.lexeme,
           edges.newest, edges.before, edges.least
    FROM (
        SELECT (SELECT max(message_id) FROM openlines_searchentry) AS newest,
               (SELECT message_id FROM openlines_searchentry WHERE written_at < %(until)s::timestamptz
                ORDER BY written_at DESC LIMIT 1) AS before,
               (SELECT message_id FROM openlines_searchentry WHERE written_at >= %(since)s::timestamptz
                ORDER BY written_at LIMIT 1) AS least
    ) AS edges
    CROSS JOIN unnest(%(words)s::text[], %(patterns)s::text[], %(stemmers)s::text[]) WITH ORDINALITY
        AS typed (word, pattern, stemmer, place)
    CROSS JOIN LATERAL (SELECT ts_lexize(typed.stemmer::regdictionary, typed.word) AS lexemes) AS stem
    LEFT JOIN LATERAL (
        (SELECT word, lexeme FROM openlines_searchword WHERE lexeme = stem.lexemes[1] LIMIT {FORMS})
        UNION
        (SELECT word, lexeme FROM openlines_searchword WHERE word LIKE typed.pattern AND lexeme <> '' LIMIT {PARTS})
    ) AS known ON true
"""  # noqa: S608 - numbers of our own


Row = tuple[int, bool, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What to ask the index for, and what to light up in what it finds. Ids of messages go by time, so that a period is
    between two of them, more or less; ``None`` where it has no such end."""

    query: str
    words: frozenset[str]
    parts: tuple[str, ...]
    newest: int
    before: int | None
    least: int | None

    def is_hit(self, word: str) -> bool:
        return word in self.words or have_part(self.parts, word)


def typed_words(text: str) -> tuple[str, ...]:
    """A phone is one word, whatever way it was written down."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s()+.\-]", text):
        return (_own_digits(digits),)
    return tuple(words_of(text, most=MOST_WORDS))


def _own_digits(digits: str) -> str:
    """Without the 8 or the country that a number may begin with, since it is not known which one was written."""
    return number_word(digits) if len(digits) > NUMBER_DIGITS else digits


def terms_of(text: str, *, since: datetime | None = None, until: datetime | None = None) -> Terms | None:
    """``None`` where nothing that was ever written can match."""
    typed = typed_words(text)
    if not typed:
        return None
    values = {
        "words": list(typed),
        "patterns": [pattern_of(word) for word in typed],
        "stemmers": [stemmer_of(word) for word in typed],
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, values)
        rows = cursor.fetchall()
    newest, before, least = rows[0][4:]
    if newest is None or (until and before is None) or (since and least is None):
        return None
    lexemes, words = defaultdict[int, set[str]](set), set[str]()
    for place, _is_common, word, lexeme in _that_count([row[:4] for row in rows]):
        lexemes[place].update([lexeme] if lexeme else ())
        words.update([word] if word else ())
    if not all(lexemes.values()):
        return None
    query = " & ".join(f"({' | '.join(sorted(found))})" for _place, found in sorted(lexemes.items()))
    return Terms(query, frozenset(words), tuple(typed[place - 1] for place in lexemes), newest, before, least)


def _that_count(rows: Sequence[Row]) -> Sequence[Row]:
    """Words that everybody always uses are no help where there are others."""
    return [row for row in rows if not row[1]] or rows
