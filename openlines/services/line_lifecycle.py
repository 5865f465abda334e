"""Copying a line, putting it away, and taking it out again. Nothing of it is ever deleted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.events import publish
from crm.audit import Action, record_creation, recorded
from crm.models import User
from openlines.changes import send_frame
from openlines.events import LineArchiving, LineCopied, LineCreated
from openlines.models import Dialog, Line, QueueEntry
from openlines.services.closing import close_dialog
from openlines.services.lines import RECONNECT, LineIsArchived, fill_queue, require_administrator
from openlines.services.locking import lock_open_dialogs
from openlines.services.messages import add_service_line
from openlines.services.topics import copy_topics
from openlines.streams import ADMINISTRATORS, line_stream, queue_stream, user_stream

# What every line has of its own.
OWN = {"id", "name", "public_key", "archived_at", "created_at"}
NAME_LENGTH = 255


class DialogsAreOpen(DomainError):
    code = "dialogs_open"


@transaction.atomic
def copy_line(*, administrator: User, line: Line, now: datetime) -> Line:
    """Another line with the same settings, queue and texts, without channels. Raises ``NotAllowed``."""
    require_administrator(administrator)
    fields = {field.attname for field in Line._meta.concrete_fields if field.name not in OWN}
    copy = Line(name=_copy_name(line.name), **{name: getattr(line, name) for name in fields})
    copy.is_active = line.is_active or line.archived_at is not None
    copy.save()
    copy.supervisors.set(line.supervisors.all())
    places = line.queue_entries.order_by("position").values("operator_id", "group_id", "position", "dialog_limit")
    QueueEntry.objects.bulk_create(QueueEntry(line=copy, **place) for place in places)
    copy_topics(line=line, copy=copy)
    record_creation(actor=administrator, action=Action.COPIED, subject=copy, now=now)
    streams = [ADMINISTRATORS, *(user_stream(user.pk) for user in copy.supervisors.all())]
    transaction.on_commit(lambda: send_frame(RECONNECT, to=streams), robust=True)
    publish(LineCreated(copy.pk))
    publish(LineCopied(line.pk, copy.pk))
    fill_queue(copy.pk)
    return copy


def _copy_name(name: str) -> str:
    """The name with “(copy)” after it, and a number where there are copies already."""
    taken = set(Line.objects.filter(name__startswith=name[: NAME_LENGTH - 20]).values_list("name", flat=True))
    number = 1
    while (copy := _with_suffix(name, number)) in taken:
        number += 1
    return copy


def _with_suffix(name: str, number: int) -> str:
    suffix = _(" (copy)") if number == 1 else _(" (copy %(number)d)") % {"number": number}
    return f"{name[: NAME_LENGTH - len(suffix)]}{suffix}"


@transaction.atomic
def archive_line(*, administrator: User, line: Line, finishes_dialogs: bool = False, now: datetime) -> Line:
    """Off the list, switched off, its channels paused; everything that was said and set stays.

    With ``finishes_dialogs`` the dialogs that are open are finished without a word to their clients.
    Raises ``NotAllowed``, ``LineIsArchived``, ``DialogsAreOpen``.
    """
    require_administrator(administrator)
    line = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if line.archived_at is not None:
        raise LineIsArchived
    # The channels first: afterwards no new dialog can come.
    publish(LineArchiving(line.pk, administrator.pk))
    dialogs = lock_open_dialogs(line=line)
    if dialogs and not finishes_dialogs:
        raise DialogsAreOpen(_open_words(len(dialogs)))
    for dialog in dialogs:
        add_service_line(dialog, "DIALOG_FINISHED", now=now, operator=administrator.name)
        close_dialog(dialog, reason=Dialog.CloseReason.OPERATOR, now=now)
    with recorded(line, actor=administrator, action=Action.ARCHIVED, now=now):
        line.archived_at, line.is_active = now, False
        line.save(update_fields=["archived_at", "is_active"])
    _reconnect(line)
    return line


def _open_words(number: int) -> str:
    return ngettext(
        "%(number)d dialog of the line is open. Finish or transfer it first.",
        "%(number)d dialogs of the line are open. Finish or transfer them first.",
        number,
    ) % {"number": number}


@transaction.atomic
def restore_line(*, administrator: User, line: Line, now: datetime) -> Line:
    """On the list again, switched off and with its channels paused, so that clients meet it when it is ready.

    Raises ``NotAllowed``. Restoring twice changes nothing.
    """
    require_administrator(administrator)
    line = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    with recorded(line, actor=administrator, action=Action.RESTORED, now=now):
        line.archived_at = None
        line.save(update_fields=["archived_at"])
    _reconnect(line)
    return line


def _reconnect(line: Line) -> None:
    """Consoles come back with the lines that there are now."""
    streams = [ADMINISTRATORS, line_stream(line.pk), queue_stream(line.pk)]
    transaction.on_commit(lambda: send_frame(RECONNECT, to=streams), robust=True)
