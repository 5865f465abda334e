"""Leads as the board and the list show them: reads for one member of staff, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BigIntegerField, Count, Q, QuerySet, Sum

from crm.models import Client, Lead, LeadSource, LeadStage, User
from crm.search import matching_clients
from openlines.access import visible_dialogs, visible_leads
from openlines.models import Dialog

PER_COLUMN = 30
FEW = 500


class Newest(Aggregate):
    template = f"(ARRAY_AGG(%(expressions)s ORDER BY %(expressions)s DESC))[1:{PER_COLUMN}]"
    output_field = ArrayField(BigIntegerField())


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
    leads = visible_leads(reader).order_by("-pk")
    chosen = {"stage": wanted.stage, "source": wanted.source, "responsible": wanted.responsible}
    leads = leads.filter(**{name: value for name, value in chosen.items() if value is not None})
    if wanted.is_unassigned:
        leads = leads.filter(responsible=None)
    return leads.filter(_matches(wanted.search)) if wanted.search else leads


def _matches(search: str) -> Q:
    """In titles and clients; a number by itself may be the lead's own."""
    clients = matching_clients(Client.objects.order_by(), search).values_list("pk", flat=True)
    # Few are named one by one, or each statement would look for them anew.
    few = list(clients[: FEW + 1])
    number = search.lstrip("#№").strip()
    own = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q(pk__in=())
    return Q(title__icontains=search) | Q(client__in=few if len(few) <= FEW else clients) | own


def board(reader: User, wanted: LeadFilter) -> list[Column]:
    """A column per stage with its newest cards."""
    leads = leads_for(reader, wanted)
    columns = {stage.pk: Column(stage) for stage in LeadStage.objects.all()}
    _add_up(columns, leads)
    for card in cards(Lead.objects.filter(pk__in=_newest_of_each(leads)).order_by("-pk"), reader=reader):
        columns[card.lead.stage_id].cards.append(card)
    return list(columns.values())


def _add_up(columns: dict[int, Column], leads: QuerySet[Lead]) -> None:
    totals = leads.order_by("currency").values_list("stage_id", "currency").annotate(Count("pk"), Sum("amount"))
    for stage_id, currency, number, amount in totals:
        columns[stage_id].number += number
        if amount is not None:
            columns[stage_id].sums.append((amount, currency))


def _newest_of_each(leads: QuerySet[Lead]) -> list[int]:
    """In one pass along the index of the board: a limit per stage would work out anew for each who may see what."""
    by_stage = leads.order_by().values_list("stage_id").annotate(newest=Newest("pk"))
    return [pk for _stage_id, newest in by_stage for pk in newest]


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
