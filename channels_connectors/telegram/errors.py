"""What python-telegram-bot raises, as what our deliveries know to do about it."""

import re

import httpx
from django.utils.translation import gettext as _
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

from channels_connectors.errors import ConnectorError

# The request had not left us when these came up: nothing can have been accepted.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.WriteError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
UNREACHABLE_CLIENT = (
    "chat not found",
    "peer_id_invalid",
    "user not found",
    "user_is_blocked",
    "input_user_deactivated",
)
NOT_YET = ("file is temporarily unavailable",)
UNMODIFIED = "message is not modified"
ALREADY_DELETED = "message to delete not found"
LONGEST_WORDS = 300
TOKEN_LIKE = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")


class ChatMoved(ConnectorError):
    """A group became a supergroup: the same chat has another id now."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(_("This chat has moved to another address."), kind="PERMANENT")
        self.new_chat_id = new_chat_id


def connector_error(error: Exception, *, token: str) -> ConnectorError:
    """The same failure in our words. Raise it ``from None``: the causes carry URLs, and these carry the token."""
    words = redacted(str(error) or type(error).__name__, token)[:LONGEST_WORDS]
    if isinstance(error, RetryAfter):
        return ConnectorError(_("Telegram asks us to slow down."), kind="RETRY", retry_after=_seconds(error))
    if isinstance(error, Forbidden):
        return ConnectorError(words, kind="BLOCKED")
    if isinstance(error, InvalidToken):
        return ConnectorError(_("Telegram does not accept the bot's token."), kind="TOKEN")
    if isinstance(error, Conflict):
        return _conflict(words)
    if isinstance(error, BadRequest):
        return ConnectorError(words, kind=_kind_of_refusal(words))
    if isinstance(error, ChatMigrated):
        return ChatMoved(error.new_chat_id)
    return ConnectorError(_words_of_outage(error, words), kind=_kind_of_outage(error), is_outage=True)


def redacted(text: str, token: str = "") -> str:
    """The text without the token, and without anything that looks like one."""
    return TOKEN_LIKE.sub("…", text.replace(token, "…") if token else text)


def says(error: BadRequest, words: str) -> bool:
    return words in error.message.lower()


def _seconds(error: RetryAfter) -> float:
    delay = error.retry_after
    return float(delay) if isinstance(delay, int) else delay.total_seconds()


def _conflict(words: str) -> ConnectorError:
    if "webhook is active" in words.lower():
        advice = _("This bot has a webhook: remove it before asking for messages by long polling.")
        return ConnectorError(advice, kind="PERMANENT")
    advice = _("Another program reads the messages of this bot. Stop it, or give it a token of its own.")
    return ConnectorError(advice, kind="RETRY", retry_after=30)


def _kind_of_refusal(words: str) -> str:
    lowered = words.lower()
    if any(mark in lowered for mark in UNREACHABLE_CLIENT):
        return "BLOCKED"
    return "RETRY" if any(mark in lowered for mark in NOT_YET) else "PERMANENT"


def _words_of_outage(error: Exception, words: str) -> str:
    """What Telegram answered, or what administrators can do something with instead of the name of an exception."""
    if isinstance(error, TimedOut):
        return _("Telegram did not answer in time.")
    return _("Telegram could not be reached.") if words.startswith("httpx.") else words


def _kind_of_outage(error: Exception) -> str:
    cause = error.__cause__
    # Without a cause of its own a network error is an answer: 5xx, or a proxy's page that is no JSON.
    is_answer = isinstance(error, NetworkError) and not isinstance(error, TimedOut)
    was_answered = is_answer and (cause is None or isinstance(cause, TelegramError))
    return "RETRY" if was_answered or isinstance(cause, NEVER_SENT) else "UNKNOWN"
