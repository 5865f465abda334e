"""Colleagues who are invited into dialogs, and those whom whispers call."""

import pytest

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.models import User
from crm.staff import set_active
from openlines.access import visible_dialogs
from openlines.console import listed_dialogs
from openlines.models import Chat, Dialog, Message
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import DialogAlreadyClosed
from openlines.services.lines import create_line
from openlines.services.participants import NotInvited, invite_operators, leave_dialog, remove_participant
from openlines.services.replies import NotYourDialog, retry_delivery, send_reply
from routing.models import Queue
from routing.services.answering import answer_dialog
from routing.services.transferring import return_to_queue, take_over, transfer_dialog
from routing.types import ToLine, ToOperator
from tests.committing import committed
from tests.factories import make_user
from tests.scenes import Scene, active, anna_writes, nobody_there, offered, queued, reply, sent

pytestmark = pytest.mark.row("D4")

STAFF = Message.Visibility.STAFF


def invite(scene: Scene, *names: str, by: str = "olga") -> Dialog:
    ids = [getattr(scene.cast, name).pk for name in names or ("mallory",)]
    with committed():
        invite_operators(
            dialog_id=scene.dialog.pk, actor=getattr(scene.cast, by), operator_ids=ids, now=scene.now
        )  # fmt: skip
    return scene.dialog


def lines_of(dialog: Dialog) -> list[tuple[str, dict[str, object]]]:
    found = dialog.messages.filter(author_kind="SYSTEM").order_by("seq")
    return [(line.payload["service"]["code"], line.payload["service"]["params"]) for line in found]


def may_see(scene: Scene, user: User) -> bool:
    return visible_dialogs(user).filter(pk=scene.dialog.pk).exists()


def test_who_is_invited_sees_the_dialog_and_writes_to_the_client(scene):
    active(scene)
    assert not may_see(scene, scene.cast.mallory)

    dialog = invite(scene)
    message, _is_new = send_reply(dialog_id=dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)

    assert lines_of(dialog)[-1] == ("OPERATOR_INVITED", {"operator": "Mallory", "by": "Olga"})
    assert (message.visibility, message.delivery_state) == ("PUBLIC", "QUEUED")
    assert listed_dialogs(scene.cast.mallory, tab="mine").get() == dialog
    dialog.refresh_from_db()
    assert (dialog.owner_id, dialog.participant_ids) == (scene.cast.olga.pk, [scene.cast.mallory.pk])


def test_a_client_comes_back_to_the_operator_and_not_to_who_helped(scene):
    active(scene)
    invite(scene)
    send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)

    assert Chat.objects.get(external_id="anna").last_operator == scene.cast.olga


def test_an_answer_of_a_participant_frees_the_place_of_the_owner(scene, monkeypatch):
    filled: list[list[int]] = []
    monkeypatch.setattr("routing.subscribers.fill_places", lambda operator_ids, now: filled.append(list(operator_ids)))
    active(scene)
    invite(scene)

    with committed():
        send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)

    assert filled == [sorted([scene.cast.olga.pk, scene.cast.mallory.pk])]


def test_inviting_somebody_twice_or_the_owner_changes_nothing(scene):
    active(scene)
    before = invite(scene).revision

    dialog = invite(scene, "mallory", "olga")

    assert (dialog.participant_ids, dialog.revision) == ([scene.cast.mallory.pk], before)


def test_only_the_operator_and_supervisors_decide_who_joins(scene):
    active(scene)
    invite(scene)

    with pytest.raises(NotAllowed):
        invite(scene, "oleg", by="mallory")
    with pytest.raises(NotFound):
        invite(scene, "mallory", by="oleg")
    assert invite(scene, "oleg", by="sergey").participant_ids == [scene.cast.mallory.pk, scene.cast.oleg.pk]


@pytest.mark.parametrize("who", [[], [999_999], ["stranger"], ["oleg", "stranger"]])
def test_only_colleagues_who_work_with_clients_can_be_invited(scene, who):
    active(scene)
    ids = [getattr(scene.cast, one).pk if isinstance(one, str) else one for one in who]

    with pytest.raises(InvalidInput) as refusal:
        invite_operators(dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_ids=ids, now=scene.now)

    assert list(refusal.value.fields) == ["operator_ids"]
    assert scene.dialog.participant_ids == []


def test_a_dialog_has_room_for_twenty(scene):
    active(scene)
    many = [make_user(f"helper{number}", User.Role.OPERATOR).pk for number in range(21)]

    with pytest.raises(InvalidInput):
        invite_operators(dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_ids=many, now=scene.now)


def test_a_closed_dialog_takes_nobody_in_and_forgets_nobody(scene):
    sent(scene)
    invite(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    with pytest.raises(DialogAlreadyClosed):
        invite(scene, "oleg")
    assert may_see(scene, scene.cast.mallory)
    with pytest.raises(DialogAlreadyClosed):
        send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)


def test_who_leaves_sees_it_no_more(scene):
    active(scene)
    invite(scene)

    leave_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, now=scene.now)

    assert lines_of(scene.dialog)[-1] == ("OPERATOR_LEFT", {"operator": "Mallory"})
    assert not may_see(scene, scene.cast.mallory)
    with pytest.raises(NotFound):
        leave_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, now=scene.now)
    with pytest.raises(NotInvited):
        leave_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def test_who_is_sent_away_sees_it_no_more(scene):
    active(scene)
    invite(scene)

    def send_away(by: User) -> None:
        who = scene.cast.mallory.pk
        remove_participant(dialog_id=scene.dialog.pk, actor=by, operator_id=who, now=scene.now)

    with pytest.raises(NotAllowed):
        send_away(scene.cast.mallory)
    send_away(scene.cast.olga)
    revision = scene.dialog.revision
    send_away(scene.cast.olga)

    assert lines_of(scene.dialog)[-1] == ("OPERATOR_REMOVED", {"operator": "Mallory", "by": "Olga"})
    assert not may_see(scene, scene.cast.mallory)
    assert scene.dialog.revision == revision


def test_who_becomes_the_owner_is_no_participant(scene):
    active(scene)
    invite(scene, "mallory", "sergey")

    transfer_dialog(
        dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=ToOperator(scene.cast.mallory.pk), now=scene.now
    )
    assert (scene.dialog.owner, scene.dialog.participant_ids) == (scene.cast.mallory, [scene.cast.sergey.pk])
    take_over(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now)
    assert (scene.dialog.owner, scene.dialog.participant_ids) == (scene.cast.sergey, [])


def test_participants_stay_while_it_waits_in_the_queue_and_may_take_it(scene):
    active(scene)
    invite(scene)
    nobody_there(scene)
    return_to_queue(dialog_id=scene.dialog.pk, actor=scene.cast.olga, now=scene.now)
    assert scene.dialog.state == "QUEUED"

    with pytest.raises(NotYourDialog):
        send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)
    answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, now=scene.now)

    assert (scene.dialog.owner, scene.dialog.participant_ids) == (scene.cast.mallory, [])


def test_another_line_ends_invitations(scene):
    active(scene)
    invite(scene)
    other = create_line(administrator=scene.cast.alla, name="Warehouse")

    transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=ToLine(other.pk), now=scene.now)

    assert scene.dialog.participant_ids == []
    assert not may_see(scene, scene.cast.mallory)


def test_who_no_longer_works_here_is_out_of_open_dialogs(scene):
    active(scene)
    invite(scene, "mallory", "sergey")

    with committed():
        set_active(administrator=scene.cast.alla, member_id=scene.cast.mallory.pk, is_active=False)

    assert scene.dialog.participant_ids == [scene.cast.sergey.pk]
    assert lines_of(scene.dialog)[-1] == ("OPERATOR_LEFT", {"operator": "Mallory"})


def test_participants_are_nobody_s_load(scene):
    """Mallory may have one dialog at once and is invited into Anna's: the next one is hers all the same."""
    Queue.objects.update(distribution=Queue.Distribution.STRICTLY)
    active(scene)
    invite(scene, "oleg")
    User.objects.filter(pk=scene.cast.oleg.pk).update(dialog_limit=1)
    User.objects.filter(pk=scene.cast.olga.pk).update(dialog_limit=1)

    anna_writes(scene, "Another", chat_external_id="boris", external_id="boris-1")

    assert Dialog.objects.get(chat__external_id="boris").offered_to == [scene.cast.oleg.pk]


def test_a_participant_sends_again_what_failed(scene):
    active(scene)
    invite(scene)
    message, _is_new = send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.mallory, text="Hello", now=scene.now)
    Message.objects.filter(pk=message.pk).update(delivery_state="FAILED")

    assert retry_delivery(message_id=message.pk, operator=scene.cast.mallory).delivery_state == "QUEUED"


# Mentions


@pytest.mark.row("D10")
def test_a_whisper_keeps_whom_it_calls(scene):
    active(scene)
    sergey = scene.cast.sergey.pk

    message = reply(scene, "@Sergey, may I?", visibility=STAFF, mentions=[sergey, sergey])

    assert message.payload == {"mentions": [sergey]}
    assert scene.dialog.participant_ids == []


@pytest.mark.row("D10")
def test_who_could_not_see_it_is_invited_with_the_call(scene):
    active(scene)

    reply(scene, "Do you know?", visibility=STAFF, mentions=[scene.cast.mallory.pk])

    assert scene.dialog.participant_ids == [scene.cast.mallory.pk]
    assert lines_of(scene.dialog)[-1][0] == "OPERATOR_INVITED"


@pytest.mark.row("D10")
def test_a_participant_can_t_let_others_in_by_calling_them(scene):
    active(scene)
    invite(scene)
    whisper = {"operator": scene.cast.mallory, "text": "Oleg?", "visibility": STAFF, "now": scene.now}

    with pytest.raises(InvalidInput, match="Oleg can't see this dialog"):
        send_reply(dialog_id=scene.dialog.pk, mentions=[scene.cast.oleg.pk], **whisper)
    send_reply(dialog_id=scene.dialog.pk, mentions=[scene.cast.olga.pk], **whisper)

    assert scene.dialog.participant_ids == [scene.cast.mallory.pk]


@pytest.mark.row("D10")
def test_nobody_is_let_in_into_what_is_closed(scene):
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    with pytest.raises(InvalidInput):
        reply(scene, "Do you know?", visibility=STAFF, mentions=[scene.cast.mallory.pk])


@pytest.mark.row("D10")
def test_a_message_to_the_client_calls_nobody(scene):
    active(scene)

    with pytest.raises(InvalidInput) as refusal:
        reply(scene, "Hello", mentions=[scene.cast.sergey.pk])

    assert list(refusal.value.fields) == ["mentions"]
    assert not Message.objects.filter(author=scene.cast.olga).exists()


@pytest.mark.row("D10")
@pytest.mark.parametrize("who", ["stranger", 999_999])
def test_only_colleagues_who_work_with_clients_are_called(scene, who):
    active(scene)
    pk = who if isinstance(who, int) else getattr(scene.cast, who).pk

    with pytest.raises(InvalidInput):
        reply(scene, "You?", visibility=STAFF, mentions=[pk])


def test_a_supervisor_invites_into_what_nobody_has_yet(scene):
    offered(scene)

    assert invite(scene, by="sergey").participant_ids == [scene.cast.mallory.pk]


def test_participants_of_a_waiting_dialog_hear_of_it(scene):
    queued(scene)
    invite(scene, by="sergey")

    assert may_see(scene, scene.cast.mallory)
