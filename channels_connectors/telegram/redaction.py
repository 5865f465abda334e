"""Keeps tokens out of the logs of the libraries underneath: a bot's token is part of every URL."""

import logging

from channels_connectors.telegram.errors import redacted

TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "telegram.Bot")


class HideTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = redacted(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


def hide_tokens_in_logs() -> None:
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        if not any(isinstance(present, HideTokens) for present in logger.filters):
            logger.addFilter(HideTokens())
