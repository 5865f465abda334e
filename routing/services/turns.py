"""What operators were given in a line today. Whoever reads or changes it holds the lock of the line's queue."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from common.statements import Statement
from routing.models import Queue, Turn
from routing.strategies import Candidate

QUEUES = Statement(
    lambda line_ids: (
        Queue.objects.select_for_update(of=("self",))
        .select_related("line__schedule")
        .filter(line_id__any_of=line_ids)
        .order_by("line_id")
    )
)
TURNS = Statement(
    lambda line_id: Turn.objects.filter(line_id=line_id).values_list(
        "operator_id", "share", "share_date", "last_offered_at"
    )
)
RECORD_TURNS = """
    INSERT INTO routing_turn (line_id, operator_id, accepted, share, share_date, last_offered_at)
    SELECT %s, operator_id, 0, share, %s, moment
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS given (operator_id, share, moment)
    ON CONFLICT (line_id, operator_id) DO UPDATE
    SET share = EXCLUDED.share, share_date = EXCLUDED.share_date, last_offered_at = EXCLUDED.last_offered_at
"""
# A transfer was never counted.
GIVE_BACK = """
    UPDATE routing_turn turn SET share = greatest(turn.share - back.number, 0)
    FROM (
        SELECT dialog.line_id, offer.operator_id, count(*) AS number
        FROM routing_offer offer JOIN openlines_dialog dialog ON dialog.id = offer.dialog_id
        WHERE offer.dialog_id = ANY(%(dialogs)s) AND offer.outcome = 'PENDING' AND offer.kind <> 'TRANSFER'
          AND (%(operators)s::bigint[] IS NULL OR offer.operator_id = ANY(%(operators)s))
        GROUP BY dialog.line_id, offer.operator_id
    ) back
    WHERE turn.line_id = back.line_id AND turn.operator_id = back.operator_id AND turn.share_date = %(today)s
"""
COUNT_TAKEN = """
    INSERT INTO routing_turn (line_id, operator_id, accepted, share, share_date)
    VALUES (%(line)s, %(operator)s, 1, %(taken)s, %(today)s)
    ON CONFLICT (line_id, operator_id) DO UPDATE
    SET accepted = routing_turn.accepted + 1,
        share = CASE WHEN routing_turn.share_date = %(today)s THEN routing_turn.share ELSE 0 END + %(taken)s,
        share_date = %(today)s
"""
LEVEL = """
    INSERT INTO routing_turn (line_id, operator_id, accepted, share, share_date)
    VALUES (%(line)s, %(operator)s, 0, %(share)s, %(today)s)
    ON CONFLICT (line_id, operator_id) DO UPDATE
    SET share = CASE WHEN routing_turn.share_date = %(today)s THEN greatest(routing_turn.share, %(share)s)
                ELSE %(share)s END,
        share_date = %(today)s
"""


def lock_queues(line_ids: Collection[int]) -> dict[int, Queue]:
    """The queues by line, locked in the order of lines: after the dialogs that are decided about, never before."""
    return {queue.line_id: queue for queue in QUEUES.objects(line_ids=list(line_ids))}


def shares_of(line_id: int, *, now: datetime) -> dict[int, tuple[int, datetime | None]]:
    """By operator who ever had an offer here: what they were given today, and when they had an offer last."""
    today = timezone.localdate(now)
    return {
        operator_id: (share if shared_on == today else 0, last_offered_at)
        for operator_id, share, shared_on, last_offered_at in TURNS.rows(line_id=line_id)
    }


def record_turns(line_id: int, given: Iterable[Candidate], *, now: datetime) -> None:
    """Store what was given just now."""
    people = sorted(given, key=lambda person: person.operator_id)
    _execute(
        RECORD_TURNS,
        [
            line_id,
            timezone.localdate(now),
            [person.operator_id for person in people],
            [person.share for person in people],
            [person.last_offered_at for person in people],
        ],
    )


def give_back(dialog_ids: Sequence[int], *, now: datetime, operator_ids: Sequence[int] | None = None) -> None:
    """Pending offers of these dialogs (to these operators) are about to end without being theirs to answer for."""
    values = {"dialogs": list(dialog_ids), "operators": operator_ids and list(operator_ids), "today": _today(now)}
    _execute(GIVE_BACK, values)


def count_taken(*, line_id: int, operator_id: int, was_offered: bool, now: datetime) -> None:
    """The operator took a dialog. What was offered to them is counted already."""
    taken = 0 if was_offered else 1
    _execute(COUNT_TAKEN, {"line": line_id, "operator": operator_id, "taken": taken, "today": _today(now)})


def level_turn(*, line_id: int, operator_id: int, share: int, now: datetime) -> None:
    """Whoever was away does not make up for it: their share is at least this."""
    _execute(LEVEL, {"line": line_id, "operator": operator_id, "share": share, "today": _today(now)})


def _today(now: datetime) -> date:
    return timezone.localdate(now)


def _execute(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
