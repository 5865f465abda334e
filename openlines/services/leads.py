"""Leads that conversations make, and what people do with leads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotFound
from crm.models import Client, Identity, Lead, User
from crm.services import create_lead, ensure_lead, ensure_leads, learn_about
from openlines.access import visible_clients, visible_dialog, visible_leads
from openlines.models import Dialog, Line, Message
from openlines.services.clients import announce_card
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line, service_line


class LeadExists(DomainError):
    code = "lead_exists"
    message = _("This dialog already has a lead.")


def make_lead_by_rule(dialog: Dialog, *, now: datetime) -> None:
    """A client nobody can write back to gets no lead until an address is known."""
    if not _has_lead_by_rule(dialog):
        return
    lead, is_new = ensure_lead(client=dialog.client, source=dialog.line.lead_source)
    attach_lead(dialog, lead.pk, title=lead.title if is_new else None, now=now)


def attach_leads_by_rule(dialogs: Sequence[Dialog]) -> dict[int, Lead]:
    """The same for many new dialogs in memory: the caller writes their ``lead`` down and adds the lines of new leads,
    which are returned by the dialogs that they were made for."""
    entitled = [dialog for dialog in dialogs if _has_lead_by_rule(dialog)]
    leads = ensure_leads(sources={dialog.client: dialog.line.lead_source for dialog in entitled})
    new: dict[int, Lead] = {}
    for dialog in entitled:
        lead, is_new = leads[dialog.client_id]
        dialog.lead_id = lead.pk
        if is_new and lead not in new.values():
            new[dialog.pk] = lead
    return new


def _has_lead_by_rule(dialog: Dialog) -> bool:
    return dialog.line.lead_rule == Line.LeadRule.AUTOMATIC and not dialog.client.is_anonymous


def lead_line(lead: Lead) -> Message:
    return service_line("LEAD_CREATED", lead_id=lead.pk, title=lead.title)


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


@transaction.atomic
def change_lead(*, lead_id: int, actor: User, **changes: Any) -> Lead:
    """New values of a lead's fields; the others stay as they are. Raises ``NotFound``, ``InvalidInput``."""
    if not visible_leads(actor).filter(pk=lead_id).exists():
        raise NotFound
    lead = Lead.objects.select_for_update().get(pk=lead_id)
    if "title" in changes and not changes["title"].strip():
        raise InvalidInput(fields={"title": [_("A lead needs a title.")]})
    _require_colleague(changes.get("responsible"))
    for name, value in changes.items():
        setattr(lead, name, value)
    lead.save(update_fields=list(changes))
    announce_card(lead.client_id)
    return lead


@transaction.atomic
def open_lead(
    *, actor: User, client_id: int | None, name: str = "", phone: str = "", email: str = "", **fields: Any
) -> Lead:
    """A lead by hand: of a client the actor may see, of the one whom the phone or e-mail belongs to, or of a new one.

    Raises ``NotFound`` (the client), ``InvalidInput`` (an address of somebody else's client, an unknown colleague).
    """
    _require_colleague(fields.get("responsible"))
    client = _visible_client(actor, client_id) if client_id else _client_for(actor, name, phone=phone, email=email)
    learn_about(client=client, name=name, phone=phone, email=email)
    lead = create_lead(client=client, **fields)
    announce_card(client.pk)
    return lead


def _require_colleague(responsible: User | None) -> None:
    if responsible is not None and not responsible.works_with_clients:
        raise InvalidInput(fields={"responsible": [_("Choose a colleague.")]})


def _visible_client(actor: User, client_id: int) -> Client:
    client = visible_clients(actor).filter(pk=client_id).first()
    if client is None:
        raise NotFound
    return client


def _client_for(actor: User, name: str, **addresses: str) -> Client:
    """The client who is known by these addresses, or a new one."""
    known = {
        kind: Identity.objects.filter(scope=kind, value=value).values_list("client_id", flat=True).first()
        for kind, value in addresses.items()
        if value
    }
    owners = {client_id for client_id in known.values() if client_id is not None}
    if len(owners) > 1:
        raise InvalidInput(_("The phone and the e-mail belong to different clients."))
    if not owners:
        return Client.objects.create(name=name)
    client = visible_clients(actor).filter(pk=owners.pop()).first()
    if client is None:
        # Saying whose it is would let anybody look up a colleague's clients by guessing numbers.
        taken = [_("This belongs to a client whom colleagues look after. Ask a supervisor.")]
        raise InvalidInput(fields={kind: taken for kind, client_id in known.items() if client_id is not None})
    return client
