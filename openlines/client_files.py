"""The files of a client over all of their dialogs, as far as the reader may read these."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from common.errors import InvalidInput
from crm.models import Client, User
from openlines.access import readable_dialogs
from openlines.models import Attachment, Message
from openlines.presenters import Json, attachment_json, iso

KINDS = {
    "pictures": (Attachment.Kind.IMAGE, Attachment.Kind.VIDEO),
    "sounds": (Attachment.Kind.AUDIO, Attachment.Kind.VOICE),
    "files": (Attachment.Kind.FILE,),
}
PAGE = 40
ALL = tuple(kind for kinds in KINDS.values() for kind in kinds)


def files_page(client: Client, *, reader: User, kind: str = "", cursor: str = "", limit: int = PAGE) -> Json:
    """Newest first, with the message each belongs to; ``cursor`` goes on where the last page ended."""
    dialogs = list(readable_dialogs(reader, client.pk).values_list("pk", flat=True))
    found = _of_kind(dialogs, KINDS.get(kind, ALL))
    if cursor:
        message_id, position, attachment_id = _place(cursor)
        same = Q(message_id=message_id)
        found = found.filter(
            Q(message_id__lt=message_id)
            | same & Q(position__gt=position)
            | same & Q(position=position, pk__gt=attachment_id)
        )
    rows = list(found[: limit + 1])
    shown = rows[:limit]
    return {
        "results": [_json(attachment) for attachment in shown],
        "next_cursor": _cursor(shown[-1]) if len(rows) > limit else None,
    }


def _of_kind(dialog_ids: Sequence[int], kinds: Sequence[str]) -> QuerySet[Attachment]:
    said = Attachment.objects.filter(
        message__dialog_id__any_of=dialog_ids, message__has_attachments=True, message__deleted_at=None, kind__in=kinds
    )
    return said.select_related("message").order_by("-message_id", "position", "pk")


def _place(cursor: str) -> tuple[int, int, UUID]:
    try:
        message_id, position, attachment_id = cursor.split(".")
        return int(message_id[:18]), int(position[:9]), UUID(attachment_id)
    except ValueError as error:
        raise InvalidInput(fields={"cursor": ["?"]}) from error


def _cursor(attachment: Attachment) -> str:
    return f"{attachment.message_id}.{attachment.position}.{attachment.pk}"


def _json(attachment: Attachment) -> Json:
    message = attachment.message
    if message is None:
        raise LookupError("a file of a history belongs to a message")
    return {
        "attachment": attachment_json(attachment),
        "message_id": message.pk,
        "dialog_id": message.dialog_id,
        "is_ours": message.author_kind != Message.Author.CLIENT,
        "created_at": iso(message.created_at),
    }
