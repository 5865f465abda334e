"""What goes along when a dialog changes hands."""

from crm.models import Client, Lead, LeadStage, StaffGroup, User
from openlines.models import Dialog, Line, Message
from openlines.services.clients import announce_card
from openlines.services.locking import save_changes

SHOWN_OF_NOTE = 300


def note_handover(
    dialog: Dialog, *, actor: User, note: str, line: Line | None = None, group: StaffGroup | None = None
) -> None:
    """Until somebody answers, whoever is offered the locked dialog sees who handed it over and what they said."""
    if line is not None:
        dialog.line = line
        dialog.no_answer_count = 0
        # Who was invited was invited to the other line.
        dialog.participant_ids = []
    dialog.group = group
    dialog.handed_over = {
        "operator_id": actor.pk,
        "note": note[:SHOWN_OF_NOTE],
        "group": group.name if group else None,
    }
    save_changes(dialog, "line", "group", "handed_over", "no_answer_count", "participant_ids")


def make_responsible(dialog: Dialog, operator: User) -> None:
    """The client becomes the operator's, with the dialog's lead if it is open and the conversation made it."""
    Client.objects.filter(pk=dialog.client_id).update(responsible=operator)
    if dialog.lead_id is not None and _was_made_here(dialog):
        Lead.objects.filter(pk=dialog.lead_id, stage__kind=LeadStage.Kind.OPEN).update(responsible=operator)
    announce_card(dialog.client_id)


def _was_made_here(dialog: Dialog) -> bool:
    lines = Message.objects.filter(chat_id=dialog.chat_id, author_kind=Message.Author.SYSTEM)
    return lines.filter(
        payload__service__code="LEAD_CREATED", payload__service__params__lead_id=dialog.lead_id
    ).exists()
