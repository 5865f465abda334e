"""Answers as mails, and handing them to the mailbox's own SMTP server."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.email.automatic import OWN_MARK
from channels_connectors.email.errors import failure_of, failure_of_answer, said
from channels_connectors.email.services import PLAIN, STARTTLS, TLS, login_of, server_of, uses_oauth
from channels_connectors.email.tokens import message_id_of, plus_address, subject_tag
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS
from openlines.types import OutgoingAttachment, OutgoingPart, TextFormat

CONNECT_SECONDS = 10.0
ANSWERS = ("re:", "re[", "aw:", "sv:", "antw:", "отв:", "ha:", "на:", "ответ:")
POLICY = SMTP.clone(cte_type="7bit")
# Ids of mails are never broken or encoded, however long.
WIRE_POLICY = POLICY.clone(max_line_length=900)
MARKS = {"BOLD": "b", "ITALIC": "i", "STRUCK": "s", "CODE": "code"}
OK = 250
MOST_REFERENCES = 10


def mail_of(part: OutgoingPart, account: Account) -> EmailMessage:
    """Raises ``ConnectorError`` where nobody can be answered."""
    recipients = recipients_of(part.thread)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = formataddr((str(account.settings.get("sender_name", "")), account.external_id))
    mail["To"] = ", ".join(recipients[0])
    if recipients[1]:
        mail["Cc"] = ", ".join(recipients[1])
    mail["Subject"] = _subject(part, account)
    mail["Date"] = formatdate()
    mail["Message-ID"] = message_id_of(part.client_key, part.chat_external_id, account)
    _continue_thread(mail, part)
    if account.settings.get("thread_mark") == "address":
        mail["Reply-To"] = plus_address(part.chat_external_id, account)
    if part.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail[OWN_MARK] = "automatic"
    _write(mail, part)
    return mail


def recipients_of(thread: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    to, copies = ([str(one) for one in thread.get(name) or ()] for name in ("to", "cc"))
    if not to:
        raise ConnectorError(_("The mail has no sender who could be answered."), kind="PERMANENT")
    return to, copies


def _subject(part: OutgoingPart, account: Account) -> str:
    subject = " ".join(str(part.thread.get("subject", "")).split())
    if not subject.lower().startswith(ANSWERS):
        subject = f"Re: {subject}".strip()
    tag = subject_tag(part.chat_external_id, account)
    is_wanted = account.settings.get("thread_mark") == "subject" and tag not in subject
    return f"{subject} {tag}" if is_wanted else subject


def _continue_thread(mail: EmailMessage, part: OutgoingPart) -> None:
    references = [str(one) for one in part.thread.get("references") or ()]
    answered = part.reply_to_external_id if part.reply_to_external_id.startswith("<") else ""
    answered = answered or (references[-1] if references else "")
    if answered:
        mail["In-Reply-To"] = answered
        kept = dict.fromkeys([*references[:1], *references[1 - MOST_REFERENCES :], answered])
        mail["References"] = " ".join(kept)


def _write(mail: EmailMessage, part: OutgoingPart) -> None:
    mail.set_content(part.text)
    if part.formats:
        mail.add_alternative(html_of(part.text, part.formats), subtype="html")
    for attachment in part.attachments:
        _attach(mail, attachment)


def _attach(mail: EmailMessage, attachment: OutgoingAttachment) -> None:
    maintype, _slash, subtype = (attachment.mime or "").partition("/")
    if not subtype or maintype in ("multipart", "message"):
        # As bytes, so that nothing on the way changes what is inside.
        maintype, subtype = "application", "octet-stream"
    content = Path(attachment.path).read_bytes()
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=attachment.name or "file")


def html_of(text: str, formats: Sequence[TextFormat]) -> str:
    """The text with its marks; spans that cross are cut so that every element ends inside its parent."""
    places = sorted({0, len(text), *(p for f in formats for p in (f.start, f.end) if 0 < p < len(text))})
    runs = []
    for start, end in pairwise(places):
        tags = [MARKS[f.mark] for f in formats if f.start <= start and end <= f.end and f.mark in MARKS]
        opened = "".join(f"<{tag}>" for tag in tags)
        runs.append(f"{opened}{escape(text[start:end])}{''.join(f'</{tag}>' for tag in reversed(tags))}")
    body = "".join(runs).replace("\n", "<br>\n")
    return f"<!doctype html>\n<html><body><div>{body}</div></body></html>\n"


def hand_over(mail: EmailMessage, account: Account) -> None:
    """Raises ``ConnectorError``: ``UNKNOWN`` only where the server had the whole mail and said nothing."""
    content = mail.as_bytes(policy=WIRE_POLICY)
    to, copies = (_plain(mail[name]) for name in ("To", "Cc"))
    is_written = False
    try:
        with connected(account) as smtp:
            _take_recipients(smtp, account.external_id, to, copies, len(content))
            # From the final dot on the mail may be theirs, whatever happens to the line.
            code, answer = smtp.docmd("DATA")
            if code != 354:
                raise failure_of_answer(code, answer)
            is_written = True
            smtp.send(smtplib._quote_periods(content) + b"\r\n.\r\n")  # type: ignore[attr-defined]
            code, answer = smtp.getreply()
            if code != OK:
                raise failure_of_answer(code, answer)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise failure_of(error, is_written=is_written) from None


def _take_recipients(smtp: smtplib.SMTP, sender: str, to: Sequence[str], copies: Sequence[str], size: int) -> None:
    """Nobody gets anything unless those may whom the mail is for; copies are left out where they are refused."""
    code, answer = smtp.mail(sender, [f"size={size}"] if smtp.has_extn("size") else [])
    if code != OK:
        raise failure_of_answer(code, answer)
    for address in to:
        code, answer = smtp.rcpt(address)
        if code not in (OK, 251):
            raise failure_of_answer(code, answer, is_recipient=True)
    for address in copies:
        smtp.rcpt(address)


def _plain(header: Any) -> list[str]:
    return [address.addr_spec for address in header.addresses] if header is not None else []


@contextmanager
def connected(account: Account) -> Iterator[smtplib.SMTP]:
    """Logged in; leaves politely only where the server still talks."""
    server = server_of(account, "smtp")
    seconds = float(account.settings.get("read_seconds", READ_SECONDS))
    context = ssl.create_default_context(cafile=str(account.settings.get("ca_bundle") or "") or None)
    smtp = (
        smtplib.SMTP_SSL(timeout=min(seconds, CONNECT_SECONDS), context=context)
        if server.security == TLS
        else smtplib.SMTP(timeout=min(seconds, CONNECT_SECONDS))
    )
    smtp._host = server.host  # type: ignore[attr-defined] # what certificates are checked against
    try:
        code, answer = smtp.connect(server.host, server.port)
        if code != 220:
            raise failure_of_answer(code, answer)
        if smtp.sock is not None:
            smtp.sock.settimeout(seconds)
        smtp.ehlo_or_helo_if_needed()
        if server.security == STARTTLS:
            smtp.starttls(context=context)
            smtp.ehlo()
        _log_in(smtp, account, is_private=server.security != PLAIN)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.docmd("QUIT")
    finally:
        smtp.close()


def _log_in(smtp: smtplib.SMTP, account: Account, *, is_private: bool) -> None:
    login = login_of(account)
    if uses_oauth(account):
        token = account.credentials.get("access_token", "")
        # What they ask after it is an explanation of their no: nothing is the answer.
        smtp.auth("XOAUTH2", lambda asked=None: "" if asked else f"user={login}\1auth=Bearer {token}\1\1")
    elif smtp.has_extn("auth"):
        smtp.login(login, account.credentials.get("password", ""))
    elif is_private:
        raise said("password", kind="TOKEN")
