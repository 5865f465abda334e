"""Clients that none of us wrote take the simulated Telegram for the real one.

python-telegram-bot, aiogram and grammy each work as a bot against it: were it only our own opinion of the Bot API, they
would stumble. Their models read every update, and leave no field over that they do not know.
"""

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import aiogram
import aiogram.exceptions as aiogram_errors
import pytest
import telegram
import telegram.error as ptb_errors
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile
from pydantic import BaseModel
from telegram.request import HTTPXRequest

from tests.providers.conftest import a_picture

pytestmark = pytest.mark.row("C1")

GRAMMY = "grammy@1.46"
JUDGES = {
    "telegram": {
        "python-telegram-bot": "every field of every update; writes, edits, deletes, polls, sets webhooks, every error",
        "aiogram": "models that refuse what is malformed; writes, edits, deletes, every error",
        GRAMMY: "works as a bot",
    }
}
KEYBOARD = {"inline_keyboard": [[{"text": "On Monday", "callback_data": "monday"}]]}


@pytest.fixture
async def ptb(simulator, telegram_bot):
    request = HTTPXRequest(httpx_kwargs={"trust_env": False}, read_timeout=0.5)
    base_url, file_url = f"{simulator.base_url}/bot", f"{simulator.base_url}/file/bot"
    async with telegram.Bot(
        telegram_bot.token, base_url, file_url, request=request, get_updates_request=request
    ) as bot:
        yield bot


@pytest.fixture
async def aiogram_bot(simulator, telegram_bot):
    session = AiohttpSession(api=TelegramAPIServer.from_base(simulator.base_url))
    async with aiogram.Bot(telegram_bot.token, session=session) as bot:
        yield bot


@pytest.fixture
def chat_id(telegram_anna) -> int:
    telegram_anna.writes("Hello")
    return int(telegram_anna.id)


def everything_a_customer_does(bot, anna, answer_of_bot: int) -> None:
    first = anna.writes("Hello")["message"]["message_id"]
    anna.writes("And another thing", reply_to=first)
    anna.edits(first, "Hello!")
    anna.sends_photo(a_picture(), caption="The leg")
    anna.sends_album(a_picture(), a_picture(80, 80), caption="Both legs")
    anna.sends_file("bill.pdf", "application/pdf", b"%PDF-", caption="The bill")
    anna.sends_voice(b"OggS")
    anna.sends_sticker(b"RIFF")
    for kind in ("audio", "video", "animation", "video_note"):
        anna.sends_media(kind, f"{kind}.mp4", "video/mp4", b"content")
    anna.shares_location(55.75, 37.61)
    live = anna.sends({"location": {"latitude": 1.5, "longitude": 2.5, "live_period": 900}})["message"]["message_id"]
    bot.command("move", customer=anna.id, message_id=live, latitude=1.6, longitude=2.5)
    anna.shares_contact("+79161234567", "Anna", is_own=True)
    anna.presses(answer_of_bot, "On Monday")
    anna.writes_in_group("Hello, neighbours")
    anna.blocks()
    anna.unblocks()


@pytest.fixture
async def updates(aiogram_bot, telegram_bot, telegram_anna, receiver) -> list[dict[str, Any]]:
    """One of everything, as it came to a webhook."""
    telegram_anna.writes("Hello")
    question = await aiogram_bot.send_message(telegram_anna.id, "When?", reply_markup=as_markup(KEYBOARD))
    await aiogram_bot.set_webhook(receiver.url, drop_pending_updates=True)
    everything_a_customer_does(telegram_bot, telegram_anna, question.message_id)
    telegram_bot.wait_until_all_delivered()
    return list(receiver.received)


def as_markup(keyboard: dict[str, Any]) -> aiogram.types.InlineKeyboardMarkup:
    return aiogram.types.InlineKeyboardMarkup.model_validate(keyboard)


def test_aiogram_knows_every_field_of_every_update(updates):
    assert len(updates) == 21
    for update in updates:
        assert unknown_fields(aiogram.types.Update.model_validate(update)) == []


def unknown_fields(model: BaseModel) -> list[str]:
    own = list(model.model_extra or {})
    inner = [value for value in dict(model).values() if isinstance(value, BaseModel)]
    rows = [item for value in dict(model).values() if isinstance(value, list) for item in value]
    return own + [name for item in inner + rows if isinstance(item, BaseModel) for name in unknown_fields(item)]


def test_python_telegram_bot_knows_every_field_of_every_update(updates):
    for update in updates:
        read = telegram.Update.de_json(update, None)
        assert not read.api_kwargs
        assert not (read.effective_message and read.effective_message.api_kwargs)
        assert read.effective_user is not None


@pytest.mark.row("C18")
def test_our_connector_reads_all_of_them(updates, telegram_account, request):
    connector = request.getfixturevalue("telegram")

    incoming = [type(item).__name__ for update in updates for item in connector.parse(update, account=telegram_account)]

    # All but the step of the live location and the words in the group.
    assert len(incoming) == 19
    assert incoming.count("IncomingReachability") == 2
    assert incoming.count("IncomingEdit") == 1


async def test_python_telegram_bot_writes_edits_and_deletes(ptb, telegram_bot, telegram_anna, chat_id):
    assert ptb.username == telegram_bot.username
    message = await ptb.send_message(chat_id, "Good morning")
    await ptb.edit_message_text("Good evening", chat_id, message.message_id)
    photo = await ptb.send_photo(chat_id, a_picture(), caption="The sofa")
    await ptb.edit_message_caption(chat_id, photo.message_id, caption="Our sofa")
    await ptb.send_document(chat_id, b"%PDF-", filename="bill.pdf")
    await ptb.send_voice(chat_id, b"OggS")
    await ptb.send_location(chat_id, 55.75, 37.61)
    await ptb.send_contact(chat_id, "+7495", "Loft")
    mistake = await ptb.send_message(chat_id, "A mistake")
    assert await ptb.delete_message(chat_id, mistake.message_id)
    assert await ptb.send_chat_action(chat_id, "typing")

    file = await photo.photo[-1].get_file()
    assert (await file.download_as_bytearray())[:2] == b"\xff\xd8"
    seen = [(message["kind"], message["text"]) for message in telegram_anna.received()]
    assert seen[:4] == [("", "Good evening"), ("photo", "Our sofa"), ("document", ""), ("voice", "")]
    assert len(seen) == 6
    assert (await ptb.get_user_profile_photos(chat_id)).total_count == 1


async def test_python_telegram_bot_polls_and_sets_webhooks(ptb, telegram_anna, chat_id):
    (update,) = await ptb.get_updates()
    assert update.effective_message.text == "Hello"
    assert await ptb.get_updates(offset=update.update_id + 1) == ()

    assert await ptb.set_webhook("https://shop.example.org/hook", secret_token="s", max_connections=7)
    webhook = await ptb.get_webhook_info()
    assert (webhook.url, webhook.max_connections) == ("https://shop.example.org/hook", 7)
    with pytest.raises(ptb_errors.Conflict, match="webhook is active"):
        await ptb.get_updates()
    assert await ptb.delete_webhook()


async def test_a_second_long_poll_ends_the_first(ptb, telegram_bot):
    first = asyncio.create_task(ptb.get_updates(timeout=10))
    await asyncio.to_thread(telegram_bot.command, "wait", what="polls")

    assert await ptb.get_updates() == ()

    with pytest.raises(ptb_errors.Conflict, match="other getUpdates request"):
        await first


async def test_python_telegram_bot_meets_every_error_as_its_own_exception(ptb, telegram_bot, telegram_anna, chat_id):
    message = await ptb.send_message(chat_id, "Hello")
    with pytest.raises(ptb_errors.BadRequest, match="not modified"):
        await ptb.edit_message_text("Hello", chat_id, message.message_id)
    with pytest.raises(ptb_errors.BadRequest, match="Chat not found"):
        await ptb.send_message(1, "x")
    with pytest.raises(ptb_errors.BadRequest, match="caption is too long"):
        await ptb.send_photo(chat_id, a_picture(), caption="x" * 1025)
    telegram_anna.blocks()
    with pytest.raises(ptb_errors.Forbidden, match="blocked by the user"):
        await ptb.send_message(chat_id, "x")
    telegram_bot.flood(5)
    with pytest.raises(ptb_errors.RetryAfter):
        await ptb.send_message(chat_id, "x")
    telegram_bot.fault("502")
    with pytest.raises(ptb_errors.NetworkError, match="Bad Gateway"):
        await ptb.get_me()
    telegram_bot.fault("hang_after")
    with pytest.raises(ptb_errors.TimedOut):
        await ptb.get_me()
    telegram_bot.revoke_token()
    with pytest.raises(ptb_errors.InvalidToken):
        await ptb.get_me()


async def test_aiogram_writes_edits_and_deletes(aiogram_bot, telegram_bot, telegram_anna, chat_id):
    assert (await aiogram_bot.get_me()).username == telegram_bot.username
    message = await aiogram_bot.send_message(chat_id, "Good morning")
    await aiogram_bot.edit_message_text("Good evening", chat_id=chat_id, message_id=message.message_id)
    photo = await aiogram_bot.send_photo(chat_id, BufferedInputFile(a_picture(), "sofa.png"), caption="The sofa")
    await aiogram_bot.send_sticker(chat_id, BufferedInputFile(b"RIFF", "s.webp"))
    mistake = await aiogram_bot.send_message(chat_id, "A mistake")
    assert await aiogram_bot.delete_message(chat_id, mistake.message_id)

    content = await aiogram_bot.download(photo.photo[-1].file_id)
    assert content.read(2) == b"\xff\xd8"
    seen = [(message["kind"], message["text"]) for message in telegram_anna.received()]
    assert seen == [("", "Good evening"), ("photo", "The sofa"), ("sticker", "")]


async def test_aiogram_meets_every_error_as_its_own_exception(aiogram_bot, telegram_bot, telegram_anna, chat_id):
    with pytest.raises(aiogram_errors.TelegramBadRequest, match="chat not found"):
        await aiogram_bot.send_message(1, "x")
    with pytest.raises(aiogram_errors.TelegramEntityTooLarge):
        await aiogram_bot.send_document(chat_id, BufferedInputFile(b"x" * (52 * 1024 * 1024), "film.bin"))
    await aiogram_bot.set_webhook("https://shop.example.org/hook")
    with pytest.raises(aiogram_errors.TelegramConflictError, match="webhook is active"):
        await aiogram_bot.get_updates()
    telegram_anna.blocks()
    with pytest.raises(aiogram_errors.TelegramForbiddenError, match="blocked by the user"):
        await aiogram_bot.send_message(chat_id, "x")
    telegram_bot.flood(5)
    with pytest.raises(aiogram_errors.TelegramRetryAfter) as caught:
        await aiogram_bot.send_message(chat_id, "x")
    assert caught.value.retry_after == 5
    telegram_bot.fault("500")
    with pytest.raises(aiogram_errors.TelegramServerError):
        await aiogram_bot.get_me()
    telegram_bot.fault("drop_before")
    with pytest.raises(aiogram_errors.TelegramNetworkError):
        await aiogram_bot.get_me()
    telegram_bot.revoke_token()
    with pytest.raises(aiogram_errors.TelegramUnauthorizedError):
        await aiogram_bot.get_me()


def installed_grammy() -> Path:
    """A folder in which node finds grammy; where it can't be had, the test says so and is not run."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("The judge grammy is not available: there is no node with npm on this machine.")
    folder = Path(os.environ.get("VAR_DIR", "var")).absolute() / "judges" / "grammy"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", GRAMMY]
    if not (folder / "node_modules" / "grammy").is_dir():
        installed = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
        if installed.returncode:
            pytest.skip("The judge grammy is not available: npm can't install it here.")
    shutil.copy(Path(__file__).parent / "judges" / "grammy.mjs", folder)
    return folder


@pytest.mark.slow
def test_grammy_takes_the_simulator_for_telegram(simulator, telegram_bot, telegram_anna, chat_id):
    arguments = ["node", "grammy.mjs", simulator.base_url, telegram_bot.token, str(chat_id)]
    picture = telegram_anna.sends_photo(a_picture(320))["message"]["photo"][-1]["file_id"]
    with subprocess.Popen([*arguments, picture], cwd=installed_grammy(), stdout=subprocess.PIPE) as judge:
        telegram_bot.wait_for_calls(1, method="setWebhook", seconds=30)
        # Two texts of its own and a picture, and an answer to each of the two messages that waited for a webhook.
        (question,) = [seen for seen in telegram_anna.waits_for(5) if seen["text"] == "Ready"]
        update = telegram_anna.writes("Where is my order?")
        answers = telegram_anna.waits_for(6)
        telegram_anna.presses(question["message_id"], "Stop")
        output, _nothing = judge.communicate(timeout=30)

    seen = json.loads(output)
    assert judge.returncode == 0
    assert (seen["username"], seen["sizes"], seen["pressed"]) == (telegram_bot.username, 2, "stop")
    assert {"id": update["update_id"], "text": "Where is my order?", "from": "Anna"} in seen["updates"]
    assert [message["text"] for message in answers[:2]] == ["Good evening", "The sofa"]
    assert answers[-1]["text"] == "You wrote: Where is my order?"
    assert answers[-1]["reply_to"] == update["message"]["message_id"]
    assert [seen["refusals"][name]["isRefusal"] for name in ("sameText", "unknownChat", "empty")] == [True] * 3
    assert seen["refusals"]["unknownChat"]["description"] == "Bad Request: chat not found"
