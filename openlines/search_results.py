"""What a search tells of the messages that it found."""

from collections.abc import Iterable, Mapping
from typing import Any

from openlines.formatting import plain
from openlines.models import Message
from openlines.presenters import Json, dialogs_by_id, iso
from openlines.search_terms import Terms
from openlines.snippets import has_hit, pieces_of


def results_json(rows: Iterable[Mapping[str, Any]], terms: Terms) -> list[Json]:
    rows = list(rows)
    dialogs = {dialog["id"]: dialog for dialog in dialogs_by_id({row["opened_id"] for row in rows})}
    return [_result(row, dialogs[row["opened_id"]], terms) for row in rows if row["opened_id"] in dialogs]


def _result(row: Mapping[str, Any], dialog: Json, terms: Terms) -> Json:
    """What was found in is shown: the text, or else the names of its files, or the contact that it brings."""
    words = plain(row["text"]) if row["is_formatted"] else row["text"]
    said = [pieces_of(text, terms.is_hit) for text in (words, row["files"], row["contact"]) if text]
    return {
        "dialog": dialog,
        "message_id": row["id"],
        "at": iso(row["created_at"]),
        "author": {
            "kind": row["author_kind"],
            "id": row["author_id"],
            "name": _author_name(row, dialog),
            "native_name": row["native_name"],
        },
        "visibility": row["visibility"],
        "kind": row["kind"],
        "pieces": next(filter(has_hit, said), said[0] if said else []),
    }


def _author_name(row: Mapping[str, Any], dialog: Json) -> str:
    if row["author_kind"] == Message.Author.CLIENT:
        return str(dialog["client"]["name"])
    return str(row["author_name"] or "")
