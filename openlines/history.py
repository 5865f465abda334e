"""What was said with a client, over all of their dialogs and chats, as far as the reader may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from crm.models import User
from openlines.access import readable_dialogs
from openlines.models import Dialog, Message
from openlines.presenters import Json, iso, messages_by_id, messages_json, rating_json

SPAN_COLUMNS = (
    "id", "revision", "chat_id", "channel_id", "channel__kind", "channel__name", "line_id", "line__name", "owner_id",
    "owner__first_name", "owner__last_name", "owner__username", "topic_id", "topic__name", "close_reason", "opened_at",
    "closed_at", "last_seq", "rating__scale", "rating__score", "rating__comment", "rating__supervisor_score",
    "rating__supervisor_comment",
)  # fmt: skip
# Each chat gives its own page by its index, and the page of all is picked from those: however long a history is,
# and however many chats it has, no more is read of any of them than is asked for.
EARLIER = """
    SELECT page.id FROM unnest(%(chats)s::bigint[]) AS chat(id), LATERAL (
        SELECT m.id FROM openlines_message m
        WHERE m.chat_id = chat.id AND m.id <= %(edge)s AND m.dialog_id = ANY(%(dialogs)s::bigint[])
        ORDER BY m.id DESC LIMIT %(limit)s
    ) page ORDER BY page.id DESC LIMIT %(limit)s
"""
LATER = """
    SELECT page.id FROM unnest(%(chats)s::bigint[]) AS chat(id), LATERAL (
        SELECT m.id FROM openlines_message m
        WHERE m.chat_id = chat.id AND m.id > %(edge)s AND m.dialog_id = ANY(%(dialogs)s::bigint[])
        ORDER BY m.id LIMIT %(limit)s
    ) page ORDER BY page.id LIMIT %(limit)s
"""
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class History:
    """The dialogs of one client that somebody may read, with their revisions when the page was begun."""

    revisions: dict[int, int]
    chat_ids: list[int]

    def earlier(self, edge: int, limit: int) -> tuple[list[int], bool]:
        """The ids of at most so many messages up to ``edge``, oldest first, and whether there are more."""
        found = self._ids(EARLIER, edge, limit + 1)
        return found[:limit][::-1], len(found) > limit

    def later(self, edge: int, limit: int) -> tuple[list[int], bool]:
        found = self._ids(LATER, edge, limit + 1)
        return found[:limit], len(found) > limit

    def _ids(self, sql: str, edge: int, limit: int) -> list[int]:
        which: dict[str, Any] = {"chats": self.chat_ids, "dialogs": list(self.revisions), "edge": edge, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(sql, which)
            return [row[0] for row in cursor.fetchall()]


def history_of(client_id: int, *, reader: User) -> History:
    rows = list(readable_dialogs(reader, client_id).values_list("pk", "revision", "chat_id"))
    return History({pk: revision for pk, revision, _chat in rows}, sorted({chat for _pk, _revision, chat in rows}))


def message_page(
    dialog: Dialog, *, reader: User, limit: int, before: int | None = None, after: int | None = None,
    around: int | None = None,
) -> Json:  # fmt: skip
    """A page of the client's history, oldest first: what stands before, after or around a message. Without any of
    them it is the newest, for a closed dialog what led up to its end."""
    history = history_of(dialog.client_id, reader=reader)
    has_earlier = has_later = True
    if around is not None:
        ids, has_earlier = history.earlier(around, max(1, limit // 2))
        later, has_later = history.later(around, limit - len(ids))
        ids += later
    elif after is not None:
        ids, has_later = history.later(after, limit)
    elif before is not None:
        ids, has_earlier = history.earlier(before - 1, limit)
    else:
        edge = NEWEST if dialog.is_open else _last_of(dialog)
        ids, has_earlier = history.earlier(edge, limit)
        has_later = edge != NEWEST and bool(history.later(edge, 1)[0])
    messages = messages_by_id(ids)
    return {
        "messages": messages,
        "has_earlier": has_earlier,
        "has_later": has_later,
        "dialogs": _spans({dialog.pk, *(message["dialog_id"] for message in messages)}, history),
    }


def _last_of(dialog: Dialog) -> int:
    last = Message.objects.filter(dialog=dialog).order_by("-seq").values_list("pk", flat=True).first()
    return last or NEWEST


def _spans(dialog_ids: Collection[int], history: History) -> list[Json]:
    """The page's messages may be newer than the revisions named here, and never older."""
    return [span | {"revision": history.revisions[span["id"]]} for span in spans_of(dialog_ids)]


def spans_of(dialog_ids: Collection[int]) -> list[Json]:
    return dialog_spans(Dialog.objects.filter(pk__in=dialog_ids).order_by("pk"))


def dialog_spans(dialogs: QuerySet[Dialog]) -> list[Json]:
    """What a history says of its dialogs: where each was, whose, and what came of it."""
    return [_span(row) for row in dialogs.values(*SPAN_COLUMNS)]


def _span(row: dict[str, Any]) -> Json:
    return {
        "id": row["id"],
        "revision": row["revision"],
        "chat_id": row["chat_id"],
        "channel": {"id": row["channel_id"], "kind": row["channel__kind"], "name": row["channel__name"]},
        "line": {"id": row["line_id"], "name": row["line__name"]},
        "operator": {"id": row["owner_id"], "name": _owner_name(row)} if row["owner_id"] else None,
        "topic": {"id": row["topic_id"], "name": row["topic__name"]} if row["topic_id"] else None,
        "rating": rating_json(row),
        "close_reason": row["close_reason"] or None,
        "opened_at": iso(row["opened_at"]),
        "closed_at": iso(row["closed_at"]),
        "last_seq": row["last_seq"],
    }


def _owner_name(row: dict[str, Any]) -> str:
    return f"{row['owner__first_name']} {row['owner__last_name']}".strip() or str(row["owner__username"])


def messages_changed_after(dialog: Dialog, revision: int) -> list[Json]:
    return messages_json(Message.objects.filter(dialog=dialog, revision__gt=revision).order_by("id"))
