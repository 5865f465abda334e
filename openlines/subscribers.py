"""How conversations hear of staff; timers register here, too."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from common.events import after_commit, in_transaction
from crm.events import ConsoleSettingsChanged, StaffChanged, StaffGroupChanged, StaffGroupRemoved, TagsChanged
from crm.models import User
from crm.preferences import settings_of
from openlines.changes import announce_dictionaries, send_frame
from openlines.events import (
    ChannelStateChanged,
    ClientWrote,
    ColleaguesInvited,
    ColleaguesMentioned,
    DialogAssigned,
    DialogOffered,
)
from openlines.models import PushSubscription, QueueEntry, QueueMember
from openlines.presenters import operator_json
from openlines.push.asking import ask_to_wake
from openlines.services import closing, snoozing  # noqa: F401 - they register their timers
from openlines.services.lines import RECONNECT, fill_queue, refuse_while_needed
from openlines.services.participants import take_out_who_left
from openlines.streams import STAFF, user_stream


@receiver(user_logged_out)
def close_sockets_of_who_signed_out(user: User | None, **_: object) -> None:
    """Other tabs of the same session come back and are sent away; other sessions just come back."""
    if user is not None:
        send_frame(RECONNECT, to=[user_stream(user.pk)])


@in_transaction(StaffChanged)
def take_from_queues_who_left(event: StaffChanged) -> None:
    member = User.objects.get(pk=event.user_id)
    if not member.works_with_clients:
        QueueEntry.objects.filter(operator=member).delete()
        for line_id in list(QueueMember.objects.filter(operator=member).values_list("line_id", flat=True)):
            fill_queue(line_id)
        member.staff_groups.clear()
        member.supervised_lines.clear()
        member.supervised_line_groups.clear()


@after_commit(StaffChanged)
def take_from_dialogs_who_left(event: StaffChanged) -> None:
    member = User.objects.get(pk=event.user_id)
    if not member.works_with_clients:
        take_out_who_left(operator=member, now=timezone.now())


@in_transaction(StaffGroupChanged)
def follow_the_group_in_queues(event: StaffGroupChanged) -> None:
    entries = QueueEntry.objects.filter(group_id=event.group_id).order_by("line_id")
    for line_id in list(entries.values_list("line_id", flat=True)):
        fill_queue(line_id)


@in_transaction(StaffGroupRemoved)
def keep_groups_that_are_needed(event: StaffGroupRemoved) -> None:
    refuse_while_needed(event.group_id)


@after_commit(StaffChanged)
def show_staff_in_consoles(event: StaffChanged) -> None:
    """Everyone sees the new name and role; the member's own consoles come back with their new rights, or not at all."""
    frame = {"type": "operator.changed", "operator": operator_json(User.objects.get(pk=event.user_id))}
    send_frame(frame, to=[STAFF])
    send_frame(RECONNECT, to=[user_stream(event.user_id)])


@in_transaction(StaffChanged)
def forget_devices_of_who_left(event: StaffChanged) -> None:
    member = User.objects.get(pk=event.user_id)
    if not member.works_with_clients:
        PushSubscription.objects.filter(user=member).delete()


@after_commit(DialogOffered)
def wake_whom_it_is_offered(event: DialogOffered) -> None:
    ask_to_wake("offer", [event.dialog_id], event.operator_ids)


@after_commit(DialogAssigned)
def wake_the_new_owner(event: DialogAssigned) -> None:
    ask_to_wake("assigned", [event.dialog_id], [event.operator_id])


@after_commit(ColleaguesInvited)
def wake_who_is_invited(event: ColleaguesInvited) -> None:
    ask_to_wake("invited", [event.dialog_id], event.operator_ids)


@after_commit(ColleaguesMentioned)
def wake_who_is_mentioned(event: ColleaguesMentioned) -> None:
    ask_to_wake("mention", [event.dialog_id], event.operator_ids)


@after_commit(ClientWrote)
def wake_whom_the_client_writes(event: ClientWrote) -> None:
    ask_to_wake("message", event.dialog_ids)


@after_commit(ConsoleSettingsChanged)
def tell_all_consoles_of_the_user(event: ConsoleSettingsChanged) -> None:
    settings = settings_of(User.objects.get(pk=event.user_id))
    send_frame({"type": "settings.changed", "settings": settings}, to=[user_stream(event.user_id)])


@in_transaction(TagsChanged)
def show_tags_in_consoles(event: TagsChanged) -> None:
    announce_dictionaries()


@in_transaction(ChannelStateChanged)
def show_in_consoles_which_channels_have_trouble(event: ChannelStateChanged) -> None:
    announce_dictionaries()
