"""Who hears of a dialog: names of the streams that sockets join."""

from collections.abc import Sequence

from crm.models import User
from openlines.access import supervised_lines
from openlines.models import Dialog, Line

ADMINISTRATORS = "administrators"
STAFF = "staff"


def user_stream(user_id: int) -> str:
    return f"user:{user_id}"


def line_stream(line_id: int) -> str:
    """Those who may see every dialog of the line."""
    return f"line:{line_id}"


def queue_stream(line_id: int) -> str:
    """Those who may take what waits in the line's queue."""
    return f"queue:{line_id}"


def audience(
    *, line_id: int, state: str, owner_id: int | None, offered_to: Sequence[int], participant_ids: Sequence[int]
) -> frozenset[str]:
    """The streams that may see a dialog in this state; ``openlines.access`` says the same for HTTP."""
    streams = {ADMINISTRATORS, line_stream(line_id), *map(user_stream, offered_to), *map(user_stream, participant_ids)}
    if owner_id is not None:
        streams.add(user_stream(owner_id))
    if state == Dialog.State.QUEUED:
        streams.add(queue_stream(line_id))
    return frozenset(streams)


def audience_of(dialog: Dialog) -> frozenset[str]:
    return audience(
        line_id=dialog.line_id,
        state=dialog.state,
        owner_id=dialog.owner_id,
        offered_to=dialog.offered_to,
        participant_ids=dialog.participant_ids,
    )


def streams_of(user: User) -> frozenset[str]:
    """What a member of staff may listen to right now."""
    streams = {STAFF, user_stream(user.pk)}
    if user.is_administrator:
        streams.add(ADMINISTRATORS)
    for line in Line.objects.filter(queue_members__operator=user).only("id", "access"):
        streams.add(queue_stream(line.pk))
        if line.access == Line.Access.LINE:
            streams.add(line_stream(line.pk))
    supervised = list(supervised_lines(user).values_list("pk", flat=True))
    streams.update(map(line_stream, supervised), map(queue_stream, supervised))
    return frozenset(streams)
