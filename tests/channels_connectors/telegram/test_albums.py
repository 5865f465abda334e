"""Several pictures as one message; against the simulated Telegram."""

from pathlib import Path
from uuid import uuid4

import pytest

from openlines.types import Button, OutgoingAttachment, OutgoingMessage
from tests.channels_connectors.sending import send_all
from tests.providers.conftest import a_picture

pytestmark = [pytest.mark.row("C1"), pytest.mark.row("C18")]


@pytest.fixture
def chat(telegram_anna) -> str:
    telegram_anna.writes("Hello")
    return str(telegram_anna.id)


@pytest.fixture
def picture(tmp_path):
    def make(name: str, *, width: int = 64, height: int = 48, mime: str = "image/png") -> OutgoingAttachment:
        path = Path(tmp_path / name)
        path.write_bytes(a_picture(width, height, format_name="GIF" if mime == "image/gif" else "PNG"))
        return OutgoingAttachment(id=uuid4(), kind="IMAGE", path=str(path), name=name, mime=mime)

    return make


def send(telegram, account, chat, *pictures, text="", **fields):
    message = OutgoingMessage(message_id=1, chat_external_id=chat, text=text, attachments=pictures, **fields)
    return telegram.parts_of(message, account), send_all(telegram, message, account)


def test_pictures_go_out_as_one_with_their_words_below(
    telegram, telegram_account, telegram_anna, telegram_bot, chat, picture
):
    parts, receipt = send(telegram, telegram_account, chat, picture("1.png"), picture("2.png"), text="Both legs")

    seen = telegram_anna.received()
    assert [one["kind"] for one in seen] == ["photo", "photo"]
    assert [one["text"] for one in seen] == ["Both legs", ""]
    assert (len(parts), receipt.parts) == (1, tuple(str(one["message_id"]) for one in seen))
    assert len(telegram_bot.calls("sendMediaGroup")) == 1


def test_eleven_pictures_are_two_albums(telegram, telegram_account, telegram_anna, chat, picture):
    parts, receipt = send(telegram, telegram_account, chat, *(picture(f"{n}.png") for n in range(12)))

    assert [len(part.attachments) for part in parts] == [10, 2]
    assert len(receipt.parts) == len(telegram_anna.received()) == 12


def test_an_animation_among_them_makes_them_go_one_by_one(telegram, telegram_account, telegram_anna, chat, picture):
    parts, _receipt = send(
        telegram, telegram_account, chat, picture("1.png"), picture("2.gif", mime="image/gif"), text="Look"
    )

    assert [(part.number, part.text) for part in parts] == [(0, "Look"), (1, "")]
    assert [one["kind"] for one in telegram_anna.received()] == ["photo", "animation"]


def test_buttons_need_a_message_of_their_own(telegram, telegram_account, telegram_anna, chat, picture):
    buttons = ((Button(text="Yes", payload="y"),),)
    send(telegram, telegram_account, chat, picture("1.png"), picture("2.png"), buttons=buttons)

    assert [one["buttons"] for one in telegram_anna.received()] == [[], ["Yes"]]


def test_a_picture_that_telegram_can_not_show_makes_the_album_files(
    telegram, telegram_account, telegram_anna, chat, picture
):
    send(telegram, telegram_account, chat, picture("1.png"), picture("strip.png", width=2100, height=100))

    assert [one["kind"] for one in telegram_anna.received()] == ["document", "document"]
