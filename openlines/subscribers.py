"""How conversations hear of staff; timers register here, too."""

from common.events import after_commit, in_transaction
from crm.events import StaffChanged
from crm.models import User
from openlines.changes import send_frame
from openlines.models import QueueMember
from openlines.presenters import operator_json
from openlines.services import lifecycle  # noqa: F401 - registers the silence timer
from openlines.services.lines import RECONNECT
from openlines.streams import STAFF, user_stream


@in_transaction(StaffChanged)
def take_from_queues_who_left(event: StaffChanged) -> None:
    member = User.objects.get(pk=event.user_id)
    if not member.works_with_clients:
        QueueMember.objects.filter(operator=member).delete()
        member.supervised_lines.clear()


@after_commit(StaffChanged)
def show_staff_in_consoles(event: StaffChanged) -> None:
    """Everyone sees the new name and role; the member's own consoles come back with their new rights, or not at all."""
    frame = {"type": "operator.changed", "operator": operator_json(User.objects.get(pk=event.user_id))}
    send_frame(frame, to=[STAFF])
    send_frame(RECONNECT, to=[user_stream(event.user_id)])
