"""Mails that no person wrote: answering them by itself is how two help desks begin to write to each other for ever
(RFC 3834 and what practice adds)."""

import re
from email.message import Message

from channels_connectors.email.decoding import addresses, header, raw_header

# In everything that we send by ourselves; whoever else runs this product knows it too.
OWN_MARK = "X-Contact-Centre"

PRECEDENCES = frozenset({"bulk", "list", "junk", "auto_reply"})
PRESENCE_TELLS = (
    "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From",
    "X-Mailer-Daemon", "X-Loop", "Feedback-ID", OWN_MARK,
)  # fmt: skip
ROBOTS = re.compile(
    r"(?:mailer-daemon|postmaster|daemon|bounces?|no-?reply|do-?not-?reply|donotreply|noreply|notifications?|auto-?reply"
    r"|listserv|majordomo|owner-.*|.*-request|.*-bounces?|bounces?[-+=].*|prvs=.*|no_reply|do_not_reply)@.*"
)
SUBJECTS = ("auto:", "automatic reply:", "autoreply:", "out of office", "автоответ", "автоматический ответ")


def is_automatic(message: Message) -> bool:
    names = {name.lower() for name, _value in message.raw_items()}
    if any(name.startswith("list-") for name in names) or any(name.lower() in names for name in PRESENCE_TELLS):
        return True
    if raw_header(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return True
    if raw_header(message, "Precedence").lower() in PRECEDENCES:
        return True
    if "return-path" in names and raw_header(message, "Return-Path").replace(" ", "") in ("", "<>"):
        return True
    return is_report(message) or _is_by_robot(message)


def is_report(message: Message) -> bool:
    return raw_header(message, "Content-Type").lower().lstrip().startswith("multipart/report")


def _is_by_robot(message: Message) -> bool:
    writers = addresses(message, "From") + addresses(message, "Sender")
    if any(ROBOTS.fullmatch(address) for _name, address in writers) or not writers:
        return True
    return header(message, "Subject").lower().startswith(SUBJECTS)
