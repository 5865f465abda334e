"""The one way to take hold of a dialog, and the one way to put changes of it down."""

from django.db import IntegrityError

from common.errors import NotFound
from openlines.changes import note_change
from openlines.models import Dialog
from openlines.streams import audience_of


def lock_dialog(dialog_id: int) -> Dialog:
    """The dialog under its row lock, inside the caller's transaction. Locks are taken in the order of ids;
    a line's queue is locked after its dialogs, never before."""
    dialog = Dialog.objects.select_for_update(of=("self",)).filter(pk=dialog_id).first()
    if dialog is None:
        raise NotFound
    hold(dialog)
    return dialog


def hold(dialog: Dialog) -> Dialog:
    """Remember what the dialog looked like when its lock was taken."""
    dialog.revision_before = dialog.revision
    dialog.audience_before = audience_of(dialog)
    return dialog


def save_changes(dialog: Dialog, *fields: str) -> None:
    """Write the fields under the next revision and have the change announced on commit."""
    if not hasattr(dialog, "revision_before"):
        raise IntegrityError("The dialog is changed without its lock")
    dialog.revision += 1
    dialog.save(update_fields=[*fields, "revision"])
    note_change(
        dialog.pk,
        from_revision=dialog.revision_before,
        audience_before=dialog.audience_before,
    )
