"""Tags on dialogs. The list of them is kept in ``crm.tags``."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.models import User
from crm.tags import REMEMBERED_FOR, checked_tag_ids, removed_tag_ids, take_off_clients
from openlines.access import visible_dialog
from openlines.models import Dialog
from openlines.services.locking import hold, lock_dialog, save_all, save_changes

BATCH = 200


@transaction.atomic
def set_dialog_tags(*, dialog_id: int, operator: User, tag_ids: Sequence[int]) -> Dialog:
    """The dialog's tags from now on, open or closed; whoever sees it may say what it is about.

    Raises ``NotFound``, ``InvalidInput``.
    """
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    wanted = checked_tag_ids(tag_ids)
    if dialog.tag_ids != wanted:
        dialog.tag_ids = wanted
        save_changes(dialog, "tag_ids")
    return dialog


def take_off_removed_tags(*, now: datetime) -> None:
    """Whatever names tags that are no more forgets them, a batch at a time; consoles show none of them meanwhile.

    What somebody holds just now is left for the next time, and so is everything if this is cut short.
    """
    tag_ids = removed_tag_ids(since=now - REMEMBERED_FOR)
    if not tag_ids:
        return
    while _take_off_dialogs(tag_ids) == BATCH:
        pass
    take_off_clients(tag_ids)


@transaction.atomic
def _take_off_dialogs(tag_ids: Sequence[int]) -> int:
    tagged = Dialog.objects.filter(tag_ids__overlap=list(tag_ids)).exclude(tag_ids=[]).order_by("pk")
    dialogs = [hold(dialog) for dialog in tagged.select_for_update(of=("self",), skip_locked=True)[:BATCH]]
    for dialog in dialogs:
        dialog.tag_ids = [tag for tag in dialog.tag_ids if tag not in tag_ids]
    save_all(dialogs, "tag_ids")
    return len(dialogs)
