"""Quick replies: words and files that are sent often, of one operator, of a line or of the company."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.audit import record_creation, record_removal, recorded
from crm.models import User
from openlines.access import lines_of, steers, visible_dialog
from openlines.changes import send_frame
from openlines.models import Attachment, Dialog, QuickReply, QuickReplyFile
from openlines.quick_replies import COMPANY, LINE, PERSONAL, scope_of, visible_quick_reply
from openlines.services.attachments import store_upload
from openlines.streams import STAFF, user_stream
from openlines.texts import fill_in

Upload: TypeAlias = "UploadedFile[Any]"

LONGEST = 4096
MOST_FILES = 10
MOST_OF_ONE = 300
MOST_SHARED = 1000
TEXTS = {"folder": 100, "title": 100, "shortcut": 32, "text": LONGEST}
LABEL_LENGTH = 60


@transaction.atomic
def create_quick_reply(
    *, actor: User, text: str = "", title: str = "", folder: str = "", shortcut: str = "", scope: str = PERSONAL,
    line_id: int | None = None, attachment_ids: Sequence[UUID] = (), uploads: Sequence[Upload] = (), now: datetime,
) -> QuickReply:  # fmt: skip
    """Without a title it is called by its first words. Raises ``NotAllowed``, ``InvalidInput``."""
    reply = QuickReply(**_texts({"text": text, "title": title, "folder": folder, "shortcut": shortcut}))
    _place(reply, actor, scope, line_id)
    _check_room(reply)
    files = _uploads(actor, attachment_ids, uploads)
    _check_says_something(reply, len(files))
    reply.save()
    _add_files(reply, files)
    if reply.owner_id is None:
        record_creation(actor=actor, subject=reply, now=now)
    _tell(reply)
    return reply


@transaction.atomic
def change_quick_reply(
    *, quick_reply_id: int, actor: User, kept_file_ids: Sequence[UUID] | None = None,
    attachment_ids: Sequence[UUID] = (), uploads: Sequence[Upload] = (), scope: str | None = None,
    line_id: int | None = None, now: datetime, **texts: str,
) -> QuickReply:  # fmt: skip
    """What is given is changed; files that are not among the kept ones go. Raises ``NotFound``, ``NotAllowed``,
    ``InvalidInput``."""
    reply = _own(actor, quick_reply_id)
    _tell(reply)
    with _written_down(reply, actor, now, becomes=scope):
        for name, value in _texts(texts, reply).items():
            setattr(reply, name, value)
        if scope is not None:
            _place(reply, actor, scope, line_id)
        reply.save()
    if kept_file_ids is not None:
        _drop_files(reply.files.exclude(pk__in=kept_file_ids))
    files = _uploads(actor, attachment_ids, uploads)
    _check_says_something(reply, reply.files.count() + len(files))
    _add_files(reply, files)
    _tell(reply)
    return reply


@transaction.atomic
def remove_quick_reply(*, quick_reply_id: int, actor: User, now: datetime) -> None:
    """Raises ``NotFound``, ``NotAllowed``. What was sent with it stays as it was."""
    reply = _own(actor, quick_reply_id)
    if reply.owner_id is None:
        record_removal(actor=actor, subject=reply, now=now)
    _tell(reply)
    _drop_files(reply.files.all())
    reply.delete()


@transaction.atomic
def use_quick_reply(
    *, quick_reply_id: int, dialog_id: int, operator: User, now: datetime
) -> tuple[str, list[Attachment]]:
    """The words for this client, and copies of the files as uploads of the operator. Raises ``NotFound``."""
    reply = visible_quick_reply(operator, quick_reply_id)
    dialog = visible_dialog(operator, dialog_id)
    QuickReply.objects.filter(pk=reply.pk).update(used_count=F("used_count") + 1, used_at=now)
    return _words(reply, dialog, operator, now), [_copy(file, operator) for file in reply.files.order_by("position")]


def _words(reply: QuickReply, dialog: Dialog, operator: User, now: datetime) -> str:
    return fill_in(reply.text, dialog, operator=operator, now=now)


def _copy(file: QuickReplyFile, operator: User) -> Attachment:
    attachment = Attachment(
        uploaded_by=operator, kind=file.kind, name=file.name, mime=file.mime, size=file.size, width=file.width,
        height=file.height,
    )  # fmt: skip
    with file.file.open("rb") as stream:
        attachment.file.save(file.name, ContentFile(stream.read()), save=False)
    attachment.save()
    return attachment


def _own(actor: User, quick_reply_id: int) -> QuickReply:
    """Under its lock; raises ``NotAllowed`` for shared ones that are somebody else's business."""
    seen = visible_quick_reply(actor, quick_reply_id)
    reply = QuickReply.objects.select_for_update().filter(pk=seen.pk).first()
    if reply is None:
        raise NotFound
    _require_right(actor, scope_of(reply), reply.line_id)
    return reply


def _place(reply: QuickReply, actor: User, scope: str, line_id: int | None) -> None:
    if scope == LINE and (line_id is None or not lines_of(actor).filter(pk=line_id).exists()):
        raise InvalidInput(fields={"line": [_("Choose a line.")]})
    _require_right(actor, scope, line_id)
    reply.owner = actor if scope == PERSONAL else None
    reply.line_id = line_id if scope == LINE else None


def _require_right(actor: User, scope: str, line_id: int | None) -> None:
    if scope == COMPANY and not actor.is_administrator:
        raise NotAllowed(_("Quick replies of the company belong to its administrators."))
    if scope == LINE and not steers(actor, line_id or 0):
        raise NotAllowed(_("Quick replies of a line belong to its supervisors."))


def _check_room(reply: QuickReply) -> None:
    most = MOST_SHARED if reply.owner_id is None else MOST_OF_ONE
    if QuickReply.objects.filter(owner=reply.owner).count() >= most:
        raise InvalidInput(_("There can be at most %(limit)d quick replies. Remove some first.") % {"limit": most})


def _texts(texts: Mapping[str, str], reply: QuickReply | None = None) -> dict[str, str]:
    """Checked and tidied; a title is made of the first words where there is none."""
    tidied = {name: value.strip() for name, value in texts.items()}
    if "shortcut" in tidied:
        tidied["shortcut"] = "".join(tidied["shortcut"].lstrip("/").split()).lower()
    if not tidied.get("title", reply.title if reply else ""):
        words = " ".join(tidied.get("text", reply.text if reply else "").split())
        tidied["title"] = words if len(words) <= LABEL_LENGTH else f"{words[:LABEL_LENGTH].rstrip()}…"
    wrong = {name: [_("At most %(limit)d characters.") % {"limit": TEXTS[name]}] for name, value in tidied.items()
             if len(value) > TEXTS[name]}  # fmt: skip
    if wrong:
        raise InvalidInput(fields=wrong)
    return tidied


def _check_says_something(reply: QuickReply, files: int) -> None:
    if not reply.text and not files:
        raise InvalidInput(fields={"text": [_("Write something or attach a file.")]})
    if not reply.title:
        raise InvalidInput(fields={"title": [_("Give it a name.")]})
    if files > MOST_FILES:
        raise InvalidInput(fields={"attachments": [_("At most %(limit)d files.") % {"limit": MOST_FILES}]})


def _uploads(actor: User, attachment_ids: Sequence[UUID], uploads: Sequence[Upload]) -> list[Attachment]:
    """What the actor has uploaded; it is copied, so that a message may have it, too."""
    wanted = list(dict.fromkeys(attachment_ids))
    found = Attachment.objects.filter(uploaded_by=actor, state=Attachment.State.READY).in_bulk(wanted)
    if len(found) != len(wanted):
        raise InvalidInput(fields={"attachments": [_("A file is missing: attach it again.")]})
    return [found[pk] for pk in wanted] + [store_upload(upload=upload, operator=actor) for upload in uploads]


def _add_files(reply: QuickReply, uploads: Sequence[Attachment]) -> None:
    place = reply.files.count()
    for position, upload in enumerate(uploads, start=place):
        file = QuickReplyFile(
            quick_reply=reply, kind=upload.kind, name=upload.name, mime=upload.mime, size=upload.size or 0,
            width=upload.width, height=upload.height, position=position,
        )  # fmt: skip
        with upload.file.open("rb") as stream:
            file.file.save(upload.name, ContentFile(stream.read()), save=False)
        file.save()


def _drop_files(files: Any) -> None:
    for file in files:
        transaction.on_commit(partial(file.file.delete, save=False), robust=True)
        file.delete()


def _written_down(
    reply: QuickReply, actor: User, now: datetime, *, becomes: str | None
) -> AbstractContextManager[None]:
    """What is nobody's but one operator's is no setting."""
    is_shared = reply.owner_id is None or (becomes is not None and becomes != PERSONAL)
    return recorded(reply, actor=actor, now=now) if is_shared else nullcontext()


def _tell(reply: QuickReply) -> None:
    """Consoles ask for theirs anew when they need them next."""
    to = [STAFF] if reply.owner_id is None else [user_stream(reply.owner_id)]
    transaction.on_commit(lambda: send_frame({"type": "quick_replies.changed"}, to=to), robust=True)
