"""Who has a dialog on screen without being at it: readers of other dialogs with the same client.

``openlines.access.readable_dialogs`` says the same for HTTP.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from crm.models import User
from openlines.models import Dialog, Line, LineGroup, QueueMember
from openlines.streams import audience, user_stream

OPEN_BESIDE = """
    SELECT changed.id, changed.chat_id, changed.line_id, beside.chat_id, beside.line_id, beside.state, beside.owner_id,
        beside.offered_to, beside.participant_ids
    FROM openlines_dialog changed JOIN openlines_dialog beside
        ON beside.client_id = changed.client_id AND beside.id <> changed.id AND beside.state <> 'CLOSED'
    WHERE changed.id = ANY(%s)
"""
Staff = Mapping[int, Mapping[int, bool]]


@dataclass(frozen=True, slots=True)
class Beside:
    """A changed dialog, and an open one of the same client, above whose composer the changed one is read."""

    dialog_id: int
    chat_id: int
    line_id: int
    open_chat_id: int
    open_line_id: int
    state: str
    owner_id: int | None
    offered_to: list[int]
    participant_ids: list[int]

    @property
    def audience(self) -> frozenset[str]:
        return audience(
            line_id=self.open_line_id,
            state=self.state,
            owner_id=self.owner_id,
            offered_to=self.offered_to,
            participant_ids=self.participant_ids,
        )


def readers_elsewhere(dialog_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The streams of those who read a changed dialog because they see another one of its client that is open.

    In the same chat that is everybody; across chats only those who work with the changed dialog's line.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BESIDE, [list(dialog_ids)])
        pairs = [Beside(*row) for row in cursor.fetchall()]
    across = [pair for pair in pairs if pair.chat_id != pair.open_chat_id]
    staff = _staff_of({line_id for pair in across for line_id in (pair.line_id, pair.open_line_id)})
    readers: dict[int, frozenset[str]] = {}
    for pair in pairs:
        streams = pair.audience if pair.chat_id == pair.open_chat_id else _across(pair, staff)
        readers[pair.dialog_id] = readers.get(pair.dialog_id, frozenset()) | streams
    return readers


def _across(pair: Beside, staff: Staff) -> frozenset[str]:
    asked = {pair.owner_id, *pair.offered_to, *pair.participant_ids}
    at_line = staff[pair.open_line_id].items()
    around = {user_id for user_id, watches in at_line if watches or pair.state == Dialog.State.QUEUED}
    return frozenset(user_stream(user_id) for user_id in staff[pair.line_id].keys() & (asked | around))


def _staff_of(line_ids: Collection[int]) -> Staff:
    """Who works with each of the lines, and whether they see all of its dialogs."""
    staff: dict[int, dict[int, bool]] = defaultdict(dict)
    if not line_ids:
        return staff
    members = QueueMember.objects.filter(line_id__in=line_ids).values_list("line_id", "operator_id", "line__access")
    for line_id, user_id, access in members:
        staff[line_id][user_id] = access == Line.Access.LINE
    for line_id, user_id in _supervisors_of(line_ids):
        staff[line_id][user_id] = True
    return staff


def _supervisors_of(line_ids: Collection[int]) -> Iterable[tuple[int, int]]:
    supervisors = User.objects.filter(is_active=True, role=User.Role.SUPERVISOR)
    own = Line.supervisors.through.objects.filter(line_id__in=line_ids, user__in=supervisors)
    yield from own.values_list("line_id", "user_id")
    groups = LineGroup.supervisors.through.objects.filter(linegroup__lines__in=line_ids, user__in=supervisors)
    yield from groups.values_list("linegroup__lines", "user_id")
