from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from channels_connectors.telegram.errors import ChatMoved, connector_error, redacted

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz0123456"


def because_of(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(timedelta(seconds=3)), "RETRY"),
        (Forbidden("Forbidden: bot was blocked by the user"), "BLOCKED"),
        (Forbidden("Forbidden: user is deactivated"), "BLOCKED"),
        (Forbidden("Forbidden: bot was kicked from the group chat"), "BLOCKED"),
        (InvalidToken("Unauthorized"), "TOKEN"),
        (InvalidToken("Not Found"), "TOKEN"),
        (BadRequest("Bad Request: chat not found"), "BLOCKED"),
        (BadRequest("Bad Request: message is too long"), "PERMANENT"),
        (BadRequest("Bad Request: wrong file_id or the file is temporarily unavailable"), "RETRY"),
        (Conflict("Conflict: can't use getUpdates method while webhook is active"), "PERMANENT"),
        (Conflict("Conflict: terminated by other getUpdates request"), "RETRY"),
        (NetworkError("Bad Gateway (502)"), "RETRY"),
        (because_of(NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response")), "RETRY"),
        (because_of(NetworkError("x"), httpx.ConnectError("refused")), "RETRY"),
        (because_of(NetworkError("x"), httpx.WriteError("broken pipe")), "RETRY"),
        (because_of(TimedOut(), httpx.ConnectTimeout("slow")), "RETRY"),
        (because_of(TimedOut(), httpx.PoolTimeout("busy")), "RETRY"),
        (because_of(TimedOut(), httpx.ReadTimeout("silence")), "UNKNOWN"),
        (because_of(TimedOut(), httpx.WriteTimeout("slow")), "UNKNOWN"),
        (because_of(NetworkError("x"), httpx.ReadError("reset")), "UNKNOWN"),
        (because_of(NetworkError("x"), httpx.RemoteProtocolError("hung up")), "UNKNOWN"),
        (TelegramError("Invalid server response"), "UNKNOWN"),
    ],
)
def test_each_failure_says_what_to_do_about_it(error, kind):
    assert connector_error(error, token=TOKEN).kind == kind


def test_telegram_says_how_long_to_wait():
    assert connector_error(RetryAfter(timedelta(seconds=3)), token=TOKEN).retry_after == 3.0


def test_a_moved_chat_says_where_to():
    moved = connector_error(ChatMigrated(-100500), token=TOKEN)

    assert isinstance(moved, ChatMoved)
    assert moved.new_chat_id == -100500


def test_the_token_is_taken_out_of_every_text():
    words = f"Cannot connect to https://api.telegram.org/bot{TOKEN}/getMe"

    assert TOKEN not in redacted(words)
    assert "short:token" not in redacted("https://api.telegram.org/botshort:token/getMe", "short:token")
    assert TOKEN not in str(connector_error(NetworkError(words), token=TOKEN))


def test_a_page_of_a_proxy_does_not_fill_the_screen():
    assert len(str(connector_error(NetworkError("x" * 5000), token=TOKEN))) <= 300
