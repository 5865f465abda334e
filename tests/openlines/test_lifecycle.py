"""The end of a dialog, whoever brings it about; pins; what has been read."""

from datetime import timedelta

import pytest

from common.errors import NotAllowed, NotFound
from openlines.models import Dialog, Line, Message, Timer
from openlines.services.closing import finish_dialog
from openlines.services.delivering import record_client_delivered, record_client_read, record_delivery
from openlines.services.leads import LeadExists, create_lead_by_hand
from openlines.services.lifecycle import DialogAlreadyClosed, mark_read, pin_dialog
from openlines.services.timers import fire_due_timers
from routing.services.answering import answer_dialog
from tests.factories import Cast
from tests.scenes import Scene, active, anna_writes, answered, carry_all, hand_to, offered, queued, reply, sent


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


def finish(scene: Scene, who: str = "olga", **how: bool) -> Dialog:
    return finish_dialog(dialog_id=scene.dialog.pk, operator=getattr(scene.cast, who), now=scene.now, **how)


# Finishing


@pytest.mark.row("D8")
def test_finishing_says_goodbye(scene):
    sent(scene)

    finish(scene)

    dialog = scene.dialog
    assert feed(dialog)[-2:] == [scene.line.closing_text, "DIALOG_FINISHED"]
    assert (dialog.state, dialog.close_reason, dialog.closed_at) == ("CLOSED", "OPERATOR", scene.now)
    assert (dialog.owner, dialog.unread, dialog.waiting_since) == (scene.cast.olga, 0, None)
    assert not dialog.timers.exists()
    assert Message.objects.get(text=scene.line.closing_text).delivery_state == "QUEUED"


@pytest.mark.row("D8")
def test_spam_ends_without_a_word_to_the_client(scene):
    active(scene)

    finish(scene, as_spam=True)

    assert feed(scene.dialog)[-1] == "MARKED_AS_SPAM"
    assert scene.dialog.close_reason == "SPAM"
    assert not Message.objects.filter(text=scene.line.closing_text).exists()


@pytest.mark.row("D8")
@pytest.mark.parametrize("changes", [{"closing_action": "NONE"}, {"closing_text": ""}])
def test_a_line_without_a_closing_text_ends_quietly(scene, changes):
    Line.objects.update(**changes)
    sent(scene)

    finish(scene)

    assert feed(scene.dialog)[-1] == "DIALOG_FINISHED"
    assert Message.objects.filter(author_kind="BOT").count() == 1


@pytest.mark.row("D8")
def test_nothing_is_said_to_somebody_who_blocked_us(scene):
    sent(scene)
    type(scene.dialog.client).objects.update(is_reachable=False)

    finish(scene)

    assert feed(scene.dialog)[-2:] == ["Good morning", "DIALOG_FINISHED"]


@pytest.mark.row("D8")
def test_a_dialog_ends_once(scene):
    sent(scene)
    finish(scene)
    before = scene.dialog.revision

    for who in ("olga", "sergey", "alla"):
        with pytest.raises(DialogAlreadyClosed):
            finish(scene, who)
    assert scene.dialog.revision == before


@pytest.mark.row("L4")
def test_only_the_owner_and_supervisors_end_a_dialog(scene):
    Line.objects.update(access=Line.Access.LINE)
    sent(scene)

    with pytest.raises(NotAllowed):
        finish(scene, "oleg")
    with pytest.raises(NotFound):
        finish(scene, "mallory")
    finish(scene, "sergey")

    assert scene.dialog.owner == scene.cast.olga, "the owner stays on record"


@pytest.mark.row("D8")
@pytest.mark.parametrize("before", [offered, queued])
def test_what_nobody_has_answered_can_be_ended_by_a_supervisor(scene, before):
    before(scene)

    with pytest.raises(NotAllowed):
        finish(scene, "olga")
    finish(scene, "sergey", as_spam=True)

    assert (scene.dialog.owner, scene.dialog.offered_to) == (None, [])


@pytest.mark.row("A6")
def test_the_closing_text_knows_the_client_the_operator_and_the_number(scene):
    Line.objects.update(closing_text="Bye, {client}! {operator} was glad to help with {number}{nonsense}.")
    sent(scene)

    finish(scene)

    text = feed(scene.dialog)[-2]
    assert text == f"Bye, Anna! Olga was glad to help with {scene.dialog.pk}{{nonsense}}."


# Silence


@pytest.mark.row("A4")
def test_silence_after_our_answer_ends_the_dialog(scene):
    sent(scene)

    fire_due_timers(now=scene.later(minutes=59))
    assert scene.dialog.is_open
    fire_due_timers(now=scene.later(minutes=60))

    dialog = scene.dialog
    assert (dialog.close_reason, dialog.closed_at) == ("SILENCE", scene.later(minutes=60))
    assert feed(dialog)[-2:] == [scene.line.silence_text, "CLOSED_BY_SILENCE"]
    assert dialog.messages.latest("seq").payload["service"]["params"] == {"minutes": 60}


@pytest.mark.row("A4")
def test_a_client_who_waits_is_never_silent(scene):
    sent(scene)
    anna_writes(scene, "And?")

    fire_due_timers(now=scene.later(days=30))

    assert scene.dialog.is_open


@pytest.mark.row("A4")
def test_each_of_our_answers_starts_the_clock_anew(scene):
    sent(scene)
    first = Timer.objects.get(kind="silence").due_at
    later = Scene(scene.cast, scene.line, scene.channel, scene.later(minutes=30))

    reply(later, "Are you still there?")

    assert Timer.objects.get(kind="silence").due_at == first + timedelta(minutes=30)


@pytest.mark.row("A4")
def test_a_line_may_leave_silent_dialogs_open(scene):
    Line.objects.update(is_closed_by_silence=False)
    sent(scene)

    assert not Timer.objects.filter(kind="silence").exists()


@pytest.mark.row("A4")
def test_a_whisper_or_a_service_line_does_not_break_the_silence(scene):
    sent(scene)
    due = Timer.objects.get(kind="silence").due_at

    reply(scene, "Waiting for Anna", visibility=Message.Visibility.STAFF)

    assert Timer.objects.get(kind="silence").due_at == due


@pytest.mark.row("D7")
def test_a_pinned_dialog_outlasts_silence(scene):
    sent(scene)
    pin(scene, is_pinned=True)
    assert not Timer.objects.filter(kind="silence").exists()

    reply(scene, "One more thing")
    fire_due_timers(now=scene.later(days=30))
    assert scene.dialog.is_open

    pin(scene, is_pinned=False)
    fire_due_timers(now=scene.later(days=30))
    assert scene.dialog.close_reason == "SILENCE"


def pin(scene: Scene, who: str = "olga", *, is_pinned: bool) -> None:
    pin_dialog(dialog_id=scene.dialog.pk, operator=getattr(scene.cast, who), is_pinned=is_pinned, now=scene.now)


@pytest.mark.row("D7")
def test_only_the_owner_and_supervisors_pin(scene):
    Line.objects.update(access=Line.Access.LINE)
    sent(scene)

    with pytest.raises(NotAllowed):
        pin(scene, "oleg", is_pinned=True)
    with pytest.raises(NotFound):
        pin(scene, "mallory", is_pinned=True)
    pin(scene, "sergey", is_pinned=True)
    finish(scene)
    with pytest.raises(DialogAlreadyClosed):
        pin(scene, is_pinned=False)


# Reading


@pytest.mark.row("D12")
def test_the_owner_reads_up_to_a_message(scene):
    active(scene)
    for text in ("One", "Two", "Three"):
        anna_writes(scene, text)
    assert scene.dialog.unread == 4
    second = scene.dialog.messages.get(text="Two").seq

    mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.olga, seq=second)
    assert (scene.dialog.unread, scene.dialog.operator_read_seq) == (1, second)
    mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.olga, seq=1)
    assert scene.dialog.operator_read_seq == second, "only forward"
    mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.olga, seq=10**9)

    assert (scene.dialog.unread, scene.dialog.operator_read_seq) == (0, scene.dialog.last_seq)


@pytest.mark.row("D12")
def test_what_a_supervisor_looks_at_is_not_read(scene):
    active(scene)
    before = scene.dialog.revision

    mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, seq=1)

    assert (scene.dialog.unread, scene.dialog.revision) == (1, before)
    with pytest.raises(NotFound):
        mark_read(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, seq=1)


@pytest.mark.row("D12")
def test_who_answers_has_read(scene):
    active(scene)

    reply(scene, "Good morning")

    assert (scene.dialog.unread, scene.dialog.operator_read_seq) == (0, scene.last_reply.seq - 1)


@pytest.mark.row("D6")
def test_what_was_unread_stays_unread_for_the_next_owner(scene):
    active(scene)

    hand_to(scene, scene.cast.oleg, by=scene.cast.olga)

    assert scene.dialog.unread == 1


@pytest.mark.row("D12")
def test_ticks_only_go_forward(scene):
    sent(scene)
    message = scene.last_reply

    for state in ("DELIVERED", "SENT", "READ", "DELIVERED", "FAILED", "UNKNOWN"):
        record_delivery(message_id=message.pk, state=state)

    message.refresh_from_db()
    assert message.delivery_state == "READ"


@pytest.mark.row("D12")
def test_a_late_truth_mends_what_was_not_known(scene):
    answered(scene)
    message = scene.last_reply

    record_delivery(message_id=message.pk, state="UNKNOWN", error="UNKNOWN")
    record_delivery(message_id=message.pk, state="DELIVERED", external_parts=["77"])

    message.refresh_from_db()
    assert (message.delivery_state, message.delivery_error, message.external_id) == ("DELIVERED", "", "77")


@pytest.mark.row("D12")
def test_the_client_has_read_everything_up_to_a_message(scene):
    answered(scene)
    first = scene.last_reply
    second = reply(scene, "One more")

    record_client_read(dialog_id=scene.dialog.pk, seq=first.seq)
    carry_all(scene)
    record_client_read(dialog_id=scene.dialog.pk, seq=1)

    states = dict(Message.objects.filter(author=scene.cast.olga).values_list("text", "delivery_state"))
    assert states == {"Good morning": "READ", second.text: "SENT"}
    assert scene.dialog.client_read_seq == first.seq


@pytest.mark.row("D12")
def test_what_the_client_has_got_is_delivered_but_not_read(scene):
    sent(scene)

    record_client_delivered(dialog_id=scene.dialog.pk, seq=scene.dialog.last_seq)
    before = scene.dialog.revision
    record_client_delivered(dialog_id=scene.dialog.pk, seq=scene.dialog.last_seq)

    assert scene.last_reply.delivery_state == "DELIVERED"
    assert scene.dialog.revision == before


# Leads


@pytest.mark.row("K2")
def test_a_lead_by_hand_is_its_maker_s(scene):
    Line.objects.update(lead_rule=Line.LeadRule.BY_HAND)
    active(scene)

    lead = create_lead_by_hand(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, now=scene.now)

    assert (lead.title, lead.responsible, scene.dialog.lead) == ("Anna", scene.cast.olga, lead)
    assert feed(scene.dialog)[-1] == "LEAD_CREATED"
    with pytest.raises(LeadExists):
        create_lead_by_hand(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    with pytest.raises(NotFound):
        create_lead_by_hand(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, now=scene.now)


@pytest.mark.row("R4")
def test_answering_after_the_client_was_served_does_not_start_the_clock_of_silence(scene: Scene, cast: Cast):
    offered(scene)

    answer_dialog(dialog_id=scene.dialog.pk, operator=cast.olga, now=scene.now)

    assert not Timer.objects.filter(kind="silence").exists(), "the client waits for us"
