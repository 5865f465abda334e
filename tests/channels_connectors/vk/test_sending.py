"""Our messages on their way to VKontakte."""

import json
import threading
from uuid import uuid4

import pytest

from channels_connectors.connector import ChatRef
from channels_connectors.errors import ConnectorError
from channels_connectors.vk.errors import connector_error
from channels_connectors.vk.sending import keyboard_of
from openlines.types import (
    Button,
    IncomingPress,
    OutgoingAttachment,
    OutgoingMessage,
    OutgoingPart,
    Person,
    SentMessage,
)
from tests.channels_connectors.sending import send_all
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.row("C2"), pytest.mark.row("C17")]


@pytest.fixture
def write(vk, account, anna):
    def send(text: str = "", *, message_id: int = 7, **fields) -> SentMessage:
        message = OutgoingMessage(message_id=message_id, chat_external_id=str(anna.id), text=text, **fields)
        receipt = send_all(vk, message, account)
        return SentMessage(
            chat_external_id=str(anna.id), external_ids=receipt.parts, has_media=bool(message.attachments)
        )

    return send


def stored(tmp_path, content: bytes, name: str, kind: str, mime: str) -> OutgoingAttachment:
    path = tmp_path / name
    path.write_bytes(content)
    return OutgoingAttachment(id=uuid4(), kind=kind, path=str(path), name=name, mime=mime, size=len(content))


def test_what_is_sent_once_more_is_the_same_message(write, anna):
    once, again = write("Hello"), write("Hello")

    assert once.external_ids == again.external_ids
    assert len(anna.received()) == 1
    assert write("Hello", message_id=8).external_ids != once.external_ids


def test_many_threads_send_at_once_without_waiting_for_each_other(write, anna):
    threads = [threading.Thread(target=write, args=("Hello",), kwargs={"message_id": n}) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(anna.received()) == 8


def test_a_picture_that_is_none_goes_as_a_file(write, anna, tmp_path):
    write("", attachments=(stored(tmp_path, b"no picture", "a.png", "IMAGE", "image/png"),))

    assert [item["type"] for item in anna.received()[0].attachments] == ["doc"]


def test_a_voice_message_is_one_and_its_words_follow(write, anna, tmp_path):
    write("Listen", attachments=(stored(tmp_path, b"OggS", "a.ogg", "VOICE", "audio/ogg"),))

    voice, words = anna.received()
    assert ([item["type"] for item in voice.attachments], voice.text) == (["audio_message"], "")
    assert words.text == "Listen"


@pytest.mark.parametrize(("content", "name"), [(b"MZ", "setup.exe"), (b"", "empty.pdf")])
def test_files_that_vkontakte_refuses_are_refused_in_words(write, tmp_path, content: bytes, name: str):
    with pytest.raises(ConnectorError) as caught:
        write("", attachments=(stored(tmp_path, content, name, "FILE", "application/pdf"),))

    assert caught.value.kind == "PERMANENT"


def test_time_outs_of_an_upload_are_tried_again(write, simulator, tmp_path):
    simulator.fault("hang_before", path="/upload/")
    picture = stored(tmp_path, a_picture(), "a.png", "IMAGE", "image/png")

    with pytest.raises(ConnectorError) as caught:
        write("", attachments=(picture,))

    assert caught.value.kind == "RETRY"


def test_an_edit_keeps_the_files(write, vk, account, anna, tmp_path):
    sent = write("Our sofa", attachments=(stored(tmp_path, a_picture(), "a.png", "IMAGE", "image/png"),))
    part = OutgoingPart(message_id=7, number=0, chat_external_id=str(anna.id), text="Our new sofa")

    vk.edit(sent, part, account)

    (message,) = anna.received()
    assert (message.text, [item["type"] for item in message.attachments]) == ("Our new sofa", ["photo"])


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_what_is_older_than_a_day_stays(write, vk, account, anna, action: str):
    sent = write("Hello")
    anna.received()[0].is_old = True
    part = OutgoingPart(message_id=7, number=0, chat_external_id=str(anna.id), text="Hello!")

    with pytest.raises(ConnectorError) as caught:
        vk.edit(sent, part, account) if action == "edit" else vk.delete(sent, account)

    assert (caught.value.kind, caught.value.code) == ("PERMANENT", {"edit": "909", "delete": "924"}[action])


def test_buttons_are_such_as_the_client_can_see():
    buttons = (tuple(Button(text=str(score), payload=f"rating:1:{score}") for score in range(1, 8)),)

    modern, old = (
        json.loads(keyboard_of(buttons, thread) or "") for thread in ({}, {"inline": False, "callback": False})
    )

    assert (modern["inline"], [len(row) for row in modern["buttons"]]) == (True, [5, 2])
    assert ("inline" in old, old["one_time"]) == (False, True)
    assert (modern["buttons"][0][0]["action"]["type"], old["buttons"][0][0]["action"]["type"]) == ("callback", "text")


def test_a_press_is_acknowledged_with_words(vk, account, simulator, anna):
    press = IncomingPress(
        chat_external_id=str(anna.id), external_id="press:e1", sender=Person(external_id=str(anna.id)), payload="x",
        context={"event_id": "e1", "user_id": anna.id, "peer_id": anna.id},
    )  # fmt: skip

    vk.acknowledge(press, account, words="Thank you!")
    vk.acknowledge(press, account)

    assert simulator.world.answered_presses == [
        {"event_id": "e1", "type": "show_snackbar", "text": "Thank you!"}, {"event_id": "e1"},
    ]  # fmt: skip


def test_reading_marks_up_to_the_last_message_or_all_of_it(vk, account, anna):
    anna.writes("One")
    anna.writes("Two")

    vk.mark_read(ChatRef(external_id=str(anna.id), last_external_id="1"), account)
    assert anna.person.read_up_to == 1
    vk.mark_read(ChatRef(external_id=str(anna.id)), account)
    assert anna.person.read_up_to == 2


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((1, 6, 10, 36), "RETRY"), ((9, 14, 29), "LATER"), ((5, 27, 28, 1117), "TOKEN"),
        ((18, 37, 900, 901, 902), "BLOCKED"), ((943, 944, 950), "WINDOW"),
        ((7, 15, 100, 909, 910, 911, 912, 914, 917, 924, 936, 4711), "PERMANENT"),
    ],
)  # fmt: skip
def test_every_code_is_told_apart(codes: tuple[int, ...], kind: str):
    for code in codes:
        error = connector_error({"error_code": code, "error_msg": "words"})
        assert (error.kind, error.code, bool(str(error))) == (kind, str(code), True)
        assert error.is_outage == (code in (1, 10, 36))


def test_refusals_never_tell_the_token(write, simulator, account):
    simulator.world.group_token = "vk1.a.AnotherTokenThanBefore"

    with pytest.raises(ConnectorError) as caught:
        write("Hello")

    assert caught.value.kind == "TOKEN"
    assert account.credentials["token"] not in f"{caught.value} {caught.value.args} {caught.value.__cause__}"
