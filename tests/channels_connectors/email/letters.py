"""Letters as strangers' mail programs write them, good and bad."""

import base64
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from channels_connectors.connector import Account
from channels_connectors.email.stored import stored_bytes

SUPPORT, ANNA, BORIS = "support@shop.test", "anna@example.org", "boris@example.org"
ACCOUNT = Account(
    channel_id=1, credentials={"password": "x"}, webhook_secret="a secret of the account", scope=f"email:{SUPPORT}"
)


def letter(
    text: str = "Hello",
    *,
    number: int = 1,
    sender: str = f"Anna <{ANNA}>",
    to: str = SUPPORT,
    subject: str = "My order",
    html: str = "",
    **headers: str,
) -> bytes:
    """Header names are given with underscores."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=900))
    names: dict[str, Any] = {"From": sender, "To": to, "Subject": subject, "Message-ID": f"<anna-{number}@example.org>"}
    names |= {"Date": "Wed, 25 Nov 2026 10:00:00 +0300"}
    for name, value in headers.items():
        names[name.replace("_", "-")] = value
    for name, value in names.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def raw(head: str, body: bytes | str, *, sender: str = f"Anna <{ANNA}>", number: int = 1) -> bytes:
    """Written by hand: the head is ours, and so are its mistakes."""
    content = body if isinstance(body, bytes) else body.encode()
    start = f"From: {sender}\r\nTo: {SUPPORT}\r\nMessage-ID: <anna-{number}@example.org>\r\n"
    return (start + head.replace("\n", "\r\n")).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content


def kept(mail: bytes, *, folder: str = "inbox") -> bytes:
    return stored_bytes(mail, folder=folder)


def multipart(*parts: str, kind: str = "mixed", boundary: str = "b1") -> tuple[str, str]:
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return f'MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="{boundary}"', body


def encoded(content: bytes, head: str) -> str:
    return f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(content).decode()}"


def bounce(original_id: str, *, to: str = ANNA, status: str = "5.1.1", action: str = "failed", of: str = "") -> bytes:
    """How a mail server says that a mail of ours did not get there."""
    words = "Delivery failed.\r\n"
    report = (
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {of or to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} User unknown\r\n"
    )
    head, body = multipart(
        f"Content-Type: text/plain\r\n\r\n{words}",
        f"Content-Type: message/delivery-status\r\n\r\n{report}",
        f"Content-Type: text/rfc822-headers\r\n\r\nTo: {to}\r\nMessage-ID: {original_id}\r\nSubject: Re: My order\r\n",
        kind="report; report-type=delivery-status",
    )
    return raw(
        f"Subject: Undelivered\nAuto-Submitted: auto-replied\n{head}",
        body,
        sender="MAILER-DAEMON@example.org",
        number=99,
    )
