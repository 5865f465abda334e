"""What operators write: once, to the client or to colleagues only, edited, deleted, sent again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from channels_connectors.models import Delivery
from common.errors import DomainError, InvalidInput, NotAllowed, NotFound
from openlines.means import ReplyWindowClosed
from openlines.models import Attachment, Chat, Dialog, Line, Message
from openlines.queries import outgoing_message
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import DialogAlreadyClosed
from openlines.services.replies import (
    MAX_ATTACHMENTS,
    MAX_TEXT,
    ClientUnreachable,
    NotYourDialog,
    delete_reply,
    edit_reply,
    retry_delivery,
    send_reply,
)
from openlines.types import Means, MediaLimit, TextFormat
from tests.factories import make_cast, make_channel, make_line, write
from tests.scenes import Scene, active, answered, offered, queued, reply, sent

STAFF = Message.Visibility.STAFF


def upload(scene: Scene, *, by: Any = None, **fields: Any) -> Attachment:
    values = {"uploaded_by": by or scene.cast.olga, "file": "attachments/a", "name": "a.pdf", "size": 3} | fields
    return Attachment.objects.create(**values)


# Once


@pytest.mark.row("D1")
def test_a_reply_is_stored_and_queued_in_one_go(scene):
    active(scene)

    message = reply(scene, "  Good morning  ")

    assert (message.text, message.author, message.delivery_state) == ("Good morning", scene.cast.olga, "QUEUED")
    assert Delivery.objects.get(message=message).state == "QUEUED"
    dialog = scene.dialog
    assert (dialog.waiting_since, dialog.unread, dialog.first_replied_at) == (None, 0, scene.now)
    assert (dialog.preview_author, dialog.preview_text) == ("OPERATOR", "Good morning")
    assert Chat.objects.get().last_operator == scene.cast.olga


@pytest.mark.row("D12")
def test_the_same_command_again_gives_the_same_message(scene):
    active(scene)
    command = uuid4()

    results = [_send(scene, "Hi", command_id=command) for _ in range(3)]

    assert [is_new for _message, is_new in results] == [True, False, False]
    assert {message.pk for message, _is_new in results} == {scene.last_reply.pk}
    assert Delivery.objects.filter(message=scene.last_reply).count() == 1


def _send(scene: Scene, text: str, **fields: Any) -> tuple[Message, bool]:
    return send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.olga, text=text, now=scene.now, **fields)


@pytest.mark.row("D12")
def test_the_same_command_of_another_operator_is_another(scene):
    active(scene)
    command = uuid4()
    reply(scene, "Hi", command_id=command)

    message, is_new = send_reply(
        dialog_id=scene.dialog.pk, operator=scene.cast.sergey, text="Me too", now=scene.now, command_id=command
    )

    assert (is_new, message.text) == (True, "Me too")


@pytest.mark.row("D12")
def test_a_command_whose_answer_was_lost_is_answered_even_after_the_end(scene):
    active(scene)
    command = uuid4()
    message = reply(scene, "Bye", command_id=command)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    assert _send(scene, "Bye", command_id=command) == (message, False)


@pytest.mark.row("D12")
def test_without_a_command_id_every_call_is_a_message(scene):
    active(scene)

    assert reply(scene, "Hi").pk != reply(scene, "Hi").pk


@pytest.fixture
def real_dialog(transactional_db: None) -> tuple[Any, Dialog]:
    cast = make_cast()
    scene = Scene(cast, line := make_line(cast), make_channel(cast, line), timezone.now())
    dialog = write(scene.channel, "Hello")
    Dialog.objects.filter(pk=dialog.pk).update(state="ACTIVE", owner=cast.olga, offered_to=[])
    return cast, dialog


@pytest.mark.row("D12")
def test_the_same_command_from_several_threads_at_once_is_one_message(real_dialog):
    cast, dialog = real_dialog
    commands = [uuid4() for _ in range(10)]

    def send(command_id: UUID) -> int:
        try:
            message, _is_new = send_reply(
                dialog_id=dialog.pk, operator=cast.olga, text="Hi", now=dialog.opened_at, command_id=command_id
            )
            return message.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(send, [command for command in commands for _ in range(3)]))

    assert len(set(ids)) == 10
    assert Message.objects.filter(author=cast.olga).count() == 10
    assert Delivery.objects.filter(message__author=cast.olga).count() == 10
    seqs = list(dialog.messages.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


# Who may


@pytest.mark.row("D2")
@pytest.mark.parametrize("before", [offered, queued])
def test_a_dialog_must_be_answered_first(scene, before):
    before(scene)

    for who in (scene.cast.olga, scene.cast.sergey):
        with pytest.raises(NotYourDialog):
            send_reply(dialog_id=scene.dialog.pk, operator=who, text="Hi", now=scene.now)


@pytest.mark.row("L4")
def test_strangers_and_colleagues_without_access_find_nothing(scene):
    active(scene)

    for name in ("oleg", "mallory", "stranger"):
        for visibility in Message.Visibility.values:
            who = getattr(scene.cast, name)
            with pytest.raises(NotFound):
                send_reply(dialog_id=scene.dialog.pk, operator=who, text="Hi", visibility=visibility, now=scene.now)
    assert not Message.objects.filter(author_kind="OPERATOR").exists()


@pytest.mark.row("L4")
def test_a_colleague_who_may_look_may_whisper_but_not_write(scene):
    Line.objects.update(access=Line.Access.LINE)
    active(scene)

    with pytest.raises(NotYourDialog):
        send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, text="Hi", now=scene.now)
    send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, text="Careful", visibility=STAFF, now=scene.now)

    assert scene.last_reply.text == "Careful"


def test_who_blocked_us_can_not_be_written_to_but_whispered_about(scene):
    active(scene)
    type(scene.dialog.client).objects.update(is_reachable=False)

    with pytest.raises(ClientUnreachable):
        reply(scene, "Hi")
    reply(scene, "Has blocked us", visibility=STAFF)


def test_what_is_closed_takes_notes_but_no_messages(scene):
    active(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    with pytest.raises(DialogAlreadyClosed):
        reply(scene, "One more thing")
    note = reply(scene, "Was friendly", visibility=STAFF)

    assert note.seq == scene.dialog.last_seq


# What


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_is_no_message(scene, text):
    active(scene)

    with pytest.raises(InvalidInput) as refused:
        reply(scene, text)
    assert list(refused.value.fields) == ["text"]


def test_the_longest_text_fits_and_one_more_letter_does_not(scene):
    active(scene)

    assert len(reply(scene, "ё" * MAX_TEXT).text) == MAX_TEXT
    with pytest.raises(InvalidInput, match="10000"):
        reply(scene, "ё" * (MAX_TEXT + 1))


@pytest.mark.row("D10")
def test_files_go_along_in_their_order(scene):
    active(scene)
    first, second = upload(scene, kind="IMAGE"), upload(scene)

    message = reply(scene, "", attachment_ids=[second.pk, first.pk])

    assert list(message.attachments.order_by("position")) == [second, first]
    assert (message.kind, message.has_attachments) == ("FILE", True)


@pytest.mark.row("D10")
def test_other_people_s_files_missing_ones_and_sent_ones_are_refused(scene):
    active(scene)
    own, foreign = upload(scene), upload(scene, by=scene.cast.oleg)
    sent_one = upload(scene)
    reply(scene, "", attachment_ids=[sent_one.pk])

    for wrong in (foreign.pk, sent_one.pk, uuid4()):
        with pytest.raises(InvalidInput) as refused:
            reply(scene, "Look", attachment_ids=[own.pk, wrong])
        assert list(refused.value.fields) == ["attachments"]
    own.refresh_from_db()
    assert own.message is None
    assert not Message.objects.filter(text="Look").exists()


def test_a_client_s_upload_is_not_an_operator_s(scene):
    active(scene)
    visitors = upload(scene, uploaded_by=None, uploaded_in=scene.channel, uploader_key="anna")

    with pytest.raises(InvalidInput):
        reply(scene, "Look", attachment_ids=[visitors.pk])


def test_too_many_files_are_refused(scene):
    active(scene)

    with pytest.raises(InvalidInput):
        reply(scene, "", attachment_ids=[upload(scene).pk for _ in range(MAX_ATTACHMENTS + 1)])


def test_the_same_file_twice_in_one_message_is_refused_or_sent_once(scene):
    active(scene)
    file = upload(scene)

    message = reply(scene, "", attachment_ids=[file.pk, file.pk])

    assert message.attachments.count() == 1


@pytest.mark.row("D10")
def test_a_quote_must_be_something_the_client_can_see_in_this_chat(scene):
    active(scene)
    whisper = reply(scene, "Careful", visibility=STAFF)
    elsewhere = write(scene.channel, "Hi", sender="Boris").messages.first()
    service = scene.dialog.messages.filter(author_kind="SYSTEM").first()

    for wrong in (whisper.pk, elsewhere.pk, service.pk, 0):
        with pytest.raises(InvalidInput) as refused:
            reply(scene, "Yes", reply_to_id=wrong)
        assert list(refused.value.fields) == ["reply_to"]
    assert reply(scene, "Yes", reply_to_id=scene.dialog.messages.get(seq=1).pk).reply_to.text == "Hello"


# Whispers


@pytest.mark.row("D5")
def test_a_whisper_changes_nothing_for_the_client(scene):
    active(scene)
    before = scene.dialog

    whisper = reply(scene, "Careful", visibility=STAFF)

    after = scene.dialog
    assert whisper.delivery_state == ""
    assert not Delivery.objects.filter(message=whisper).exists()
    for name in ("waiting_since", "unread", "first_replied_at", "preview_text", "last_message_at"):
        assert getattr(after, name) == getattr(before, name), name
    assert not after.timers.filter(kind="silence").exists()


@pytest.mark.row("D5")
def test_no_door_lets_a_whisper_or_a_service_line_out(scene):
    active(scene)
    whisper = reply(scene, "Careful", visibility=STAFF)
    service = scene.dialog.messages.filter(author_kind="SYSTEM").first()

    for secret in (whisper, service):
        with pytest.raises(ValueError, match="never leave"):
            outgoing_message(secret)
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=secret.pk).update(delivery_state="QUEUED")
        with pytest.raises(DomainError):
            retry_delivery(message_id=secret.pk, operator=scene.cast.olga)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=service.pk).update(visibility="PUBLIC")


@pytest.mark.row("D5")
def test_whispers_are_edited_and_deleted_among_ourselves(scene):
    active(scene)
    whisper = reply(scene, "Carefull", visibility=STAFF)

    edit_reply(message_id=whisper.pk, operator=scene.cast.olga, text="Careful", now=scene.now)
    delete_reply(message_id=whisper.pk, operator=scene.cast.olga, now=scene.now)

    assert not Delivery.objects.filter(message=whisper).exists()
    assert scene.dialog.preview_text == "Hello"


# Edits and deletions


@pytest.mark.row("C18")
def test_an_edit_goes_to_the_client_too(scene):
    sent(scene)

    message = edit_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, text=" Good evening ", now=scene.now)

    assert (message.text, message.edited_at) == ("Good evening", scene.now)
    assert Delivery.objects.get(message=message, action="EDIT").state == "QUEUED"
    assert scene.dialog.preview_text == "Good evening"


@pytest.mark.row("C18")
def test_an_edit_that_changes_nothing_is_no_edit(scene):
    sent(scene)
    before = scene.dialog.revision

    edit_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, text="Good morning ", now=scene.now)

    assert scene.dialog.revision == before
    assert not Delivery.objects.filter(action="EDIT").exists()


@pytest.mark.row("C18")
def test_only_one_s_own_words_can_be_changed(scene):
    sent(scene)
    clients, service = scene.clients_message, scene.dialog.messages.filter(author_kind="SYSTEM").first()

    for who, message in (
        (scene.cast.sergey, scene.last_reply),
        (scene.cast.alla, scene.last_reply),
        (scene.cast.olga, clients),
        (scene.cast.olga, service),
    ):
        with pytest.raises(NotAllowed):
            edit_reply(message_id=message.pk, operator=who, text="Changed", now=scene.now)
        with pytest.raises(NotAllowed):
            delete_reply(message_id=message.pk, operator=who, now=scene.now)
    with pytest.raises(NotFound):
        edit_reply(message_id=scene.last_reply.pk, operator=scene.cast.mallory, text="Changed", now=scene.now)
    with pytest.raises(NotFound):
        delete_reply(message_id=scene.last_reply.pk, operator=scene.cast.mallory, now=scene.now)


@pytest.mark.row("C18")
def test_a_message_can_not_be_edited_into_nothing_or_after_its_deletion(scene):
    sent(scene)
    message = scene.last_reply

    for text in ("", "x" * (MAX_TEXT + 1)):
        with pytest.raises(InvalidInput):
            edit_reply(message_id=message.pk, operator=scene.cast.olga, text=text, now=scene.now)
    delete_reply(message_id=message.pk, operator=scene.cast.olga, now=scene.now)
    with pytest.raises(NotAllowed):
        edit_reply(message_id=message.pk, operator=scene.cast.olga, text="Still here", now=scene.now)
    with pytest.raises(NotAllowed):
        delete_reply(message_id=message.pk, operator=scene.cast.olga, now=scene.now)


@pytest.mark.row("C18")
def test_the_words_beside_a_file_may_go(scene):
    active(scene)
    message = reply(scene, "Look", attachment_ids=[upload(scene).pk])

    assert edit_reply(message_id=message.pk, operator=scene.cast.olga, text="", now=scene.now).text == ""


@pytest.mark.row("C18")
def test_two_edits_before_the_first_is_sent_are_one_way(scene):
    answered(scene)

    for text in ("Good day", "Good evening"):
        edit_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, text=text, now=scene.now)

    assert Delivery.objects.filter(action="EDIT").count() == 1


# Second tries


@pytest.mark.row("D12")
def test_only_what_failed_or_is_not_known_can_be_sent_again(scene):
    answered(scene)
    message = scene.last_reply

    for state in ("QUEUED", "SENT", "DELIVERED", "READ"):
        Message.objects.filter(pk=message.pk).update(delivery_state=state)
        with pytest.raises(DomainError, match="not waiting"):
            retry_delivery(message_id=message.pk, operator=scene.cast.olga)
    Delivery.objects.update(state="FAILED")
    for state in ("FAILED", "UNKNOWN"):
        Message.objects.filter(pk=message.pk).update(delivery_state=state, delivery_error="PERMANENT")
        again = retry_delivery(message_id=message.pk, operator=scene.cast.olga)
        assert (again.delivery_state, again.delivery_error) == ("QUEUED", "")
    assert Delivery.objects.filter(message=message, state="QUEUED").count() == 1


@pytest.mark.row("D12")
def test_a_second_try_is_for_the_owner_and_supervisors(scene):
    Line.objects.update(access=Line.Access.LINE)
    answered(scene)
    Delivery.objects.update(state="FAILED")
    Message.objects.filter(pk=scene.last_reply.pk).update(delivery_state="FAILED")

    with pytest.raises(NotYourDialog):
        retry_delivery(message_id=scene.last_reply.pk, operator=scene.cast.oleg)
    with pytest.raises(NotFound):
        retry_delivery(message_id=scene.last_reply.pk, operator=scene.cast.mallory)
    retry_delivery(message_id=scene.last_reply.pk, operator=scene.cast.sergey)


@pytest.mark.row("D12")
def test_a_deleted_message_is_not_sent_again(scene):
    answered(scene)
    Delivery.objects.update(state="FAILED")
    Message.objects.filter(pk=scene.last_reply.pk).update(delivery_state="FAILED")
    delete_reply(message_id=scene.last_reply.pk, operator=scene.cast.olga, now=scene.now)

    with pytest.raises(DomainError):
        retry_delivery(message_id=scene.last_reply.pk, operator=scene.cast.olga)


# Marks, and what a channel can carry


@pytest.mark.row("D10")
def test_marks_stay_in_the_text_and_leave_as_formats(scene):
    active(scene)

    message = reply(scene, "An **oak** table", is_formatted=True)

    assert (message.text, message.payload) == ("An **oak** table", {"is_formatted": True})
    said = outgoing_message(message)
    assert (said.text, said.formats) == ("An oak table", (TextFormat("BOLD", 3, 6),))
    assert scene.dialog.preview_text == "An oak table"


@pytest.mark.row("D10")
def test_without_marks_nothing_is_formatted_and_marks_unasked_are_words(scene):
    active(scene)

    assert reply(scene, "2 * 2", is_formatted=True).payload == {}
    message = reply(scene, "**as it is**")
    assert outgoing_message(message).text == "**as it is**"


@pytest.mark.row("D10")
def test_an_edit_keeps_or_changes_whether_marks_count(scene):
    active(scene)
    message = reply(scene, "An **oak** table", is_formatted=True)

    edited = edit_reply(message_id=message.pk, operator=scene.cast.olga, text="An **elm** table", now=scene.now)
    assert edited.payload == {"is_formatted": True}
    edited = edit_reply(
        message_id=message.pk, operator=scene.cast.olga, text="An **elm** table", is_formatted=False, now=scene.now
    )
    assert edited.payload == {}
    assert scene.dialog.preview_text == "An **elm** table"


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The channel of the scene can do as little as a test says."""

    def narrow(**means: Any) -> None:
        monkeypatch.setattr("openlines.means.means_of", lambda channel: Means(**means))

    return narrow


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("unit", "text", "is_refused"),
    [
        ("characters", "😀" * 10, False),
        ("characters", "😀" * 11, True),
        ("utf16", "😀" * 5, False),
        ("utf16", "😀" * 6, True),
        ("bytes", "яяяяя", False),
        ("bytes", "яяяяяя", True),
    ],
)
def test_a_text_is_counted_as_its_channel_counts(scene, narrow, unit, text, is_refused):
    active(scene)
    narrow(text_length=10, length_unit=unit)

    if is_refused:
        with pytest.raises(InvalidInput) as refusal:
            reply(scene, text)
        assert "10" in str(refusal.value)
        assert reply(scene, text, visibility=STAFF).text == text
    else:
        assert reply(scene, text).text == text


@pytest.mark.row("D10")
def test_marks_don_t_count_and_long_texts_are_cut_where_the_channel_cuts_them(scene, narrow):
    active(scene)
    narrow(text_length=4)
    assert reply(scene, "**four**", is_formatted=True)

    narrow(text_length=4, is_split=True)
    assert reply(scene, "longer")


@pytest.mark.row("D10")
def test_files_go_only_where_and_as_large_as_the_channel_takes_them(scene, narrow):
    active(scene)
    narrow(attachments=False)
    with pytest.raises(InvalidInput):
        reply(scene, "", attachment_ids=[upload(scene).pk])

    narrow(upload_bytes=1024 * 1024)
    with pytest.raises(InvalidInput) as refusal:
        reply(scene, "", attachment_ids=[upload(scene, size=1024 * 1024 + 1).pk])
    assert "a.pdf" in str(refusal.value)
    assert reply(scene, "", attachment_ids=[upload(scene, size=1024 * 1024).pk])


@pytest.mark.row("D10")
@pytest.mark.row("C7")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#a #b #c #d #e", "hashtags"),
        ("https://a.example https://b.example", "links"),
        ("HELLO THERE", "capital"),
        ("x" * 301, "300"),
    ],
)
def test_what_public_places_refuse_is_refused_at_the_text(scene, narrow, text, words):
    active(scene)
    narrow(text_length=300, most_hashtags=4, most_links=1, capitals_refused=True)

    with pytest.raises(InvalidInput) as refusal:
        reply(scene, text)
    assert words in refusal.value.fields["text"][0]
    assert reply(scene, text, visibility=STAFF)
    assert reply(scene, "Hello #a #b #c #d https://a.example")


@pytest.mark.row("D10")
def test_kinds_of_files_have_limits_of_their_own(scene, narrow):
    active(scene)
    pdf = MediaLimit(kind="FILE", most_bytes=1024 * 1024, mimes=("application/pdf",))

    for limit in (replace(pdf, most_bytes=0), replace(pdf, mimes=("image/png",)), replace(pdf, most_bytes=1024)):
        narrow(media=(limit,))
        with pytest.raises(InvalidInput) as refusal:
            reply(scene, "", attachment_ids=[upload(scene, size=2048, mime="application/pdf").pk])
        assert "a.pdf" in refusal.value.fields["attachments"][0]

    narrow(media=(replace(pdf, mimes=()),))
    assert reply(scene, "", attachment_ids=[upload(scene, size=2048, mime="application/pdf").pk])


@pytest.mark.row("C19")
def test_people_may_answer_for_longer_where_the_channel_lets_them(scene, narrow):
    active(scene)
    narrow(reply_window_seconds=3600, operator_window_seconds=3 * 3600)

    late, too_late = scene.later(hours=2), scene.later(hours=4)
    assert send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.olga, text="Late", now=late)
    with pytest.raises(ReplyWindowClosed):
        send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.olga, text="Too late", now=too_late)


@pytest.mark.row("D10")
def test_after_the_channel_s_window_only_whispers_go(scene, narrow):
    active(scene)
    narrow(reply_window_seconds=3600)
    assert reply(scene, "In time")

    for visibility in ("PUBLIC", STAFF):
        command = {"visibility": visibility, "operator": scene.cast.olga, "text": "Late", "now": scene.later(hours=2)}
        if visibility == STAFF:
            assert send_reply(dialog_id=scene.dialog.pk, **command)
        else:
            with pytest.raises(ReplyWindowClosed):
                send_reply(dialog_id=scene.dialog.pk, **command)


@pytest.mark.row("D10")
def test_what_a_channel_can_t_change_or_take_back_stays(scene, narrow):
    active(scene)
    message, whisper = reply(scene, "Hello"), reply(scene, "Psst", visibility=STAFF)
    narrow(edit=False, delete=False)

    with pytest.raises(NotAllowed):
        edit_reply(message_id=message.pk, operator=scene.cast.olga, text="Bye", now=scene.now)
    with pytest.raises(NotAllowed):
        delete_reply(message_id=message.pk, operator=scene.cast.olga, now=scene.now)
    edit_reply(message_id=whisper.pk, operator=scene.cast.olga, text="Shh", now=scene.now)
    delete_reply(message_id=whisper.pk, operator=scene.cast.olga, now=scene.now)
