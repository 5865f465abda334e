"""Parts of a message's JSON that its row alone tells."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from openlines.delivery_words import delivery_error_words
from openlines.models import Message

Json = dict[str, Any]


def author_json(row: Mapping[str, Any]) -> Json:
    details = row["payload"].get("details") or {}
    native_name = str(details.get("author_name", "")) if details.get("native") else None
    return {
        "kind": row["author_kind"], "id": row["author_id"], "name": author_name(row), "native_name": native_name,
    }  # fmt: skip


def reactions_json(payload: Mapping[str, Any]) -> list[Json]:
    """The most frequent first."""
    numbers = Counter(payload.get("reactions", {}).values())
    return [
        {"emoji": emoji, "number": number} for emoji, number in sorted(numbers.items(), key=lambda it: (-it[1], it[0]))
    ]


def details_json(payload: Mapping[str, Any]) -> Json | None:
    """A page is large, and not for the console's own document: ``has_html`` says that there is one."""
    details = payload.get("details")
    if not details or "html" not in details:
        return details or None
    return {name: value for name, value in details.items() if name != "html"} | {"has_html": True}


def buttons_json(payload: Mapping[str, Any]) -> list[list[Json]] | None:
    if not payload.get("buttons"):
        return None
    chosen = payload.get("chosen")
    return [
        [{"text": button["text"], "is_chosen": button["payload"] == chosen} for button in row]
        for row in payload["buttons"]
    ]


def author_name(row: Mapping[str, Any]) -> str:
    if row["author_kind"] == Message.Author.CLIENT:
        return str(row["dialog__client__name"] or f"#{row['dialog__client_id']}")
    if row["author_id"] is None:
        return ""
    return f"{row['author__first_name']} {row['author__last_name']}".strip() or str(row["author__username"])


def delivery_json(row: Mapping[str, Any]) -> Json | None:
    if not row["delivery_state"]:
        return None
    code = row["delivery_error"]
    error = {"code": code, "message": delivery_error_words(code)} if code else None
    return {"state": row["delivery_state"], "error": error}
