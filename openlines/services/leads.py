"""Leads that conversations make."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from crm.models import Lead, User
from crm.services import create_lead, ensure_lead
from openlines.access import visible_dialog
from openlines.models import Dialog
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line


class LeadExists(DomainError):
    code = "lead_exists"
    message = _("This dialog already has a lead.")


def make_lead_by_rule(dialog: Dialog, *, now: datetime) -> None:
    """A client nobody can write back to gets no lead until an address is known."""
    line = dialog.line
    if line.lead_rule != line.LeadRule.AUTOMATIC or dialog.client.is_anonymous:
        return
    lead, is_new = ensure_lead(client=dialog.client, source=line.lead_source)
    attach_lead(dialog, lead.pk, title=lead.title if is_new else None, now=now)


def attach_lead(dialog: Dialog, lead_id: int, *, title: str | None, now: datetime) -> None:
    """Connect the dialog with a lead; ``title`` is given when the lead was made just now."""
    dialog.lead_id = lead_id
    save_changes(dialog, "lead")
    if title is not None:
        add_service_line(dialog, "LEAD_CREATED", now=now, lead_id=lead_id, title=title)


@transaction.atomic
def create_lead_by_hand(*, dialog_id: int, operator: User, now: datetime) -> Lead:
    """Raises ``NotFound``, ``LeadExists``."""
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    if dialog.lead_id is not None:
        raise LeadExists
    lead = create_lead(client=dialog.client, source=dialog.line.lead_source, responsible=dialog.owner or operator)
    attach_lead(dialog, lead.pk, title=lead.title, now=now)
    return lead
