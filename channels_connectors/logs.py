"""What went through a channel, for the pages of administrators: raw events and deliveries, newest first."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from channels_connectors.models import Account, Delivery, RawEvent
from openlines.models import Channel

PER_PAGE = 50
LONGEST_BODY = 20_000
HIDDEN = "…"
# Shorter secrets would blank out half of every text.
SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    state: str = ""
    words: str = ""
    error_kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def raw_events(channel: Channel, wanted: Filter) -> QuerySet[RawEvent]:
    events = RawEvent.objects.filter(channel=channel).order_by("-pk")
    if wanted.state:
        events = events.filter(state=wanted.state)
    if wanted.words:
        events = events.filter(Q(error__icontains=wanted.words) | Q(key__icontains=wanted.words))
    return events.filter(_between("received_at", wanted))


def deliveries(channel: Channel, wanted: Filter) -> QuerySet[Delivery]:
    found = Delivery.objects.filter(channel=channel).select_related("message__dialog").order_by("-pk")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.error_kind:
        found = found.filter(error_kind=wanted.error_kind)
    if wanted.words:
        found = found.filter(error__icontains=wanted.words)
    return found.filter(_between("created_at", wanted))


def _between(name: str, wanted: Filter) -> Q:
    limits = {f"{name}__gte": wanted.since, f"{name}__lt": wanted.until, "pk__lt": wanted.before}
    return Q(**{limit: value for limit, value in limits.items() if value is not None})


def body_in_words(event: RawEvent, account: Account) -> str:
    """The event as text, for eyes: indented where it is JSON, cut where it is long, without the account's secrets."""
    text = bytes(event.body).decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return without_secrets(text, account)[:LONGEST_BODY]


def without_secrets(text: str, account: Account) -> str:
    for secret in (account.webhook_secret, account.webhook_token, *account.credentials.values()):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return text


def backlogs() -> dict[int, dict[str, int]]:
    """What waits and what failed, by channels: ``NEW`` and ``FAILED`` events, ``QUEUED`` deliveries."""
    counted: dict[int, dict[str, int]] = {}
    events: Any = RawEvent.objects.filter(state__in=[RawEvent.State.NEW, RawEvent.State.FAILED])
    waiting: Any = Delivery.objects.filter(state__in=[Delivery.State.QUEUED, Delivery.State.SENDING])
    for channel_id, state, number in events.values_list("channel_id", "state").annotate(Count("pk")).order_by():
        counted.setdefault(channel_id, {})[state] = number
    for channel_id, number in waiting.values_list("channel_id").annotate(Count("pk")).order_by():
        counted.setdefault(channel_id, {})["QUEUED"] = number
    return counted
