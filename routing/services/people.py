"""The people that a decision is about, as ``choosing`` wants them: members of queues, of groups, and single ones."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from common.statements import Statement
from crm.models import User
from openlines.models import QueueMember
from routing.models import Queue
from routing.services.choosing import is_available
from routing.services.turns import shares_of
from routing.strategies import Candidate

FACTS = ("first_name", "last_name", "username", "presence", "working_day", "is_paused", "is_absent", "dialog_limit")
MEMBERS = Statement(
    lambda line_id: (
        QueueMember.objects.filter(line_id=line_id, operator__is_active=True)
        .order_by("position")
        .values_list("operator_id", "position", "dialog_limit", *[f"operator__{fact}" for fact in FACTS])
    )
)
STAFF = Statement(
    lambda ids: (
        User.objects.filter(pk__any_of=ids, is_active=True).exclude(role=User.Role.NONE).values_list("pk", *FACTS)
    )
)
# Which dialogs fill a place is the rule of their line; an offer holds one until it ends.
PLACES = """
    SELECT operator_id, count(*) FILTER (WHERE line_id = %(line)s), count(*)
    FROM (
        SELECT dialog.owner_id AS operator_id, dialog.line_id
        FROM openlines_dialog dialog JOIN routing_queue queue ON queue.line_id = dialog.line_id
        WHERE dialog.owner_id = ANY(%(operators)s) AND NOT dialog.state = 'CLOSED' AND dialog.closing_at IS NULL
          AND dialog.snoozed_at IS NULL
          AND CASE queue.place_rule
              WHEN 'UNTIL_ANSWERED' THEN dialog.first_replied_at IS NULL
              WHEN 'WHILE_CLIENT_WAITS' THEN dialog.waiting_since IS NOT NULL
              ELSE true END
        UNION ALL
        SELECT offer.operator_id, dialog.line_id
        FROM routing_offer offer JOIN openlines_dialog dialog ON dialog.id = offer.dialog_id
        WHERE offer.operator_id = ANY(%(operators)s) AND offer.outcome = 'PENDING'
    ) held
    GROUP BY operator_id
"""
# Limits over all lines are counted by one decision at a time, whichever line it is of.
OWN_LIMITS = 7_236_001


def members_of(queue: Queue, *, now: datetime) -> list[Candidate]:
    """The queue in its order, with what each has today."""
    people = [
        _candidate(pk, position, limit, facts) for pk, position, limit, *facts in MEMBERS.rows(line_id=queue.line_id)
    ]
    return _with_figures(people, queue, now)


def staff_for(queue: Queue, ids: Collection[int], *, now: datetime) -> list[Candidate]:
    """These people, whether in the queue or not; those who don't work with clients are left out."""
    rows = sorted(STAFF.rows(ids=list(ids)), key=lambda row: row[1:4])
    people = [_candidate(pk, position, None, facts) for position, (pk, *facts) in enumerate(rows, start=1)]
    return _with_figures(people, queue, now)


def _candidate(pk: int, position: int, limit: int | None, facts: Sequence[Any]) -> Candidate:
    first_name, last_name, username, presence, working_day, is_paused, is_absent, own_limit = facts
    return Candidate(
        operator_id=pk,
        name=f"{first_name} {last_name}".strip() or username,
        position=position,
        presence=presence,
        working_day=working_day,
        is_paused=is_paused,
        is_absent=is_absent,
        limit=limit,
        own_limit=own_limit,
    )


def _with_figures(people: Sequence[Candidate], queue: Queue, now: datetime) -> list[Candidate]:
    shares = shares_of(queue.line_id, now=now)
    places = _places(people, queue.line_id)
    return [
        replace(
            person,
            taken=places.get(person.operator_id, (0, 0))[0],
            taken_in_all=places.get(person.operator_id, (0, 0))[1],
            share=shares.get(person.operator_id, (0, None))[0],
            last_offered_at=shares.get(person.operator_id, (0, None))[1],
        )
        for person in people
    ]


def least_share(people: Iterable[Candidate], queue: Queue) -> int:
    """What whoever comes begins with."""
    return min((person.share for person in people if is_available(person, queue)), default=0)


def _places(people: Sequence[Candidate], line_id: int) -> dict[int, tuple[int, int]]:
    """By operator, places filled in the line and in all lines; asked for only where somebody has a limit."""
    limited = [p.operator_id for p in people if p.limit is not None or p.own_limit is not None]
    if not limited:
        return {}
    with connection.cursor() as cursor:
        if any(person.own_limit is not None for person in people):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OWN_LIMITS])
        cursor.execute(PLACES, {"line": line_id, "operators": limited})
        return {operator_id: (here, everywhere) for operator_id, here, everywhere in cursor.fetchall()}
