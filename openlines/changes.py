"""What a transaction changed is announced once, after it committed.

Every change of a dialog is noted here. On commit each dialog gets one frame for all of the transaction's changes,
addressed to those who may see it now; those who could see it before and no longer may get a farewell.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import local

from django.db import connection, transaction
from django.utils import translation

from common import doorbell
from common.events import publish
from common.hub import envelope
from openlines.events import DialogChanged
from openlines.history import spans_of
from openlines.presenters import Json, changed_messages, dialogs_by_id
from openlines.readers import readers_elsewhere
from openlines.streams import STAFF, audience

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Change:
    from_revision: int
    audience_before: frozenset[str]


@dataclass(slots=True, eq=False)
class Pending:
    """The changes of one transaction."""

    dialogs: dict[int, Change] = field(default_factory=dict)

    def announce(self) -> None:
        dialogs = dialogs_by_id(self.dialogs)
        with translation.override("en"):
            doorbell.ring_many(doorbell.FRAMES, frames(self.dialogs, dialogs))
        for dialog in dialogs:
            publish(DialogChanged(dialog["id"], dialog["channel"]["kind"], self.dialogs[dialog["id"]].from_revision))


_current = local()


def note_change(dialog_id: int, *, from_revision: int, audience_before: frozenset[str] = frozenset()) -> None:
    pending = _pending()
    if dialog_id not in pending.dialogs:
        pending.dialogs[dialog_id] = Change(from_revision, audience_before)


def _pending() -> Pending:
    """The collector of the running transaction; one left over from a rolled back transaction is not reused."""
    pending: Pending | None = getattr(_current, "pending", None)
    if pending is None or not _is_registered(pending):
        pending = _current.pending = Pending()
        transaction.on_commit(pending.announce, robust=True)
    return pending


def _is_registered(pending: Pending) -> bool:
    return any(getattr(callback[1], "__self__", None) is pending for callback in connection.run_on_commit)


def frames(changes: dict[int, Change], dialogs: Sequence[Json]) -> Iterable[str]:
    """Frames for the changed dialogs. The dialog is read before its messages: a message that comes in between
    is then shown twice rather than never."""
    messages = changed_messages({pk: change.from_revision for pk, change in changes.items()})
    readers = readers_elsewhere([dialog["id"] for dialog in dialogs])
    for dialog in dialogs:
        change = changes[dialog["id"]]
        news = {"from_revision": change.from_revision, "messages": messages.get(dialog["id"], [])}
        now = _audience_of_json(dialog)
        frame = {"type": "dialog.changed", "dialog": dialog} | news
        yield envelope(json.dumps(frame, ensure_ascii=False), to=now)
        if reading := readers.get(dialog["id"], frozenset()) - now:
            frame = {"type": "history.changed", "client_id": dialog["client"]["id"], "span": _span(dialog)} | news
            yield envelope(json.dumps(frame, ensure_ascii=False), to=reading, unless=now)
        if lost := change.audience_before - now:
            farewell = json.dumps({"type": "dialog.gone", "dialog_id": dialog["id"]})
            yield envelope(farewell, to=lost, unless=now)


def _span(dialog: Json) -> Json:
    """As histories have it; it was read just before, so it is not older than what it goes with."""
    (span,) = spans_of([dialog["id"]])
    return span | {"revision": dialog["revision"]}


def _audience_of_json(dialog: Json) -> frozenset[str]:
    offered_to = dialog["offer"]["operator_ids"] if dialog["offer"] else ()
    return audience(
        line_id=dialog["line"]["id"],
        state=dialog["state"],
        owner_id=dialog["owner_id"],
        offered_to=offered_to,
        participant_ids=dialog["participant_ids"],
    )


def send_frame(frame: Mapping[str, object], *, to: Iterable[str], unless: Iterable[str] = ()) -> None:
    """Tell sockets something that is not a change of a dialog."""
    doorbell.ring(doorbell.FRAMES, envelope(json.dumps(frame, ensure_ascii=False), to=to, unless=unless))


def announce_dictionaries() -> None:
    """Lines, tags, topics or troubles of channels are others: consoles ask for them again, with their own rights."""
    transaction.on_commit(lambda: send_frame({"type": "dictionaries.changed"}, to=[STAFF]), robust=True)
