"""Which quick replies somebody has at hand, and which of them are theirs to change."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from common.errors import NotFound
from crm.models import User
from openlines.access import lines_of, steered_lines
from openlines.models import QuickReply, QuickReplyFile
from openlines.presenters import Json, iso

PERSONAL, LINE, COMPANY = "PERSONAL", "LINE", "COMPANY"
SCOPES = (PERSONAL, LINE, COMPANY)


def scope_of(reply: QuickReply) -> str:
    if reply.owner_id is not None:
        return PERSONAL
    return COMPANY if reply.line_id is None else LINE


def visible_quick_replies(user: User) -> QuerySet[QuickReply]:
    """One's own, those of the lines one works with, and the company's."""
    if not user.works_with_clients:
        return QuickReply.objects.none()
    shared = Q(line__in=lines_of(user).values("pk")) | Q(line=None)
    return QuickReply.objects.filter(Q(owner=user) | (Q(owner=None) & shared))


def kept_quick_replies(user: User) -> QuerySet[QuickReply]:
    """The shared ones that are the user's to change: of lines they steer, for administrators the company's, too."""
    shared = QuickReply.objects.filter(owner=None)
    return shared if user.is_administrator else shared.filter(line__in=steered_lines(user).values("pk"))


def visible_quick_reply(user: User, quick_reply_id: int) -> QuickReply:
    """Raises ``NotFound`` for those of others, too."""
    reply = visible_quick_replies(user).filter(pk=quick_reply_id).first()
    if reply is None:
        raise NotFound
    return reply


def quick_replies_json(user: User) -> list[Json]:
    """The most used first; who steers which lines is asked once for all."""
    replies = visible_quick_replies(user).order_by("-used_count", "folder", "title", "pk")
    files = Prefetch("files", QuickReplyFile.objects.order_by("position", "pk"))
    kept = set(kept_quick_replies(user).values_list("pk", flat=True))
    return [_json(reply, user, kept) for reply in replies.prefetch_related(files)]


def quick_reply_json(reply: QuickReply, user: User) -> Json:
    return _json(reply, user, set(kept_quick_replies(user).filter(pk=reply.pk).values_list("pk", flat=True)))


def _json(reply: QuickReply, user: User, kept: set[int]) -> Json:
    return {
        "id": reply.pk,
        "scope": scope_of(reply),
        "line_id": reply.line_id,
        "folder": reply.folder,
        "title": reply.title,
        "shortcut": reply.shortcut,
        "text": reply.text,
        "files": files_json(list(reply.files.all())),
        "used_count": reply.used_count,
        "used_at": iso(reply.used_at),
        "may_change": reply.owner_id == user.pk or reply.pk in kept,
    }


def files_json(files: Sequence[QuickReplyFile]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(file.pk),
            "kind": file.kind,
            "url": f"/files/quick-replies/{file.pk}/",
            "name": file.name,
            "mime": file.mime,
            "size": file.size,
        }
        for file in files
    ]
