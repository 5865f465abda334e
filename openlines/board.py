"""Leads as the board and the list show them: reads for one member of staff, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from crm.models import Client, Lead, LeadSource, LeadStage, User
from crm.search import matching_clients
from openlines.access import visible_dialogs, visible_leads
from openlines.models import Dialog

PER_COLUMN = 30


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """What the reader asked to see. ``is_unassigned`` and ``responsible`` exclude each other."""

    stage: LeadStage | None = None
    source: LeadSource | None = None
    responsible: User | None = None
    is_unassigned: bool = False
    search: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a client was heard last, and since when they wait for us."""

    channel_kind: str = ""
    waiting_since: datetime | None = None
    last_message_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    lead: Lead
    talk: Talk


@dataclass(slots=True)
class Column:
    stage: LeadStage
    number: int = 0
    sums: list[tuple[Decimal, str]] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        return self.number > len(self.cards)


def leads_for(reader: User, wanted: LeadFilter) -> QuerySet[Lead]:
    """The reader's leads, newest first."""
    leads = Lead.objects.filter(pk__in=visible_leads(reader).order_by().values("pk")).order_by("-pk")
    if reader.is_administrator:
        leads = Lead.objects.order_by("-pk")
    chosen = {"stage": wanted.stage, "source": wanted.source, "responsible": wanted.responsible}
    leads = leads.filter(**{name: value for name, value in chosen.items() if value is not None})
    if wanted.is_unassigned:
        leads = leads.filter(responsible=None)
    return leads.filter(_matches(wanted.search)) if wanted.search else leads


def _matches(search: str) -> Q:
    """In titles and clients; a number by itself may be the lead's own."""
    clients = matching_clients(Client.objects.order_by(), search)
    number = search.lstrip("#№").strip()
    own = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q(pk__in=())
    return Q(title__icontains=search) | Q(client__in=clients.values("pk")) | own


def board(reader: User, wanted: LeadFilter) -> list[Column]:
    """A column per stage with its newest cards."""
    leads = leads_for(reader, wanted)
    columns = {stage.pk: Column(stage) for stage in LeadStage.objects.all()}
    _add_up(columns, leads)
    for card in cards(_newest_of_each(leads, list(columns)), reader=reader):
        columns[card.lead.stage_id].cards.append(card)
    return list(columns.values())


def _add_up(columns: dict[int, Column], leads: QuerySet[Lead]) -> None:
    totals = leads.order_by("currency").values_list("stage_id", "currency").annotate(Count("pk"), Sum("amount"))
    for stage_id, currency, number, amount in totals:
        columns[stage_id].number += number
        if amount is not None:
            columns[stage_id].sums.append((amount, currency))


def _newest_of_each(leads: QuerySet[Lead], stage_ids: Sequence[int]) -> QuerySet[Lead]:
    """One statement with a limit per stage, so that a column of thousands costs what a short one does."""
    newest = [leads.filter(stage=stage_id).values("pk")[:PER_COLUMN] for stage_id in stage_ids]
    if not newest:
        return leads.none()
    ids = newest[0].union(*newest[1:], all=True) if newest[1:] else newest[0]
    return Lead.objects.filter(pk__in=[row["pk"] for row in ids]).order_by("-pk")


def more_of_column(reader: User, wanted: LeadFilter, *, before: int) -> list[Card]:
    """The next cards of ``wanted.stage``; one more than are shown says that there are still others."""
    return cards(leads_for(reader, wanted).filter(pk__lt=before)[: PER_COLUMN + 1], reader=reader)


def cards(leads: QuerySet[Lead], *, reader: User) -> list[Card]:
    found = list(leads.select_related("client", "stage", "source", "responsible"))
    talks = talks_with([lead.client_id for lead in found], reader=reader)
    return [Card(lead, talks[lead.client_id]) for lead in found]


def talks_with(client_ids: Sequence[int], *, reader: User) -> dict[int, Talk]:
    """By client, the newest dialog that the reader may see."""
    talks: dict[int, Talk] = defaultdict(Talk)
    dialogs = Dialog.objects.filter(client__in=client_ids)
    if not reader.is_administrator:
        dialogs = visible_dialogs(reader).filter(client__in=client_ids)
    newest = dialogs.order_by("client_id", "-pk").distinct("client_id")
    columns = newest.values_list("client_id", "channel__kind", "waiting_since", "last_message_at")
    for client_id, kind, waiting_since, last_message_at in columns:
        talks[client_id] = Talk(kind, waiting_since, last_message_at)
    return talks
