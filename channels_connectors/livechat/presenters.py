"""What a visitor may see, and nothing else: its own shapes, made from public messages only."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from channels_connectors.livechat.tokens import file_link
from openlines.formatting import plain_of
from openlines.models import Attachment, Dialog, Message
from openlines.presenters import iso
from openlines.services.rating import OPEN_FOR, is_rating
from routing.waiting import WAITING, Waiting, waiting_of

Json = dict[str, Any]

COLUMNS = (
    "id", "dialog_id", "seq", "revision", "author_kind", "author__first_name", "author__last_name", "visibility",
    "kind", "text", "external_id", "reply_to_id", "has_attachments", "created_at", "edited_at", "deleted_at", "payload",
    "dialog__rating__scale", "dialog__rating__score", "dialog__rating__comment", "dialog__rating__asked_at",
    "dialog__line__is_rating_comment_asked",
)  # fmt: skip
AUTHORS = {
    Message.Author.CLIENT: "VISITOR",
    Message.Author.OPERATOR: "OPERATOR",
    Message.Author.BOT: "BOT",
}
PUBLIC = Q(visibility=Message.Visibility.PUBLIC)
QUOTE_LENGTH = 200


def public_messages(messages: Iterable[Mapping[str, Any]], *, key: str, now: datetime) -> list[Json]:
    """Rows of ``COLUMNS`` as the visitor of the chat with this key sees them. Raises ``ValueError`` for any other."""
    rows = list(messages)
    files = _files([row["id"] for row in rows if row["has_attachments"] and not row["deleted_at"]], key, now)
    quotes = _quotes({row["reply_to_id"] for row in rows if row["reply_to_id"]})
    return [_message(row, files, quotes) | {"rating": _rating(row, now)} for row in rows]


def _message(row: Mapping[str, Any], files: dict[int, list[Json]], quotes: dict[int, Json]) -> Json:
    if row["visibility"] != Message.Visibility.PUBLIC or row["author_kind"] not in AUTHORS:
        raise ValueError("Staff-only messages never leave")
    is_deleted = row["deleted_at"] is not None
    is_own = row["author_kind"] == Message.Author.CLIENT
    return {
        "id": row["id"],
        "dialog": row["dialog_id"],
        "seq": row["seq"],
        "revision": row["revision"],
        "client_message_id": row["external_id"] if is_own else None,
        "author": {"kind": AUTHORS[row["author_kind"]], "name": _author_name(row)},
        "kind": row["kind"],
        "text": "" if is_deleted else row["text"],
        "is_formatted": bool(row["payload"].get("is_formatted")),
        "reply_to": quotes.get(row["reply_to_id"]),
        "attachments": files.get(row["id"], []),
        "created_at": iso(row["created_at"]),
        "edited_at": iso(row["edited_at"]),
        "deleted_at": iso(row["deleted_at"]),
    }


def _rating(row: Mapping[str, Any], now: datetime) -> Json | None:
    """What may be pressed below a request for a rating, and what was."""
    is_request = any(is_rating(button["payload"]) for line in row["payload"].get("buttons", ()) for button in line)
    if not is_request or row["dialog__rating__asked_at"] is None or row["deleted_at"]:
        return None
    return {
        "scale": row["dialog__rating__scale"],
        "score": row["dialog__rating__score"],
        "comment": row["dialog__rating__comment"],
        "is_comment_asked": row["dialog__line__is_rating_comment_asked"],
        "open_until": iso(row["dialog__rating__asked_at"] + OPEN_FOR),
    }


def _author_name(row: Mapping[str, Any]) -> str:
    """An operator without a name stays nameless: the user name is for signing in."""
    return f"{row['author__first_name'] or ''} {row['author__last_name'] or ''}".strip()


def _files(message_ids: list[int], key: str, now: datetime) -> dict[int, list[Json]]:
    files: dict[int, list[Json]] = {}
    for attachment in Attachment.objects.filter(message_id__in=message_ids).order_by("position", "created_at"):
        files.setdefault(attachment.message_id or 0, []).append(public_file(attachment, key=key, now=now))
    return files


def public_file(attachment: Attachment, *, key: str, now: datetime) -> Json:
    is_ready = attachment.state == Attachment.State.READY
    return {
        "id": str(attachment.pk),
        "kind": attachment.kind,
        "state": attachment.state,
        "url": file_link(key=key, attachment_id=attachment.pk, now=now) if is_ready else None,
        "name": attachment.name,
        "mime": attachment.mime,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "duration": attachment.duration,
    }


def _quotes(message_ids: Iterable[int]) -> dict[int, Json]:
    if not message_ids:
        return {}
    rows = Message.objects.filter(PUBLIC, pk__in=message_ids).values(*COLUMNS)
    return {
        row["id"]: {
            "id": row["id"],
            "text": "" if row["deleted_at"] else plain_of(row["text"], row["payload"])[:QUOTE_LENGTH],
            "author": {"kind": AUTHORS[row["author_kind"]], "name": _author_name(row)},
        }
        for row in rows
    }


def public_dialogs(dialogs: QuerySet[Dialog], *, now: datetime | None = None) -> list[Json]:
    """Rounds of the conversation. Their ``revision`` counts what is public: see ``public_revision``.

    ``waiting`` is looked up where ``now`` is given, and left out of frames until the dialog waits no longer.
    """
    rows = dialogs.annotate(
        public_revision=Max("messages__revision", filter=Q(messages__visibility=Message.Visibility.PUBLIC))
    )
    return [_dialog(dialog, now) for dialog in rows.order_by("id")]


def _dialog(dialog: Any, now: datetime | None) -> Json:
    public = {
        "number": dialog.pk,
        "revision": dialog.public_revision or 0,
        "read_seq": dialog.operator_read_seq,
        "is_open": dialog.is_open,
        "is_closing": dialog.closing_at is not None,
    }
    if now is None and dialog.state in WAITING:
        return public
    return public | {"waiting": _waiting(waiting_of(dialog, now=now)) if now else None}


def _waiting(waiting: Waiting | None) -> Json | None:
    return asdict(waiting) if waiting else None


def public_revision(dialog_id: int, *, up_to: int) -> int:
    """The last revision, not after ``up_to``, at which a public message of the dialog changed: what staff do among
    themselves does not count, so visitors don't miss it."""
    found = Message.objects.filter(PUBLIC, dialog_id=dialog_id, revision__lte=up_to).aggregate(last=Max("revision"))
    return found["last"] or 0
