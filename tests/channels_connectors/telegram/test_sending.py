"""What reaches the customer, and what comes back when it does not; against the simulated Telegram."""

import hashlib
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.parts import parts_of
from channels_connectors.telegram.connector import Telegram
from openlines.formatting import formats
from openlines.types import (
    Button,
    IncomingPress,
    OutgoingAttachment,
    OutgoingMessage,
    OutgoingPart,
    SentMessage,
    TextFormat,
)
from tests.channels_connectors.sending import send_all
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.row("C1"), pytest.mark.row("C18")]


@pytest.fixture
def chat(telegram_anna) -> str:
    telegram_anna.writes("Hello")
    return str(telegram_anna.id)


@pytest.fixture
def attachment(tmp_path):
    def make(kind: str, name: str, mime: str, content: bytes) -> OutgoingAttachment:
        path = Path(tmp_path / name)
        path.write_bytes(content)
        return OutgoingAttachment(id=uuid4(), kind=kind, path=str(path), name=name, mime=mime)

    return make


def outgoing(chat: str, text: str = "", **fields) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat_external_id=chat, text=text, **fields)


def test_a_text_arrives_and_the_receipt_names_it(telegram, telegram_account, telegram_anna, chat):
    receipt = send_all(telegram, outgoing(chat, "Good morning, Anna!"), telegram_account)

    (seen,) = telegram_anna.received()
    assert (seen["text"], receipt.parts) == ("Good morning, Anna!", (str(seen["message_id"]),))


def test_a_long_text_arrives_in_parts_and_in_order(telegram, telegram_account, telegram_anna, chat):
    text = "\n\n".join(f"{number} " + "word " * 200 for number in range(12))

    receipt = send_all(telegram, outgoing(chat, text), telegram_account)

    seen = [message["text"] for message in telegram_anna.received()]
    assert len(receipt.parts) == len(seen) > 2
    assert " ".join(seen).split() == text.split()


def test_a_reply_points_to_the_customers_message(telegram, telegram_account, telegram_anna):
    question = telegram_anna.writes("When?")["message"]["message_id"]

    send_all(
        telegram, outgoing(str(telegram_anna.id), "On Monday", reply_to_external_id=str(question)), telegram_account
    )

    assert telegram_anna.received()[0]["reply_to"] == question


def test_a_reply_to_what_is_gone_or_was_a_button_arrives_as_a_plain_message(
    telegram, telegram_account, telegram_anna, chat
):
    send_all(telegram, outgoing(chat, "One", reply_to_external_id="777"), telegram_account)
    send_all(telegram, outgoing(chat, "Two", reply_to_external_id="callback:12"), telegram_account)

    assert [(seen["text"], seen["reply_to"]) for seen in telegram_anna.received()] == [("One", None), ("Two", None)]


@pytest.mark.parametrize(
    ("kind", "name", "mime", "expected"),
    [
        ("IMAGE", "sofa.png", "image/png", "photo"),
        ("IMAGE", "wave.gif", "image/gif", "animation"),
        ("IMAGE", "drawing.svg", "image/svg+xml", "document"),
        ("FILE", "bill.pdf", "application/pdf", "document"),
        ("AUDIO", "song.mp3", "audio/mpeg", "audio"),
        ("AUDIO", "song.flac", "audio/flac", "document"),
        ("VOICE", "voice.ogg", "audio/ogg; codecs=opus", "voice"),
        ("VOICE", "voice.webm", "audio/webm", "document"),
        ("VIDEO", "tour.mp4", "video/mp4", "video"),
        ("VIDEO", "tour.mkv", "video/x-matroska", "document"),
    ],
)
def test_files_arrive_as_what_they_are(
    telegram, telegram_account, telegram_anna, chat, attachment, kind, name, mime, expected
):
    content = a_picture() if expected == "photo" else b"content of the file"
    file = attachment(kind, name, mime, content)

    send_all(telegram, outgoing(chat, "Here it is", attachments=(file,)), telegram_account)

    (seen,) = telegram_anna.received()
    assert (seen["kind"], seen["text"]) == (expected, "Here it is")
    if expected != "photo":
        assert seen["file"]["sha256"] == hashlib.sha256(content).hexdigest()
        assert seen["file"]["name"] == name


def test_a_file_with_a_russian_name_keeps_it(telegram, telegram_account, telegram_anna, chat, attachment):
    send_all(
        telegram,
        outgoing(chat, attachments=(attachment("FILE", "Счёт № 5.pdf", "application/pdf", b"x"),)),
        telegram_account,
    )

    assert telegram_anna.received()[0]["file"]["name"] == "Счёт № 5.pdf"


def test_a_picture_that_telegram_can_not_show_arrives_as_a_file(
    telegram, telegram_account, telegram_anna, chat, attachment
):
    strip = attachment("IMAGE", "strip.png", "image/png", a_picture(2100, 100))

    send_all(telegram, outgoing(chat, "A long one", attachments=(strip,)), telegram_account)

    (seen,) = telegram_anna.received()
    assert (seen["kind"], seen["text"]) == ("document", "A long one")


def test_several_files_arrive_in_order_and_the_text_with_the_first(
    telegram, telegram_account, telegram_anna, chat, attachment
):
    files = tuple(attachment("FILE", f"{number}.txt", "text/plain", b"x") for number in range(3))

    receipt = send_all(telegram, outgoing(chat, "Three files", attachments=files), telegram_account)

    seen = [(message["file"]["name"], message["text"]) for message in telegram_anna.received()]
    assert seen == [("0.txt", "Three files"), ("1.txt", ""), ("2.txt", "")]
    assert len(receipt.parts) == 3


def test_a_text_too_long_for_a_caption_follows_the_file(telegram, telegram_account, telegram_anna, chat, attachment):
    file = attachment("FILE", "bill.pdf", "application/pdf", b"x")

    send_all(telegram, outgoing(chat, "😀" * 600, attachments=(file,)), telegram_account)

    assert [seen["text"] for seen in telegram_anna.received()] == ["", "😀" * 600]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_can_not_be_sent(telegram, telegram_account, chat, text):
    assert refusal(telegram, outgoing(chat, text), telegram_account).kind == "PERMANENT"


def test_files_that_are_empty_gone_or_too_large_are_refused_before_telegram_is_asked(
    telegram, telegram_account, telegram_bot, chat, attachment
):
    empty, gone = attachment("FILE", "empty.txt", "text/plain", b""), attachment("FILE", "gone.txt", "text/plain", b"x")
    Path(gone.path).unlink()
    large = attachment("FILE", "large.bin", "application/octet-stream", b"")
    with Path(large.path).open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)

    for file_ in (empty, gone, large):
        assert refusal(telegram, outgoing(chat, attachments=(file_,)), telegram_account).kind == "PERMANENT"
    assert telegram_bot.calls("sendDocument") == []


def test_a_customer_who_blocked_us_is_known_as_such(telegram, telegram_account, telegram_anna, chat):
    telegram_anna.blocks()
    error = refusal(telegram, outgoing(chat, "Hello?"), telegram_account)
    assert (error.kind, str(error)) == ("BLOCKED", "Forbidden: bot was blocked by the user")

    telegram_anna.unblocks()
    send_all(telegram, outgoing(chat, "Welcome back"), telegram_account)


def test_someone_who_never_wrote_can_not_be_written_to(telegram, telegram_account):
    assert refusal(telegram, outgoing("424242", "Hello"), telegram_account).kind == "BLOCKED"


def test_a_revoked_token_is_about_the_channel(telegram, telegram_account, telegram_bot, chat):
    telegram_bot.revoke_token()

    assert refusal(telegram, outgoing(chat, "Hello"), telegram_account).kind == "TOKEN"


@pytest.mark.parametrize("token", ["", "abc", "123:x/../y", "123:ключ", "1:a b"])
def test_what_is_no_token_never_reaches_the_network(telegram, telegram_account, token):
    error = refusal(telegram, outgoing("1", "Hello"), replace(telegram_account, credentials={"token": token}))

    assert error.kind == "TOKEN"


@pytest.mark.parametrize("base_url", ["ftp://x", "127.0.0.1:8081", "http://", "https://x/?y=1", "http://[::1"])
def test_what_is_no_address_of_a_bot_api_server_is_refused(telegram, telegram_account, base_url):
    assert refusal(telegram, outgoing("1", "Hello"), replace(telegram_account, base_url=base_url)).kind == "PERMANENT"


def test_flood_control_says_how_long(telegram, telegram_account, telegram_bot, telegram_anna, chat):
    telegram_bot.flood(30)

    error = refusal(telegram, outgoing(chat, "Hello"), telegram_account)

    assert (error.kind, error.retry_after) == ("RETRY", 30.0)
    assert telegram_anna.received() == []


@pytest.mark.parametrize("fault", ["502", "500"])
def test_an_outage_of_telegram_is_tried_again(telegram, telegram_account, telegram_bot, chat, fault):
    telegram_bot.fault(fault)

    assert refusal(telegram, outgoing(chat, "Hello"), telegram_account).kind == "RETRY"


def test_where_nobody_listens_nothing_was_sent(telegram, telegram_account, chat, unused_tcp_port):
    account = replace(telegram_account, base_url=f"http://127.0.0.1:{unused_tcp_port}")

    assert refusal(telegram, outgoing(chat, "Hello"), account).kind == "RETRY"


@pytest.mark.parametrize(
    ("fault", "arrived"), [("drop_before", 0), ("drop_after", 1), ("hang_before", 0), ("hang_after", 1)]
)
def test_after_the_request_was_written_silence_is_an_unknown_outcome(
    telegram, telegram_account, telegram_bot, telegram_anna, chat, fault, arrived
):
    telegram_bot.fault(fault, method="sendMessage")

    assert refusal(telegram, outgoing(chat, "Hello"), telegram_account).kind == "UNKNOWN"
    assert len(telegram_anna.received()) == arrived


def test_a_message_that_failed_half_way_goes_on_where_it_stopped(
    telegram, telegram_account, telegram_bot, telegram_anna, chat, attachment
):
    files = tuple(attachment("FILE", f"{number}.txt", "text/plain", b"x") for number in range(3))
    message = outgoing(chat, "Three files", attachments=files)
    telegram_bot.fault("slow", method="sendDocument")
    telegram_bot.fault("502", method="sendDocument")

    error = refusal(telegram, message, telegram_account)
    receipt = send_all(telegram, message, telegram_account, after=1)

    assert len(error.sent) == 1
    assert [seen["file"]["name"] for seen in telegram_anna.received()] == ["0.txt", "1.txt", "2.txt"]
    assert (*error.sent, *receipt.parts) == tuple(str(seen["message_id"]) for seen in telegram_anna.received())


def refusal(telegram, message, account) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        send_all(telegram, message, account)
    return caught.value


def test_marks_become_entities_in_units_of_telegram(telegram, telegram_account, telegram_anna, chat):
    words, marks = formats("👍 **Oak _table_** for `42`")

    send_all(telegram, outgoing(chat, words, formats=marks), telegram_account)

    (seen,) = telegram_anna.received()
    assert seen["text"] == "👍 Oak table for 42"
    assert [(one["type"], one["offset"], one["length"]) for one in seen["entities"]] == [
        ("bold", 3, 9),
        ("italic", 7, 5),
        ("code", 17, 2),
    ]


def test_marks_hold_over_the_parts_of_a_long_text(telegram, telegram_account, telegram_anna, chat):
    words = "  " + "слово 😀 " * 900
    mark = TextFormat("BOLD", words.index("слово", 3000), words.rindex("слово") + 5)

    send_all(telegram, outgoing(chat, words, formats=(mark,)), telegram_account)

    parts = telegram_anna.received()
    assert len(parts) > 1
    bold = [_marked(part, entity) for part in parts for entity in part["entities"]]
    assert " ".join(bold) == words[mark.start : mark.end]


def _marked(part, entity):
    units = part["text"].encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def test_a_caption_has_its_marks(telegram, telegram_account, telegram_anna, chat, attachment):
    message = outgoing(
        chat,
        "Oak",
        formats=(TextFormat("STRUCK", 0, 3),),
        attachments=(attachment("FILE", "a.txt", "text/plain", b"x"),),
    )

    send_all(telegram, message, telegram_account)

    (seen,) = telegram_anna.received()
    assert [one["type"] for one in seen["entities"]] == ["strikethrough"]


STARS = (tuple(Button(text=str(score), payload=f"rating:42:{score}") for score in range(1, 4)),)


@pytest.mark.row("A5")
def test_buttons_arrive_can_be_pressed_and_are_shown_as_pressed(telegram, telegram_account, telegram_anna, chat):
    receipt = send_all(telegram, outgoing(chat, "How was it?", buttons=STARS), telegram_account)

    (press,) = telegram.parse(telegram_anna.presses(int(receipt.parts[0]), "3"), account=telegram_account)
    assert isinstance(press, IncomingPress)
    assert (press.payload, press.chat_external_id) == ("rating:42:3", chat)
    telegram.acknowledge(press, telegram_account, words="Thank you!")

    chosen = tuple(replace(button, is_chosen=button.text == "3") for button in STARS[0])
    for _twice in range(2):
        telegram.edit(
            SentMessage(chat_external_id=chat, external_ids=receipt.parts),
            OutgoingPart(message_id=1, number=0, chat_external_id=chat, text="How was it?", buttons=(chosen,)),
            telegram_account,
        )
    assert telegram_anna.received()[-1]["buttons"] == ["1", "2", "✅ 3"]
    (again,) = telegram.parse(telegram_anna.presses(int(receipt.parts[0]), "✅ 3"), account=telegram_account)
    assert isinstance(again, IncomingPress)
    assert again.payload == "rating:42:3"


@pytest.mark.row("A5")
def test_buttons_go_below_what_is_read_last():
    parts = parts_of(outgoing("1", "word " * 1000, buttons=STARS), Telegram.capabilities)

    assert [part.buttons for part in parts] == [(), STARS]
