"""The one JSON schema of dialogs, messages and people, for REST and socket alike (see docs/realtime.md)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from common.statements import Statement
from crm.models import PALETTE_SIZE, User
from openlines.formatting import plain_of
from openlines.message_parts import author_json, author_name, buttons_json, delivery_json, details_json, reactions_json
from openlines.models import Attachment, Dialog, Draft, Message

Json = dict[str, Any]

DIALOG_COLUMNS = (
    "id", "revision", "state", "line_id", "line__name", "channel_id", "channel__kind", "channel__name", "client_id",
    "client__name", "client__photo", "client__is_reachable", "client__is_vip", "owner_id", "offered_to",
    "offer_started_at", "offer_expires_at", "is_pinned", "opened_at", "answered_at", "first_replied_at",
    "waiting_since", "last_message_at", "closing_at", "closed_at", "close_reason", "last_seq",
    "operator_read_seq", "client_read_seq", "unread", "preview_author", "preview_kind", "preview_text", "lead_id",
    "handed_over", "participant_ids", "tag_ids", "topic_id", "topic__name", "snoozed_at", "snoozed_until",
    "client_wrote_at", "rating__scale", "rating__score", "rating__comment", "rating__supervisor_score",
    "rating__supervisor_comment", "chat__subject",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "id", "dialog_id", "seq", "revision", "author_kind", "author_id", "author__first_name", "author__last_name",
    "author__username", "dialog__client_id", "dialog__client__name", "visibility", "kind", "text", "command_id",
    "reply_to_id",
    "has_attachments", "payload", "delivery_state", "delivery_error", "created_at", "edited_at", "deleted_at",
    "hidden_at",
)  # fmt: skip


DIALOGS = Statement(
    lambda ids: Dialog.objects.filter(pk__any_of=ids).order_by("id").values_list(*DIALOG_COLUMNS)
)  # fmt: skip
MESSAGES = Statement(
    lambda ids: Message.objects.filter(pk__any_of=ids).order_by("id").values_list(*MESSAGE_COLUMNS)
)  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"


def dialogs_json(dialogs: QuerySet[Dialog]) -> list[Json]:
    return [_dialog(row) for row in dialogs.values(*DIALOG_COLUMNS)]


def dialogs_by_id(dialog_ids: Collection[int]) -> list[Json]:
    """Those of them that exist, in the order of their ids."""
    return [_dialog(row) for row in DIALOGS.dicts(ids=list(dialog_ids))]


def dialog_json(dialog_id: int) -> Json:
    return dialogs_by_id([dialog_id])[0]


def _dialog(row: Mapping[str, Any]) -> Json:
    is_offered = row["state"] == Dialog.State.OFFERED
    return {
        "id": row["id"],
        "revision": row["revision"],
        "state": row["state"],
        "line": {"id": row["line_id"], "name": row["line__name"]},
        "channel": {"id": row["channel_id"], "kind": row["channel__kind"], "name": row["channel__name"]},
        "client": _client(row),
        "owner_id": row["owner_id"],
        "offer": _offer(row) if is_offered else None,
        "handed_over": row["handed_over"],
        "is_pinned": row["is_pinned"],
        "participant_ids": row["participant_ids"],
        "tag_ids": row["tag_ids"],
        "topic": {"id": row["topic_id"], "name": row["topic__name"]} if row["topic_id"] else None,
        "snooze": {"until": iso(row["snoozed_until"])} if row["snoozed_at"] else None,
        "rating": rating_json(row),
        "opened_at": iso(row["opened_at"]),
        "answered_at": iso(row["answered_at"]),
        "first_replied_at": iso(row["first_replied_at"]),
        "waiting_since": iso(row["waiting_since"]),
        "last_message_at": iso(row["last_message_at"]),
        "client_wrote_at": iso(row["client_wrote_at"]),
        "closing_at": iso(row["closing_at"]),
        "closed_at": iso(row["closed_at"]),
        "close_reason": row["close_reason"] or None,
        "last_seq": row["last_seq"],
        "operator_read_seq": row["operator_read_seq"],
        "client_read_seq": row["client_read_seq"],
        "unread": row["unread"],
        "preview": _preview(row),
        "lead_id": row["lead_id"],
        "subject": subject_json(row["chat__subject"]),
    }


def subject_json(subject: Mapping[str, str] | None) -> Json | None:
    """The post, video or offer that clients write below; only a link of the web is one."""
    if not subject:
        return None
    url = subject.get("url", "")
    shown = {name: subject.get(name, "") for name in ("kind", "title", "price")}
    return shown | {"url": url if url.startswith(("https://", "http://")) else ""}


def _client(row: Mapping[str, Any]) -> Json:
    return {
        "id": row["client_id"],
        "name": row["client__name"] or f"#{row['client_id']}",
        "photo_url": photo_url(row["client_id"], row["client__photo"]),
        "color": row["client_id"] % PALETTE_SIZE,
        "is_reachable": row["client__is_reachable"],
        "is_vip": row["client__is_vip"],
    }


def _offer(row: Mapping[str, Any]) -> Json:
    return {
        "operator_ids": row["offered_to"],
        "started_at": iso(row["offer_started_at"]),
        "expires_at": iso(row["offer_expires_at"]),
    }


def rating_json(row: Mapping[str, Any]) -> Json | None:
    if not row["rating__scale"]:
        return None
    return {
        "scale": row["rating__scale"],
        "score": row["rating__score"],
        "comment": row["rating__comment"],
        "supervisor_score": row["rating__supervisor_score"],
        "supervisor_comment": row["rating__supervisor_comment"],
    }


def _preview(row: Mapping[str, Any]) -> Json | None:
    if not row["preview_author"]:
        return None
    return {"author": row["preview_author"], "text": row["preview_text"], "kind": row["preview_kind"]}


def photo_url(client_id: int, photo: str) -> str | None:
    return f"/files/clients/{client_id}/?v={photo.rpartition('/')[2][:12]}" if photo else None


def messages_json(messages: QuerySet[Message]) -> list[Json]:
    """Messages as staff see them, in the order of the query."""
    return _messages(list(messages.values(*MESSAGE_COLUMNS)))


def _messages(rows: Sequence[Mapping[str, Any]]) -> list[Json]:
    files = _attachments_by_message([row["id"] for row in rows if row["has_attachments"]])
    quotes = _quotes({row["reply_to_id"] for row in rows if row["reply_to_id"]})
    return [_message(row, files.get(row["id"], []), quotes.get(row["reply_to_id"])) for row in rows]


def message_json(message_id: int) -> Json:
    return messages_by_id([message_id])[0]


def messages_by_id(message_ids: Collection[int]) -> list[Json]:
    """Those of them that exist, in the order of their ids."""
    return _messages(MESSAGES.dicts(ids=list(message_ids))) if message_ids else []


def changed_messages(since: Mapping[int, int]) -> dict[int, list[Json]]:
    """Per dialog, the messages that changed after the given revision, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id FROM unnest(%s::bigint[], %s::int[]) AS since(dialog_id, revision)"
            " JOIN openlines_message m ON m.dialog_id = since.dialog_id AND m.revision > since.revision",
            [list(since), list(since.values())],
        )
        ids = [row[0] for row in cursor.fetchall()]
    by_dialog: dict[int, list[Json]] = defaultdict(list)
    if ids:
        for message in _messages(MESSAGES.dicts(ids=ids)):
            by_dialog[message["dialog_id"]].append(message)
    return by_dialog


def _message(row: Mapping[str, Any], attachments: list[Json], quote: Json | None) -> Json:
    payload = row["payload"]
    is_deleted = row["deleted_at"] is not None
    return {
        "id": row["id"],
        "dialog_id": row["dialog_id"],
        "seq": row["seq"],
        "revision": row["revision"],
        "author": author_json(row),
        "visibility": row["visibility"],
        "kind": row["kind"],
        "text": "" if is_deleted else row["text"],
        "command_id": str(row["command_id"]) if row["command_id"] else None,
        "reply_to": quote,
        "attachments": [] if is_deleted else attachments,
        "location": None if is_deleted else payload.get("location"),
        "contact": None if is_deleted else payload.get("contact"),
        "service": payload.get("service"),
        "buttons": None if is_deleted else buttons_json(payload),
        "mentions": [] if is_deleted else payload.get("mentions", []),
        "is_formatted": bool(payload.get("is_formatted")),
        "details": None if is_deleted else details_json(payload),
        "reactions": [] if is_deleted else reactions_json(payload),
        "delivery": delivery_json(row),
        "created_at": iso(row["created_at"]),
        "edited_at": iso(row["edited_at"]),
        "deleted_at": iso(row["deleted_at"]),
        "hidden_at": iso(row["hidden_at"]),
        "is_private_reply": bool(payload.get("is_private_reply")),
    }


def _attachments_by_message(message_ids: list[int]) -> dict[int, list[Json]]:
    files: dict[int, list[Json]] = defaultdict(list)
    if message_ids:
        for attachment in Attachment.objects.filter(message_id__in=message_ids).order_by("position", "created_at"):
            files[attachment.message_id or 0].append(attachment_json(attachment))
    return files


def attachment_json(attachment: Attachment) -> Json:
    is_ready = attachment.state == Attachment.State.READY
    return {
        "id": str(attachment.pk),
        "kind": attachment.kind,
        "state": attachment.state,
        "url": f"/files/{attachment.pk}/" if is_ready else None,
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
    rows = Message.objects.filter(pk__in=message_ids).values(*MESSAGE_COLUMNS)
    return {
        row["id"]: {
            "id": row["id"],
            "text": "" if row["deleted_at"] else plain_of(row["text"], row["payload"])[:200],
            "author_name": author_name(row),
        }
        for row in rows
    }


def drafts_json(drafts: QuerySet[Draft]) -> list[Json]:
    rows = list(drafts.values("dialog_id", "text", "visibility", "reply_to_id", "updated_at"))
    quotes = _quotes({row["reply_to_id"] for row in rows if row["reply_to_id"]})
    return [
        {
            "dialog_id": row["dialog_id"],
            "text": row["text"],
            "visibility": row["visibility"],
            "reply_to": quotes.get(row["reply_to_id"]),
            "updated_at": iso(row["updated_at"]),
        }
        for row in rows
    ]


def operator_json(operator: User) -> Json:
    return {
        "id": operator.pk,
        "name": operator.name,
        "role": User.Role.ADMINISTRATOR if operator.is_superuser else operator.role,
        "color": operator.color,
        "photo_url": f"/files/staff/{operator.pk}/" if operator.photo else None,
        "presence": operator.presence,
        "working_day": operator.working_day,
        "pause_reason": operator.pause_reason,
        "is_absent": operator.is_absent,
    }
