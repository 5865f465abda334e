"""Every command of the product, and where the conversation stands before it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import time_machine

from channels_connectors.connector import FetchedMedia, Template
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import keep_event, process_channel, process_everything
from channels_connectors.models import Delivery, MessageTemplate
from channels_connectors.polling import note_recovery, note_trouble
from channels_connectors.services.channels import set_channel_state
from channels_connectors.services.courtesies import fetch_client_photo, fetch_client_profile, show_read
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.media import fetch_due_media
from channels_connectors.services.outcomes import recover_abandoned
from channels_connectors.services.receipts import record_echo, record_receipt
from channels_connectors.services.templates import send_template, sync_templates
from crm.models import Client, ClientMerge, StaffGroup, Tag, User
from crm.staff import change_member, set_active
from crm.tags import remove_tag
from openlines.models import Attachment, Channel, Chat, Dialog, Line, LineGroup, Message, Topic
from openlines.services.aliases import learn_aliases
from openlines.services.attachments import fetch_again, mark_lost, store_fetched
from openlines.services.call_backs import (
    change_call_back,
    create_call_back,
    remind_of_call_backs,
    remove_call_back,
)
from openlines.services.client_side import (
    record_client_deletion,
    record_client_edit,
    record_reachability,
)
from openlines.services.client_signs import record_hiding, record_reaction, show_clients_typing
from openlines.services.clients import add_address, change_client, learn_profile, remove_address
from openlines.services.closing import close_after_grace, close_by_client, close_by_silence, finish_dialog
from openlines.services.delivering import (
    record_client_delivered,
    record_client_read,
    record_delivery,
    record_up_to,
)
from openlines.services.drafts import drop_sent_draft, keep_draft
from openlines.services.leads import create_lead_by_hand
from openlines.services.lifecycle import mark_read, pin_dialog
from openlines.services.line_groups import change_line_group, create_line_group, remove_line_group
from openlines.services.line_lifecycle import archive_line, copy_line, restore_line
from openlines.services.lines import Place, change_line, create_line, set_queue, set_queue_members
from openlines.services.merging import join_clients, merge_clients, undo_merge
from openlines.services.moderating import moderate_comment
from openlines.services.native_replies import record_native_reply
from openlines.services.owed import sweep_owed
from openlines.services.participants import (
    invite_operators,
    leave_dialog,
    remove_participant,
    take_out_who_left,
)
from openlines.services.quick_replies import change_quick_reply, create_quick_reply, remove_quick_reply
from openlines.services.rating import rate_as_supervisor, rate_by_press, rate_dialog
from openlines.services.rating_answers import take_answers
from openlines.services.receiving import receive_messages
from openlines.services.replies import delete_reply, edit_reply, mark_as_sent, retry_delivery, send_reply
from openlines.services.snoozing import end_snooze, snooze_dialog, wake_dialog
from openlines.services.tags import set_dialog_tags, take_off_removed_tags
from openlines.services.timers import fire_due_timers
from openlines.services.topics import change_topic, create_topic, order_topics, remove_topic, set_dialog_topic
from openlines.types import (
    IncomingAlias,
    IncomingAttachment,
    IncomingClosing,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingHiding,
    IncomingReachability,
    IncomingReaction,
    IncomingReceipt,
    Person,
)
from routing.models import Absence, Queue
from routing.services.absences import add_absence, change_absence, refresh_absences, remove_absence
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.departures import hand_on_dialogs_of
from routing.services.hours import NewHours, SpecialHours, change_hours
from routing.services.line_settings import save_line_settings
from routing.services.no_answer import act_on_no_answer
from routing.services.off_hours import offer_at_opening, tell_who_writes_on
from routing.services.presence import forget_silent_consoles, keep_alive, set_paused
from routing.services.queues import change_queue
from routing.services.reopening import reopen_dialog
from routing.services.returning import look_after_dialogs_written_in, return_offers, return_unanswered_dialog
from routing.services.transferring import return_to_queue, take_over, transfer_dialog
from routing.services.waiting_dialogs import (
    fill_places,
    give_deadlines,
    offer_waiting,
    offer_waiting_to,
    pass_on_expired_offer,
    welcome_back,
    welcome_new_members,
)
from routing.services.working_day import end_day, end_forgotten_days, pause, resume, start_day
from routing.types import ToGroup, ToLine, ToOperator
from tests.factories import write
from tests.openlines.rated import asked, asks, payload, press
from tests.providers.scripted import Scripted
from tests.scenes import (
    Scene,
    active,
    anna_writes,
    answered,
    carry_all,
    hand_to,
    nobody_there,
    offered,
    queued,
    quiet,
    reply,
    sent,
)

Step = Callable[[Scene], Any]
Run = Callable[[Scene, Scripted], Any]
CONSOLE = UUID(int=7)
# What channels of public comments can.
PUBLIC = {"hide": True, "delete_theirs": True, "private_reply": True}


def asks_for_ratings(scene: Scene) -> None:
    asks()
    sent(scene)


def asked_with_grace(scene: Scene) -> None:
    asked(scene, grace_seconds=600)


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    before: Step
    run: Run
    covers: tuple[Callable[..., Any], ...]


COMMANDS: list[Command] = []


def command(before: Step, *covers: Callable[..., Any]) -> Callable[[Run], Run]:
    def keep(run: Run) -> Run:
        COMMANDS.append(Command(run.__name__, before, run, covers))
        return run

    return keep


# Clients


@command(quiet, receive_messages)
def a_client_writes_for_the_first_time(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene)


@command(nobody_there, receive_messages)
def a_client_writes_while_nobody_is_there(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene)


@command(active, receive_messages)
def a_client_goes_on(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "And one more thing")


@command(quiet, process_channel, process_everything)
def two_new_clients_and_their_second_thoughts_come_in_one_batch(scene: Scene, provider: Scripted) -> None:
    for number, chat in enumerate(["anna", "boris", "anna", "boris"]):
        event = {"chat": chat, "id": f"{chat}-{number}", "sender": {"name": chat.title()}, "text": f"Text {number}"}
        keep_event(channel_id=scene.channel.pk, key=f"k{number}", body=json.dumps(event).encode())
    process_everything(now=scene.later(hours=1))


@command(sent, record_client_edit)
def a_client_edits(scene: Scene, provider: Scripted) -> None:
    edit = IncomingEdit(chat_external_id="anna", external_id="anna-1", text="Hello!!")
    record_client_edit(channel=scene.channel, edit=edit, now=scene.now)


def closed_and_back_with_oleg(scene: Scene) -> None:
    """Olga has finished, Anna is back, and Oleg has the new dialog with the old one above it."""
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    anna_writes(scene, "I am back")
    hand_to(scene, scene.cast.oleg, by=scene.cast.sergey)


@command(sent, show_clients_typing)
def the_client_types(scene: Scene, provider: Scripted) -> None:
    show_clients_typing(channel=scene.channel, chat_external_ids=["anna"])


@command(sent, record_reaction)
def the_client_likes_a_reply(scene: Scene, provider: Scripted) -> None:
    for emoji in ("👍", "❤"):
        liked = IncomingReaction(
            chat_external_id="anna", message_external_id=scene.last_reply.external_id or "", person_external_id="anna",
            emoji=emoji,
        )  # fmt: skip
        record_reaction(channel=scene.channel, reaction=liked)


@command(sent, record_hiding)
def a_comment_is_hidden(scene: Scene, provider: Scripted) -> None:
    hiding = IncomingHiding(chat_external_id="anna", external_id="anna-1", is_hidden=True)
    record_hiding(channel=scene.channel, hiding=hiding, now=scene.now)


def anna_writes_by_another_id(scene: Scene) -> None:
    sent(scene)
    write(scene.channel, "Me again", sender="Annie", now=scene.now)


@command(anna_writes_by_another_id, learn_aliases, join_clients)
def a_channel_says_that_two_clients_are_one(scene: Scene, provider: Scripted) -> None:
    alias = IncomingAlias(person_external_id="annie", alias="anna")
    assert learn_aliases(channel=scene.channel, aliases=[alias], now=scene.now) == []


@command(closed_and_back_with_oleg, record_client_edit)
def a_client_edits_in_an_earlier_dialog(scene: Scene, provider: Scripted) -> None:
    edit = IncomingEdit(chat_external_id="anna", external_id="anna-1", text="Hello!!")
    record_client_edit(channel=scene.channel, edit=edit, now=scene.now)


@command(active, record_client_deletion)
def a_client_deletes(scene: Scene, provider: Scripted) -> None:
    deletion = IncomingDeletion(chat_external_id="anna", external_id="anna-1")
    record_client_deletion(channel=scene.channel, deletion=deletion, now=scene.now)


def blocked(scene: Scene) -> None:
    sent(scene)
    _report(scene, is_reachable=False)


def _report(scene: Scene, *, is_reachable: bool) -> None:
    report = IncomingReachability(chat_external_id="anna", person_external_id="anna", is_reachable=is_reachable)
    record_reachability(channel=scene.channel, report=report, now=scene.now)


@command(sent, record_reachability)
def a_client_blocks_us(scene: Scene, provider: Scripted) -> None:
    _report(scene, is_reachable=False)


@command(blocked, record_reachability)
def a_client_unblocks_us(scene: Scene, provider: Scripted) -> None:
    _report(scene, is_reachable=True)


@command(blocked, receive_messages)
def a_client_who_blocked_us_writes(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "I am back")


@command(sent, record_client_read)
def a_client_reads(scene: Scene, provider: Scripted) -> None:
    record_client_read(dialog_id=scene.dialog.pk, seq=scene.dialog.last_seq)


# Offers


@command(offered, answer_dialog)
def an_operator_answers(scene: Scene, provider: Scripted) -> None:
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(queued, answer_dialog)
def an_operator_takes_what_waits(scene: Scene, provider: Scripted) -> None:
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, now=scene.now)


@command(offered, skip_dialog)
def an_operator_skips(scene: Scene, provider: Scripted) -> None:
    skip_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def waiting_for_a_place(scene: Scene) -> None:
    """Olga and Oleg may have one dialog each and have it; Anna waits behind them."""
    places = [Place(operator_id=operator.pk, dialog_limit=1) for operator in (scene.cast.olga, scene.cast.oleg)]
    set_queue(administrator=scene.cast.alla, line=scene.line, places=places)
    for sender in ("Boris", "Clara"):
        dialog = write(scene.channel, "Hello", sender=sender, now=scene.now)
        answer_dialog(dialog_id=dialog.pk, operator=User.objects.get(pk=dialog.offered_to[0]), now=scene.now)
    anna_writes(scene)
    assert scene.dialog.state == "QUEUED"


@command(waiting_for_a_place, finish_dialog, fill_places)
def a_place_frees_for_who_waits(scene: Scene, provider: Scripted) -> None:
    theirs = Dialog.objects.get(owner=scene.cast.olga)
    finish_dialog(dialog_id=theirs.pk, operator=scene.cast.olga, now=scene.now)


def offered_to_all(scene: Scene) -> None:
    Queue.objects.update(distribution=Queue.Distribution.ALL_AT_ONCE)
    anna_writes(scene)
    assert len(scene.dialog.offered_to) == 2


@command(offered_to_all, skip_dialog)
def one_of_several_skips(scene: Scene, provider: Scripted) -> None:
    skip_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def offered_to_all_present(scene: Scene) -> None:
    keep_alive(connection_id=CONSOLE, operator_id=scene.cast.olga.pk, now=scene.now)
    offered_to_all(scene)


@command(offered_to_all_present, set_paused, return_offers)
def one_of_several_goes_on_a_break(scene: Scene, provider: Scripted) -> None:
    set_paused(operator=scene.cast.olga, is_paused=True, now=scene.now)


@command(offered_to_all, answer_dialog)
def the_first_of_several_answers(scene: Scene, provider: Scripted) -> None:
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, now=scene.now)


@command(active, transfer_dialog)
def a_dialog_is_transferred_to_a_colleague(scene: Scene, provider: Scripted) -> None:
    hand_to(scene, scene.cast.oleg, by=scene.cast.olga)


@command(offered, transfer_dialog)
def an_offer_is_transferred_to_somebody_from_elsewhere(scene: Scene, provider: Scripted) -> None:
    hand_to(scene, scene.cast.mallory, by=scene.cast.olga)


def with_transfers_as_offers(scene: Scene) -> None:
    active(scene)
    Queue.objects.update(transfers_as_offer=True)


@command(with_transfers_as_offers, transfer_dialog)
def a_dialog_is_offered_to_a_colleague_with_a_note(scene: Scene, provider: Scripted) -> None:
    target = ToOperator(scene.cast.mallory.pk)
    transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=target, note="Yours", now=scene.now)


def with_another_line(scene: Scene) -> None:
    """Mallory's line, where Sergey has nothing to say."""
    active(scene)
    line = create_line(administrator=scene.cast.alla, name="Warehouse")
    set_queue_members(administrator=scene.cast.alla, line=line, operator_ids=[scene.cast.mallory.pk])


@command(with_another_line, transfer_dialog)
def a_dialog_is_transferred_to_another_line(scene: Scene, provider: Scripted) -> None:
    target = ToLine(Line.objects.get(name="Warehouse").pk)
    transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=target, note="Stock?", now=scene.now)


@command(active, transfer_dialog)
def a_dialog_is_transferred_to_a_group(scene: Scene, provider: Scripted) -> None:
    group = StaffGroup.objects.create(name="Carriers")
    group.members.add(scene.cast.oleg)
    transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=ToGroup(group.pk), now=scene.now)


@command(active, return_to_queue)
def an_operator_gives_a_dialog_back(scene: Scene, provider: Scripted) -> None:
    return_to_queue(dialog_id=scene.dialog.pk, actor=scene.cast.olga, note="I must go", now=scene.now)


@command(active, take_over)
def a_supervisor_takes_over(scene: Scene, provider: Scripted) -> None:
    take_over(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now)


@command(offered, fire_due_timers, pass_on_expired_offer)
def an_offer_expires(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(minutes=2))


# Presence


def olga_alone_online(scene: Scene) -> None:
    nobody_there(scene)
    keep_alive(connection_id=CONSOLE, operator_id=scene.cast.olga.pk, now=scene.now)


def offered_to_olga_alone(scene: Scene) -> None:
    olga_alone_online(scene)
    anna_writes(scene)
    assert scene.dialog.offered_to == [scene.cast.olga.pk]


@command(queued, keep_alive, offer_waiting, welcome_back, offer_waiting_to)
def an_operator_comes_online_while_a_dialog_waits(scene: Scene, provider: Scripted) -> None:
    keep_alive(connection_id=CONSOLE, operator_id=scene.cast.olga.pk, now=scene.now)


@command(offered_to_olga_alone, keep_alive, give_deadlines)
def a_second_operator_comes_online(scene: Scene, provider: Scripted) -> None:
    keep_alive(connection_id=UUID(int=8), operator_id=scene.cast.oleg.pk, now=scene.now)


@command(offered_to_olga_alone, set_paused, return_offers)
def an_operator_goes_on_a_break_with_an_offer(scene: Scene, provider: Scripted) -> None:
    set_paused(operator=scene.cast.olga, is_paused=True, now=scene.now)


@command(offered_to_olga_alone, forget_silent_consoles, return_offers)
def an_operator_goes_silent_with_an_offer(scene: Scene, provider: Scripted) -> None:
    forget_silent_consoles(now=scene.later(minutes=5))


@command(quiet, start_day, pause, resume)
def an_operator_works_with_a_break(scene: Scene, provider: Scripted) -> None:
    start_day(operator=scene.cast.olga, now=scene.now)
    pause(operator=scene.cast.olga, reason="Lunch", now=scene.now)
    resume(operator=scene.cast.olga, now=scene.now)


def taken_by_olga_at_work(scene: Scene) -> None:
    Queue.objects.update(checks_working_day=True, checks_presence=False)
    start_day(operator=scene.cast.olga, now=scene.now)
    write(scene.channel, "Hello", now=scene.now)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(taken_by_olga_at_work, end_day, return_offers)
def an_operator_goes_home_without_having_answered(scene: Scene, provider: Scripted) -> None:
    end_day(operator=scene.cast.olga, now=scene.now)


@command(taken_by_olga_at_work, end_forgotten_days, end_day)
def an_operator_goes_home_without_a_word(scene: Scene, provider: Scripted) -> None:
    end_forgotten_days(now=scene.later(hours=17))


@command(active, add_absence, change_absence, remove_absence)
def an_operator_is_ill_after_all(scene: Scene, provider: Scripted) -> None:
    today = scene.now.date()
    absence = add_absence(
        actor=scene.cast.alla, operator_id=scene.cast.olga.pk, kind="SICK", first_date=today, last_date=today,
        now=scene.now,
    )  # fmt: skip
    change_absence(actor=scene.cast.sergey, absence_id=absence.pk, note="Flu", now=scene.now)
    remove_absence(actor=scene.cast.alla, absence_id=absence.pk, now=scene.now)


def on_vacation_from_tomorrow(scene: Scene) -> None:
    active(scene)
    tomorrow = scene.later(days=1).date()
    Absence.objects.create(operator=scene.cast.olga, first_date=tomorrow, last_date=tomorrow)


@command(on_vacation_from_tomorrow, refresh_absences, return_offers)
def a_vacation_begins(scene: Scene, provider: Scripted) -> None:
    refresh_absences(now=scene.later(days=1))


def answered_by_olga_who_left(scene: Scene) -> None:
    sent(scene)
    User.objects.filter(pk=scene.cast.olga.pk).update(presence=User.Presence.OFFLINE)


@command(answered_by_olga_who_left, receive_messages, look_after_dialogs_written_in)
def a_client_writes_to_someone_who_is_away(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "And one more thing")


def taken_where_answers_are_awaited(scene: Scene) -> None:
    Queue.objects.update(return_seconds=60)
    active(scene)


@command(taken_where_answers_are_awaited, fire_due_timers, return_unanswered_dialog)
def an_operator_does_not_answer(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(seconds=61))


# Replies


@command(active, send_reply)
def an_operator_replies(scene: Scene, provider: Scripted) -> None:
    reply(scene, "Good morning", command_id=uuid4())


@command(active, send_reply)
def an_operator_replies_twice_by_the_same_command(scene: Scene, provider: Scripted) -> None:
    command_id = uuid4()
    reply(scene, "Good morning", command_id=command_id)
    reply(scene, "Good morning", command_id=command_id)


@command(active, send_reply)
def an_operator_whispers(scene: Scene, provider: Scripted) -> None:
    reply(scene, "Careful", visibility=Message.Visibility.STAFF)


@command(active, send_reply)
def an_operator_sends_a_file(scene: Scene, provider: Scripted) -> None:
    attachment = Attachment.objects.create(uploaded_by=scene.cast.olga, file="attachments/a", name="a.pdf", size=3)
    reply(scene, "", attachment_ids=[attachment.pk])


def with_a_draft(scene: Scene) -> None:
    active(scene)
    _draft(scene, "Good morn")


def _draft(scene: Scene, text: str) -> None:
    keep_draft(
        dialog_id=scene.dialog.pk, operator=scene.cast.olga, text=text, visibility="PUBLIC", written_at=scene.now,
        now=scene.now,
    )  # fmt: skip


@command(active, keep_draft)
def an_operator_begins_to_write(scene: Scene, provider: Scripted) -> None:
    _draft(scene, "Good morn")


@command(with_a_draft, send_reply, drop_sent_draft)
def an_operator_sends_what_was_begun(scene: Scene, provider: Scripted) -> None:
    reply(scene, "Good morn")


@command(sent, edit_reply)
def an_operator_edits(scene: Scene, provider: Scripted) -> None:
    edit_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, text="Good evening", now=scene.now)


def quoted(scene: Scene) -> None:
    """Olga's answer is quoted in her next one."""
    sent(scene)
    reply(scene, "As I said", reply_to_id=scene.last_reply.pk)


@command(quoted, edit_reply)
def an_operator_edits_what_is_quoted(scene: Scene, provider: Scripted) -> None:
    first = Message.objects.get(text="Good morning")
    edit_reply(message_id=first.pk, operator=scene.cast.olga, text="Good evening", now=scene.now)


@command(sent, delete_reply)
def an_operator_deletes(scene: Scene, provider: Scripted) -> None:
    delete_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, now=scene.now)


def quoted_later(scene: Scene) -> None:
    """Anna quotes Olga's answer from the dialog before."""
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    external_id = scene.last_reply.external_id or ""
    anna_writes(scene, "About this", reply_to_external_id=external_id)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.clients_message.reply_to == scene.last_reply


@command(quoted_later, delete_reply)
def an_operator_deletes_what_a_later_dialog_quotes(scene: Scene, provider: Scripted) -> None:
    delete_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, now=scene.now)


@command(sent, mark_read)
def an_operator_reads(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "Are you there?")
    mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.olga, seq=scene.dialog.last_seq)


@command(sent, show_read)
def a_client_sees_that_they_were_read(scene: Scene, provider: Scripted) -> None:
    show_read(dialog_id=scene.dialog.pk)


@command(sent, send_template)
def an_operator_sends_a_template(scene: Scene, provider: Scripted) -> None:
    approved = Template(name="ready", language="en", body="Hello {{1}}, it is ready.", gaps=1)
    sync_templates(channel_id=scene.channel.pk, templates=[approved], now=scene.now)
    template_id = MessageTemplate.objects.get().pk
    send_template(
        dialog_id=scene.dialog.pk, operator=scene.cast.olga, template_id=template_id, parameters=["Anna"], now=scene.now
    )


# Deliveries


@command(answered, claim_due)
def a_reply_is_sent(scene: Scene, provider: Scripted) -> None:
    carry_all(scene)


@command(sent, record_delivery)
def a_reply_is_delivered(scene: Scene, provider: Scripted) -> None:
    record_delivery(message_id=scene.last_reply.pk, state=Message.Delivery.DELIVERED)


@command(sent, record_delivery)
def a_reply_is_read(scene: Scene, provider: Scripted) -> None:
    record_delivery(message_id=scene.last_reply.pk, state=Message.Delivery.READ)


def _fail(kind: str) -> Run:
    def run(scene: Scene, provider: Scripted) -> None:
        provider.then(None, ConnectorError("no", kind=kind))
        carry_all(scene)

    run.__name__ = f"a_reply_meets_{kind.lower()}"
    return run


for _kind in ("BLOCKED", "TOKEN", "PERMANENT", "UNKNOWN", "RETRY", "WINDOW", "LATER"):
    command(answered)(_fail(_kind))


@command(sent, record_up_to)
def a_client_reads_all_up_to_now(scene: Scene, provider: Scripted) -> None:
    record_up_to(chat=scene.dialog.chat, state=Message.Delivery.READ, up_to=scene.now)


def _write_elsewhere(scene: Scene) -> None:
    echo = IncomingEcho(chat_external_id="anna", external_id="e1", recipient=Person(external_id="anna"), text="Hello")
    record_echo(channel=scene.channel, echo=echo, now=scene.now)


@command(active, record_echo, record_native_reply)
def staff_answer_in_the_provider_s_app(scene: Scene, provider: Scripted) -> None:
    _write_elsewhere(scene)


@command(offered, record_native_reply)
def staff_answer_what_is_offered_in_the_provider_s_app(scene: Scene, provider: Scripted) -> None:
    _write_elsewhere(scene)


@command(quiet, record_native_reply)
def staff_write_first_in_the_provider_s_app(scene: Scene, provider: Scripted) -> None:
    _write_elsewhere(scene)


@command(closed_and_back_with_oleg, record_native_reply)
def staff_write_in_the_provider_s_app_below_an_earlier_dialog(scene: Scene, provider: Scripted) -> None:
    _write_elsewhere(scene)


@command(answered, record_delivery, record_receipt)
def a_report_tells_what_a_time_out_did_not(scene: Scene, provider: Scripted) -> None:
    provider.can = {"idempotency": "status"}
    provider.then(ConnectorError("no answer", kind="UNKNOWN"))
    carry_all(scene)
    key = f"{scene.last_reply.pk}.0"
    receipt = IncomingReceipt(state="DELIVERED", chat_external_id="anna", external_id="w1", client_key=key)
    record_receipt(channel=scene.channel, receipt=receipt, now=scene.now)
    record_delivery(message_id=scene.last_reply.pk, state=Message.Delivery.READ, is_report=True)


def failed(scene: Scene) -> None:
    sent(scene)
    reply(scene, "One more")
    record_delivery(message_id=scene.last_reply.pk, state=Message.Delivery.FAILED, error="PERMANENT")
    Delivery.objects.update(state=Delivery.State.FAILED)


@command(active, moderate_comment)
def an_operator_has_a_comment_hidden(scene: Scene, provider: Scripted) -> None:
    provider.can = PUBLIC
    moderate_comment(message_id=scene.clients_message.pk, operator=scene.cast.olga, action="HIDE", now=scene.now)


@command(active, moderate_comment)
def an_operator_has_a_comment_removed(scene: Scene, provider: Scripted) -> None:
    provider.can = PUBLIC
    moderate_comment(message_id=scene.clients_message.pk, operator=scene.cast.olga, action="DELETE", now=scene.now)
    carry_all(scene)


@command(active, send_reply)
def an_operator_answers_a_comment_in_private(scene: Scene, provider: Scripted) -> None:
    provider.can = PUBLIC
    reply(scene, "Write to us here", reply_to_id=scene.clients_message.pk, is_private_reply=True)


@command(failed, retry_delivery)
def an_operator_sends_again(scene: Scene, provider: Scripted) -> None:
    retry_delivery(message_id=scene.last_reply.pk, operator=scene.cast.olga)


@command(failed, mark_as_sent)
def an_operator_says_that_it_arrived(scene: Scene, provider: Scripted) -> None:
    reply(scene, "And one more")
    Message.objects.filter(pk=scene.last_reply.pk).update(delivery_state=Message.Delivery.UNKNOWN)
    mark_as_sent(message_id=scene.last_reply.pk, operator=scene.cast.olga, now=scene.now)


@command(answered, set_channel_state)
def a_channel_is_paused(scene: Scene, provider: Scripted) -> None:
    set_channel_state(administrator=scene.cast.alla, channel=scene.channel, state="PAUSED")


@command(answered, note_trouble)
def a_channel_cannot_be_asked(scene: Scene, provider: Scripted) -> None:
    note_trouble(scene.channel.pk, ConnectorError("no", kind="RETRY"))


@command(answered, note_recovery)
def a_channel_works_again(scene: Scene, provider: Scripted) -> None:
    Channel.objects.update(state=Channel.State.DEGRADED)
    note_recovery(scene.channel.pk)


@command(answered, recover_abandoned)
def the_worker_dies_while_sending(scene: Scene, provider: Scripted) -> None:
    claim_due(limit=5, now=scene.later(minutes=1))
    recover_abandoned(now=scene.later(hours=1))


# Colleagues in a dialog


def with_mallory_invited(scene: Scene) -> None:
    """Olga has asked Mallory, who is of another line, to help her with Anna."""
    sent(scene)
    invite(scene)


def invite(scene: Scene) -> None:
    who = [scene.cast.mallory.pk]
    invite_operators(dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_ids=who, now=scene.now)


@command(active, invite_operators)
def an_operator_invites_a_colleague(scene: Scene, provider: Scripted) -> None:
    invite(scene)


@command(with_mallory_invited, leave_dialog)
def a_colleague_leaves(scene: Scene, provider: Scripted) -> None:
    leave_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, now=scene.now)


@command(with_mallory_invited, remove_participant)
def an_operator_sends_a_colleague_away(scene: Scene, provider: Scripted) -> None:
    remove_participant(
        dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_id=scene.cast.mallory.pk, now=scene.now
    )


@command(with_mallory_invited, take_out_who_left)
def a_colleague_no_longer_works_here(scene: Scene, provider: Scripted) -> None:
    set_active(administrator=scene.cast.alla, member_id=scene.cast.mallory.pk, is_active=False)


@command(with_mallory_invited, send_reply)
def a_colleague_answers_with_the_operator(scene: Scene, provider: Scripted) -> None:
    send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="It is on its way", now=scene.now)


@command(active, send_reply)
def a_whisper_calls_a_colleague_who_could_not_see_it(scene: Scene, provider: Scripted) -> None:
    reply(scene, "Do you know?", visibility=Message.Visibility.STAFF, mentions=[scene.cast.mallory.pk])


@command(with_mallory_invited, transfer_dialog)
def a_dialog_is_handed_to_who_was_invited(scene: Scene, provider: Scripted) -> None:
    hand_to(scene, scene.cast.mallory, by=scene.cast.olga)


@command(with_mallory_invited, return_to_queue)
def a_dialog_with_a_colleague_in_it_is_given_back(scene: Scene, provider: Scripted) -> None:
    return_to_queue(dialog_id=scene.dialog.pk, actor=scene.cast.olga, now=scene.now)


def with_mallory_invited_and_another_line(scene: Scene) -> None:
    with_mallory_invited(scene)
    line = create_line(administrator=scene.cast.alla, name="Warehouse")
    set_queue_members(administrator=scene.cast.alla, line=line, operator_ids=[scene.cast.oleg.pk])


@command(with_mallory_invited_and_another_line, transfer_dialog)
def a_dialog_with_a_colleague_in_it_goes_to_another_line(scene: Scene, provider: Scripted) -> None:
    target = ToLine(Line.objects.get(name="Warehouse").pk)
    transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=target, now=scene.now)


@command(with_mallory_invited, finish_dialog)
def a_dialog_with_a_colleague_in_it_is_finished(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


# Closed dialogs that go on


def finished(scene: Scene) -> None:
    """Olga has answered Anna and finished, with Mallory's help."""
    with_mallory_invited(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def finished_a_moment_ago(scene: Scene) -> None:
    """The client who comes back soon goes on with the same dialog."""
    Line.objects.update(continue_seconds=3600)
    finished(scene)


@command(finished, reopen_dialog)
def an_operator_reopens_a_dialog(scene: Scene, provider: Scripted) -> None:
    reopen_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, now=scene.now)


@command(finished, reopen_dialog)
def a_supervisor_reopens_a_dialog(scene: Scene, provider: Scripted) -> None:
    reopen_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now)


@command(finished_a_moment_ago, receive_messages)
def a_client_goes_on_with_a_closed_dialog(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "One more thing")
    assert scene.dialog.offered_to == [scene.cast.olga.pk]


def finished_a_moment_ago_and_nobody_there(scene: Scene) -> None:
    finished_a_moment_ago(scene)
    nobody_there(scene)


@command(finished_a_moment_ago_and_nobody_there, receive_messages)
def a_client_goes_on_while_nobody_is_there(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "One more thing")


# Media


def with_a_picture(scene: Scene) -> None:
    anna_writes(scene, attachments=(IncomingAttachment(kind="IMAGE", reference="r"),), kind="IMAGE")
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(with_a_picture, fetch_due_media, store_fetched)
def a_picture_is_fetched(scene: Scene, provider: Scripted) -> None:
    fetch_due_media(now=scene.now)


@command(with_a_picture, fetch_due_media, mark_lost)
def a_picture_is_lost(scene: Scene, provider: Scripted) -> None:
    provider.then(ConnectorError("gone", kind="PERMANENT"))
    fetch_due_media(now=scene.now)


def with_a_lost_picture(scene: Scene) -> None:
    with_a_picture(scene)
    Attachment.objects.update(state=Attachment.State.LOST)


@command(with_a_lost_picture, fetch_again)
def a_lost_picture_is_asked_for_again(scene: Scene, provider: Scripted) -> None:
    fetch_again(attachment_id=Attachment.objects.get().pk, operator=scene.cast.olga, now=scene.now)


@command(active, fetch_client_photo)
def the_client_gets_a_photo(scene: Scene, provider: Scripted) -> None:
    provider.then(FetchedMedia(content=b"content"))
    fetch_client_photo(channel_id=scene.channel.pk, client_id=scene.dialog.client_id, reference="r")


@command(active, fetch_client_profile, learn_profile)
def the_channel_says_who_the_client_is(scene: Scene, provider: Scripted) -> None:
    provider.then(Person(external_id="anna", first_name="Anna", last_name="Petrova"))
    fetch_client_profile(channel_id=scene.channel.pk, person_external_id="anna")


# The life of a dialog


@command(sent, finish_dialog)
def an_operator_finishes(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(offered, finish_dialog)
def a_supervisor_finishes_what_is_offered(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, now=scene.now)


@command(active, finish_dialog)
def an_operator_says_it_is_spam(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, as_spam=True, now=scene.now)


@command(sent, fire_due_timers, close_by_silence)
def silence_closes(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(hours=2))


def with_grace(scene: Scene) -> None:
    Line.objects.update(grace_seconds=600)
    sent(scene)


def closing(scene: Scene) -> None:
    """Olga has finished; for ten minutes Anna may answer the goodbye."""
    with_grace(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert scene.dialog.closing_at is not None


@command(with_grace, finish_dialog)
def an_operator_finishes_with_grace(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(closing, finish_dialog)
def an_operator_finishes_once_more(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(closing, fire_due_timers, close_after_grace)
def the_grace_is_over(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(seconds=600))


@command(closing, receive_messages)
def a_client_answers_the_goodbye(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "One more thing")


@command(closing, send_reply)
def an_operator_writes_after_the_goodbye(scene: Scene, provider: Scripted) -> None:
    reply(scene, "One more thing")


@command(closing, transfer_dialog)
def a_dialog_is_handed_on_after_the_goodbye(scene: Scene, provider: Scripted) -> None:
    hand_to(scene, scene.cast.oleg, by=scene.cast.olga)


@command(closing, hand_on_dialogs_of)
def an_operator_leaves_after_the_goodbye(scene: Scene, provider: Scripted) -> None:
    set_active(administrator=scene.cast.alla, member_id=scene.cast.olga.pk, is_active=False)


@command(closing, pin_dialog)
def an_operator_pins_after_the_goodbye(scene: Scene, provider: Scripted) -> None:
    pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, is_pinned=True, now=scene.now)


@command(sent, close_by_client)
def a_client_finishes(scene: Scene, provider: Scripted) -> None:
    close_by_client(channel=scene.channel, closing=IncomingClosing(chat_external_id="anna"), now=scene.now)


@command(offered, close_by_client)
def a_client_finishes_before_anybody_answers(scene: Scene, provider: Scripted) -> None:
    close_by_client(channel=scene.channel, closing=IncomingClosing(chat_external_id="anna"), now=scene.now)


@command(queued, sweep_owed)
def staff_are_warned_that_a_client_waits_for_long(scene: Scene, provider: Scripted) -> None:
    sweep_owed(now=scene.later(days=28))


@command(offered, sweep_owed)
def a_client_has_waited_for_too_long(scene: Scene, provider: Scripted) -> None:
    sweep_owed(now=scene.later(days=31))


def _nobody_answers(action: str) -> Step:
    def begin(scene: Scene) -> None:
        Queue.objects.update(no_answer_action=action, no_answer_seconds=300, no_answer_text="Soon", offer_seconds=900)
        offered(scene)

    return begin


@command(_nobody_answers("TEXT"), fire_due_timers, act_on_no_answer)
def a_client_is_told_that_nobody_answers(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(seconds=300))


@command(_nobody_answers("RETURN"), fire_due_timers, act_on_no_answer)
def a_dialog_that_nobody_answers_goes_round_anew(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(seconds=300))


@command(sent, pin_dialog)
def an_operator_pins_and_unpins(scene: Scene, provider: Scripted) -> None:
    pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, is_pinned=True, now=scene.now)
    pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, is_pinned=False, now=scene.now)


@command(sent, receive_messages, answer_dialog)
def a_client_comes_back_to_the_operator_who_knows_them(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    anna_writes(scene, "I am back")
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


# Ratings


@command(asks_for_ratings, finish_dialog)
def a_client_is_asked_for_a_rating(scene: Scene, provider: Scripted) -> None:
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(asked, rate_by_press, rate_dialog)
def a_client_presses_a_rating(scene: Scene, provider: Scripted) -> None:
    press(scene, payload(scene.dialog, 5))


@command(asked_with_grace, rate_by_press, rate_dialog)
def a_client_rates_and_thinks_better_of_it_while_the_dialog_is_closing(scene: Scene, provider: Scripted) -> None:
    press(scene, payload(scene.dialog, 1))
    press(scene, payload(scene.dialog, 4))


@command(asked_with_grace, receive_messages, take_answers)
def a_client_says_a_rating_and_why(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "5")
    anna_writes(scene, "Very quick")
    assert scene.dialog.closing_at is not None


@command(asked, rate_dialog)
def a_client_writes_a_comment_into_its_field(scene: Scene, provider: Scripted) -> None:
    chat = Chat.objects.get()
    rate_dialog(chat=chat, dialog_id=scene.dialog.pk, score=5, comment="Very quick", now=scene.now)


@command(sent, rate_as_supervisor)
def a_supervisor_rates_an_open_dialog(scene: Scene, provider: Scripted) -> None:
    rate_as_supervisor(
        dialog_id=scene.dialog.pk, supervisor=scene.cast.sergey, score=4, comment="Greet first", now=scene.now
    )


@command(asked, rate_as_supervisor)
def a_supervisor_rates_a_closed_dialog(scene: Scene, provider: Scripted) -> None:
    rate_as_supervisor(dialog_id=scene.dialog.pk, supervisor=scene.cast.sergey, score=2, now=scene.now)


# Put aside


@command(sent, snooze_dialog)
def an_operator_puts_a_dialog_aside(scene: Scene, provider: Scripted) -> None:
    snooze_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, until=scene.later(hours=1), now=scene.now)


def put_aside(scene: Scene) -> None:
    sent(scene)
    an_operator_puts_a_dialog_aside(scene, Scripted())


@command(put_aside, end_snooze)
def an_operator_takes_a_dialog_up_again(scene: Scene, provider: Scripted) -> None:
    end_snooze(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(put_aside, fire_due_timers, wake_dialog)
def the_time_of_a_dialog_put_aside_comes(scene: Scene, provider: Scripted) -> None:
    fire_due_timers(now=scene.later(hours=1))


@command(put_aside, receive_messages)
def a_client_writes_in_a_dialog_put_aside(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "And?")


@command(put_aside, send_reply)
def an_operator_replies_in_a_dialog_put_aside(scene: Scene, provider: Scripted) -> None:
    reply(scene, "Here it is")


# Call-backs


@command(sent, create_call_back, change_call_back, remind_of_call_backs, remove_call_back)
def a_client_is_to_be_called(scene: Scene, provider: Scripted) -> None:
    due_at = scene.later(hours=1)
    call_back = create_call_back(
        actor=scene.cast.olga, client_id=scene.dialog.client_id, phone="+79161234567", due_at=due_at, now=scene.now
    )
    change_call_back(actor=scene.cast.olga, call_back_id=call_back.pk, changes={"comment": "About oak"}, now=scene.now)
    remind_of_call_backs(now=due_at)
    remove_call_back(actor=scene.cast.olga, call_back_id=call_back.pk)


# Tags and topics


def with_a_tag(scene: Scene) -> None:
    sent(scene)
    Tag.objects.create(name="VIP")


@command(with_a_tag, set_dialog_tags)
def an_operator_tags_a_dialog(scene: Scene, provider: Scripted) -> None:
    ids = [Tag.objects.get().pk]
    set_dialog_tags(dialog_id=scene.dialog.pk, operator=scene.cast.olga, tag_ids=ids)


def tagged(scene: Scene) -> None:
    with_a_tag(scene)
    an_operator_tags_a_dialog(scene, Scripted())


@command(tagged, take_off_removed_tags)
def a_tag_is_removed(scene: Scene, provider: Scripted) -> None:
    remove_tag(administrator=scene.cast.alla, tag_id=Tag.objects.get().pk)
    take_off_removed_tags(now=scene.now)


def with_topics(scene: Scene) -> None:
    sent(scene)
    Topic.objects.create(name="Delivery", position=1)
    Topic.objects.create(name="Complaint", position=2)


@command(with_topics, finish_dialog)
def an_operator_finishes_with_a_topic(scene: Scene, provider: Scripted) -> None:
    topic = Topic.objects.get(name="Delivery")
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=topic.pk, now=scene.now)


@command(with_topics, set_dialog_topic)
def an_operator_chooses_a_topic(scene: Scene, provider: Scripted) -> None:
    topic = Topic.objects.get(name="Delivery")
    set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=topic.pk)


@command(with_topics, create_topic, change_topic, order_topics, remove_topic)
def an_administrator_arranges_topics(scene: Scene, provider: Scripted) -> None:
    delivery, complaint = Topic.objects.all()
    create_topic(administrator=scene.cast.alla, name="Oak", line_id=scene.line.pk)
    change_topic(administrator=scene.cast.alla, topic_id=delivery.pk, name="Shipping")
    order_topics(administrator=scene.cast.alla, line_id=None, topic_ids=[complaint.pk, delivery.pk])
    remove_topic(administrator=scene.cast.alla, topic_id=complaint.pk)


# People and lines


def without_a_lead(scene: Scene) -> None:
    Line.objects.update(lead_rule=Line.LeadRule.BY_HAND)
    active(scene)


@command(without_a_lead, create_lead_by_hand)
def an_operator_makes_a_lead(scene: Scene, provider: Scripted) -> None:
    create_lead_by_hand(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


@command(sent, change_client)
def a_client_gets_another_name(scene: Scene, provider: Scripted) -> None:
    change_client(client=Client.objects.get(), name="Anna Petrova")


@command(sent, add_address, remove_address)
def a_client_gets_a_phone_and_loses_it(scene: Scene, provider: Scripted) -> None:
    client = Client.objects.get()
    identity = add_address(client=client, kind="phone", text="+7 916 123-45-67")
    remove_address(client=client, identity_id=identity.pk)


def with_boris(scene: Scene) -> None:
    sent(scene)
    write(scene.channel, "It is me", sender="Boris", now=scene.now)


@command(with_boris, merge_clients)
def two_clients_turn_out_to_be_one(scene: Scene, provider: Scripted) -> None:
    anna, boris = Client.objects.order_by("pk")
    merge_clients(kept_id=anna.pk, absorbed_id=boris.pk, actor=scene.cast.alla, now=scene.now)


def with_boris_merged(scene: Scene) -> None:
    with_boris(scene)
    anna, boris = Client.objects.order_by("pk")
    merge_clients(kept_id=boris.pk, absorbed_id=anna.pk, actor=scene.cast.alla, now=scene.now)


@command(with_boris_merged, undo_merge)
def one_client_turns_out_to_be_two(scene: Scene, provider: Scripted) -> None:
    undo_merge(merge_id=ClientMerge.objects.get().pk, actor=scene.cast.alla, now=scene.now)


@command(offered, set_queue_members, set_queue, welcome_new_members)
def the_queue_gets_other_members(scene: Scene, provider: Scripted) -> None:
    set_queue_members(
        administrator=scene.cast.alla, line=scene.line, operator_ids=[scene.cast.mallory.pk, scene.cast.oleg.pk]
    )


@command(queued, set_queue_members)
def someone_joins_the_queue_while_a_dialog_waits(scene: Scene, provider: Scripted) -> None:
    keep_alive(connection_id=CONSOLE, operator_id=scene.cast.mallory.pk, now=scene.now)
    set_queue_members(
        administrator=scene.cast.alla, line=scene.line, operator_ids=[scene.cast.mallory.pk, scene.cast.oleg.pk]
    )


@command(sent, change_line)
def operators_may_see_the_whole_line(scene: Scene, provider: Scripted) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, access=Line.Access.LINE)


@command(sent, change_line)
def a_line_gets_another_name(scene: Scene, provider: Scripted) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")


@command(sent, change_line)
def a_line_loses_its_supervisor(scene: Scene, provider: Scripted) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, supervisors=[])


@command(sent, create_line)
def a_line_is_made(scene: Scene, provider: Scripted) -> None:
    create_line(administrator=scene.cast.alla, name="Another")


@command(sent, copy_line)
def a_line_is_copied(scene: Scene, provider: Scripted) -> None:
    copy_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


@command(offered, archive_line)
def a_line_is_archived_with_its_dialogs(scene: Scene, provider: Scripted) -> None:
    archive_line(administrator=scene.cast.alla, line=scene.line, finishes_dialogs=True, now=scene.now)


def archived(scene: Scene) -> None:
    archive_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


@command(archived, restore_line)
def a_line_is_restored(scene: Scene, provider: Scripted) -> None:
    restore_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


def unsupervised(scene: Scene) -> None:
    sent(scene)
    scene.line.supervisors.clear()


@command(unsupervised, create_line_group)
def a_line_gets_a_group_with_a_supervisor(scene: Scene, provider: Scripted) -> None:
    create_line_group(
        administrator=scene.cast.alla,
        name="VIP",
        supervisor_ids=[scene.cast.sergey.pk],
        line_ids=[scene.line.pk],
        now=scene.now,
    )


def supervised_by_its_group(scene: Scene) -> None:
    sent(scene)
    scene.line.supervisors.clear()
    scene.line.group = LineGroup.objects.create(name="VIP")
    scene.line.group.supervisors.add(scene.cast.sergey)
    scene.line.save(update_fields=["group"])


@command(supervised_by_its_group, change_line_group)
def a_group_loses_its_supervisor(scene: Scene, provider: Scripted) -> None:
    group = LineGroup.objects.get()
    change_line_group(administrator=scene.cast.alla, group_id=group.pk, supervisor_ids=[], now=scene.now)


@command(supervised_by_its_group, change_line_group)
def a_line_leaves_its_group(scene: Scene, provider: Scripted) -> None:
    change_line_group(administrator=scene.cast.alla, group_id=LineGroup.objects.get().pk, line_ids=[], now=scene.now)


@command(supervised_by_its_group, remove_line_group)
def a_group_of_lines_is_removed(scene: Scene, provider: Scripted) -> None:
    remove_line_group(administrator=scene.cast.alla, group_id=LineGroup.objects.get().pk, now=scene.now)


@command(supervised_by_its_group, change_line)
def a_line_gets_another_group(scene: Scene, provider: Scripted) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, group=None)


@command(queued, change_queue, offer_waiting)
def a_queue_stops_asking_who_is_there(scene: Scene, provider: Scripted) -> None:
    change_queue(administrator=scene.cast.alla, queue=Queue.objects.get(line=scene.line), checks_presence=False)


# Hours


def closed(scene: Scene, *special_days: SpecialHours) -> None:
    """The line opens the day after tomorrow, and says so."""
    opening = SpecialHours(date=scene.later(days=2).date(), intervals=[["00:00", "24:00"]])
    hours = NewHours(is_enabled=True, time_zone="UTC", weekly=[[]] * 7, special_days=[opening, *special_days])
    change_hours(administrator=scene.cast.alla, line=scene.line, hours=hours, now=scene.now)
    text = {"off_hours_action": Line.Action.TEXT, "off_hours_text": "We answer {opening}."}
    Queue.objects.filter(line=scene.line).update(**text)


def waiting_for_the_opening(scene: Scene) -> None:
    closed(scene)
    anna_writes(scene)
    assert scene.dialog.state == "QUEUED"


def active_and_closed(scene: Scene) -> None:
    """Olga has taken the dialog, and the line has closed."""
    active(scene)
    closed(scene)


@command(closed, receive_messages)
def a_client_writes_outside_the_hours(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene)


@command(active_and_closed, tell_who_writes_on)
def a_client_goes_on_outside_the_hours(scene: Scene, provider: Scripted) -> None:
    anna_writes(scene, "And one more thing")
    assert scene.dialog.messages.filter(author_kind=Message.Author.BOT, text__startswith="We answer").exists()


@command(waiting_for_the_opening, offer_at_opening, offer_waiting)
def a_line_opens(scene: Scene, provider: Scripted) -> None:
    with time_machine.travel(scene.later(days=2), tick=False):
        fire_due_timers(now=scene.later(days=2))


@command(waiting_for_the_opening, change_hours, offer_waiting)
def a_line_has_no_hours_any_more(scene: Scene, provider: Scripted) -> None:
    hours = NewHours(is_enabled=False, time_zone="UTC", weekly=[[]] * 7)
    change_hours(administrator=scene.cast.alla, line=scene.line, hours=hours, now=scene.now)


@command(active, create_quick_reply, change_quick_reply, remove_quick_reply)
def an_operator_keeps_a_quick_reply(scene: Scene, provider: Scripted) -> None:
    reply = create_quick_reply(actor=scene.cast.olga, text="Hello!", now=scene.now)
    change_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, title="Greeting", now=scene.now)
    remove_quick_reply(quick_reply_id=reply.pk, actor=scene.cast.olga, now=scene.now)


# Staff


@command(offered, hand_on_dialogs_of)
def an_operator_leaves_with_an_offer(scene: Scene, provider: Scripted) -> None:
    set_active(administrator=scene.cast.alla, member_id=scene.cast.olga.pk, is_active=False)


@command(sent, change_member)
def an_operator_becomes_a_supervisor(scene: Scene, provider: Scripted) -> None:
    change_member(
        administrator=scene.cast.alla,
        member_id=scene.cast.oleg.pk,
        first_name="Oleg",
        last_name="Orlov",
        role=User.Role.SUPERVISOR,
    )


@command(queued, save_line_settings, change_line, set_queue, change_queue)
def all_settings_of_a_line_are_saved(scene: Scene, provider: Scripted) -> None:
    save_line_settings(
        administrator=scene.cast.alla,
        line=scene.line,
        line_changes={"name": "Support", "access": Line.Access.LINE},
        queue_changes={"distribution": Queue.Distribution.ALL_AT_ONCE},
        places=[Place(operator_id=scene.cast.oleg.pk), Place(operator_id=scene.cast.mallory.pk, dialog_limit=3)],
        now=scene.now,
    )


@command(queued, set_queue_members)
def others_are_put_in_the_queue(scene: Scene, provider: Scripted) -> None:
    operators = [scene.cast.oleg.pk, scene.cast.mallory.pk]
    set_queue_members(administrator=scene.cast.alla, line=scene.line, operator_ids=operators)


@command(sent, record_client_delivered)
def a_client_has_got_everything(scene: Scene, provider: Scripted) -> None:
    record_client_delivered(dialog_id=scene.dialog.pk, seq=scene.dialog.last_seq)
