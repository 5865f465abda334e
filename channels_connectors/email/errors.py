"""How mail servers fail, in our words."""

import imaplib
import re
import smtplib
import ssl

from django.utils.translation import gettext as _
from imapclient.exceptions import LoginError

from channels_connectors.errors import ConnectorError

ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# Limits of a day or an hour, not of this mail.
QUOTAS = ("5.4.5", "4.4.5", "5.7.705", "5.7.708", "4.7.500")
QUOTA_WORDS = re.compile(
    r"(?:daily|hourly|sending|rate|message)\W+(?:\w+\W+){0,3}(?:limit|quota)|too many (?:messages|mails)", re.IGNORECASE
)
NOBODY = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.5.0", "5.0.0")
NOBODY_WORDS = re.compile(
    r"unknown|no such|not exist|disabled|inactive|invalid|unavailable|not found|suspended", re.IGNORECASE
)
PASSWORD_CODES = frozenset({530, 534, 535, 538})
# RFC 5530: the password may be right all the same.
NOT_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|ALERT\] too many)", re.IGNORECASE)

WORDS = {
    "password": lambda: _("The mail server does not accept this login. Many services want a password for apps here."),
    "silent": lambda: _("The mail server did not answer in time."),
    "gone": lambda: _("The mail server could not be reached. Check its name and port."),
    "certificate": lambda: _("The mail server's certificate is not trusted, or is another server's."),
    "busy": lambda: _("The mail server asks us to come back later."),
    "nobody": lambda: _("The mail server says that this address takes no mail."),
    "quota": lambda: _("The mailbox has sent as much as its service allows for now."),
    "size": lambda: _("The mail is too large for the mail server."),
    "refused": lambda: _("The mail server refuses this mail: %(answer)s"),
    "odd": lambda: _("The mail server's answer can't be read."),
}


def kind_of_status(status: str, words: str) -> str:
    """What a delivery report says of a recipient; ``status`` is the enhanced code of RFC 3463."""
    if status in QUOTAS or QUOTA_WORDS.search(words):
        return "LATER"
    is_nobody = status in NOBODY and (status.startswith("5.1") or status == "5.2.1" or NOBODY_WORDS.search(words))
    return "BLOCKED" if is_nobody else "PERMANENT"


def failure_of_answer(code: int, answer: bytes | str, *, is_recipient: bool = False) -> ConnectorError:
    """An SMTP server said no, so nothing was accepted."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    words = " ".join(words.split())[:300]
    found = ENHANCED.search(words)
    status = found[1] if found else ""
    if code in PASSWORD_CODES:
        return said("password", kind="TOKEN", code=str(code))
    if status in QUOTAS or QUOTA_WORDS.search(words):
        return said("quota", kind="LATER", code=str(code))
    if 400 <= code < 500:
        return said("busy", code=str(code), is_outage=code == 421)
    if is_recipient and (_is_nobody(status, words, code)):
        return said("nobody", kind="BLOCKED", code=str(code))
    if status in ("5.3.4", "5.2.3") or code == 552:
        return said("size", kind="PERMANENT", code=str(code))
    return said("refused", kind="PERMANENT", code=str(code), answer=words)


def _is_nobody(status: str, words: str, code: int) -> bool:
    if status:
        return kind_of_status(status, words) == "BLOCKED"
    return code in (550, 551, 553) and bool(NOBODY_WORDS.search(words))


def failure_of(error: Exception, *, is_written: bool = False) -> ConnectorError:
    """Whatever broke on the way. ``is_written`` when the server had the whole mail and may have accepted it."""
    if isinstance(error, ConnectorError):
        return error
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return failure_of_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, LoginError):
        return said("busy", is_outage=True) if NOT_NOW.search(str(error)) else said("password", kind="TOKEN")
    if isinstance(error, ssl.SSLCertVerificationError):
        return said("certificate", is_outage=True)
    kind = "UNKNOWN" if is_written else "RETRY"
    if isinstance(error, smtplib.SMTPResponseException) and not is_written:
        return failure_of_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return said("silent", kind=kind, is_outage=True)
    if isinstance(error, OSError | smtplib.SMTPServerDisconnected | imaplib.IMAP4.abort):
        return said("silent" if is_written else "gone", kind=kind, is_outage=True)
    return said("odd", kind=kind, is_outage=True)


def said(
    what: str, *, kind: str = "RETRY", code: str = "", is_outage: bool = False, answer: str = ""
) -> ConnectorError:
    words = WORDS[what]()
    return ConnectorError(words % {"answer": answer} if answer else words, kind=kind, code=code, is_outage=is_outage)
