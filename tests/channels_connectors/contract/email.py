"""Mailboxes in the contract test: Anna writes to an IMAP server, and reads what an SMTP server took from us."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.email.stored import stored_bytes
from channels_connectors.email.tokens import thread_name
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload
from tests.channels_connectors.email.letters import ANNA, SUPPORT, bounce, encoded, letter, multipart, raw
from tests.providers.email.imap import ImapServer, imap_server
from tests.providers.email.smtp import SmtpServer, smtp_server

PASSWORD = "kqzv-wmrt-bxyl"
POLLED = "nobody calls us: we look into the mailbox, with its password"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILES = {
    "IMAGE": ("image/png", "shoe.png", PIXEL),
    "FILE": ("application/pdf", "bill.pdf", b"%PDF-1.4 a bill"),
    "AUDIO": ("audio/mpeg", "song.mp3", b"ID3 a song"),
    "VIDEO": ("video/mp4", "film.mp4", b"\0\0\0\x18ftypmp42 a film"),
}
FAILURES = {
    "permanent": "554 5.6.0 this content is refused",
    "flood": "451 4.7.1 come back later",
    "outage": "421 4.3.0 out of order",
    "timeout_before": "hang_before",
    "timeout_after": "hang_after",
}


class EmailDriver(Driver):
    kind = "email"
    cannot = {
        "voice": "a sound in a mail is an audio file",
        "sticker": "mails have no stickers",
        "location": "mails have no places",
        "contact": "a card in a mail is a file",
        "edit_in": "what was mailed can't be changed",
        "delete_in": "what was mailed can't be taken back",
        "press": "mails have no buttons that come back",
        "blocked_in": "nobody tells that they block an address",
        "unblocked_in": "nobody tells that they block an address",
        "typing_in": "mails have no typing",
        "reaction": "mails have no reactions",
        "unknown": "whatever is in a mail is a text or a file",
        "batch": POLLED,
        "forged": POLLED,
        "send_long_text": "one mail holds more than anybody may write",
        "send_voice": "a sound in a mail is an audio file",
        "send_album": "a mail carries all its files at once, whatever they are",
        "send_buttons": "mails have no buttons that come back: they are written out",
        "edit": "what was mailed can't be changed",
        "delete": "what was mailed can't be taken back",
        "hide": "mails are not public",
        "private_reply": "mails are not public",
        "template": "mails need no templates",
        "typing_out": "mails have no typing",
        "read_out": "a mail is never marked as read for its writer",
        "window": "mails may be answered for ever",
        "webhook": POLLED,
        "webhook_lost": POLLED,
        "refresh": "a password does not end",
        "photo": "mails have no pictures of their writers",
    }

    def __init__(self, imap: ImapServer, smtp: SmtpServer) -> None:
        self.imap, self.smtp = imap, smtp

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1,
            scope=f"email:{SUPPORT}",
            credentials={"password": PASSWORD},
            webhook_secret="a secret of the account",
            settings={
                "address": SUPPORT,
                "imap_host": "127.0.0.1", "imap_port": str(self.imap.port), "imap_security": "plain",
                "smtp_host": "127.0.0.1", "smtp_port": str(self.smtp.port), "smtp_security": "plain",
                "read_seconds": 1, "idle_seconds": 0.5, "begins_at": "inbox=1.0.",
            },
        )  # fmt: skip

    @property
    def values(self) -> Mapping[str, object]:
        """What an administrator fills in."""
        names = ("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security")
        return {"address": SUPPORT, "password": PASSWORD} | {name: self.account.settings[name] for name in names}

    # What Anna does.

    def text(self, text: str, *, number: int = 1) -> Payload:
        follows = {} if number == 1 else {"In_Reply_To": "<anna-1@example.org>", "References": "<anna-1@example.org>"}
        return {"mail": letter(text, number=number, **follows)}

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        mime, name, content = FILES[kind]
        head = f'Content-Type: {mime}\r\nContent-Disposition: attachment; filename="{name}"'
        texts = [f"Content-Type: text/plain; charset=utf-8\r\n\r\n{caption}"] if caption else []
        return {"mail": raw(*multipart(*texts, encoded(content, head)), number=number)}

    def content_of(self, kind: str) -> bytes:
        return FILES[kind][2]

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return {"mail": letter(text, number=number, In_Reply_To=to, References=to)}

    def album(self) -> list[Payload]:
        head = 'Content-Type: image/png\r\nContent-Disposition: attachment; filename="shoe.png"'
        return [{"mail": raw(*multipart(encoded(PIXEL, head), encoded(PIXEL, head)))}]

    def echo(self, text: str) -> Payload:
        root = "<anna-1@example.org>"
        return {"mail": letter(text, sender=SUPPORT, to=ANNA, number=9, References=root), "folder": "sent"}

    def receipt(self, state: str, *, of: str) -> Payload:
        return {"mail": bounce(of, action="failed" if state == "FAILED" else "delivered")}

    def request(self, *events: Payload) -> WebhookRequest:
        (event,) = events
        return WebhookRequest(body=stored_bytes(event["mail"], folder=event.get("folder", "inbox")))

    def malformed(self) -> list[bytes]:
        return [b"X-Taken-From: inbox\r\n", b"\r\n\r\nno headers", b"\0" * 100]

    # What we do.

    @property
    def chat(self) -> str:
        return thread_name("<anna-1@example.org>")

    @property
    def thread(self) -> Mapping[str, object]:
        return {"subject": "My order", "to": [ANNA], "cc": [], "people": [ANNA], "references": ["<anna-1@example.org>"]}

    def arrived(self) -> list[Arrived]:
        return [_arrived(mail) for mail in self.smtp.mails()]

    def fail(self, how: str) -> None:
        if how == "blocked":
            self.smtp.refusals[ANNA] = "550 5.1.1 no such user"
        elif how == "token":
            self.smtp.is_locked = True
        else:
            self.smtp.answers.append(FAILURES[how])

    # The account.

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"password": "wrong"})

    def write_for_poll(self, text: str) -> None:
        number = self.imap.folders["INBOX"].next_uid
        self.imap.deliver(letter(text, number=number))

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["EmailDriver"]:
        with imap_server(SUPPORT, PASSWORD) as imap, smtp_server(SUPPORT, PASSWORD) as smtp:
            yield cls(imap, smtp)


def _arrived(mail: EmailMessage) -> Arrived:
    body = mail.get_body(("plain",))
    text = str(body.get_content()).replace("\r\n", "\n").strip() if body is not None else ""
    files = list(mail.iter_attachments())
    content = files[0].get_payload(decode=True) if files else b""
    kinds = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}
    return Arrived(
        external_id=str(mail["Message-ID"]),
        text=text,
        kind=kinds.get(files[0].get_content_maintype(), "FILE") if files else "TEXT",
        reply_to=str(mail["In-Reply-To"] or ""),
        file_name=files[0].get_filename() or "" if files else "",
        content=content if isinstance(content, bytes) else b"",
    )


DRIVER = EmailDriver
