"""An SMTP server that takes mails from us, by aiosmtpd, with bad weather on order."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.providers.email.loops import loop_in_thread

ACCEPTED = "250 2.0.0 taken"


@dataclass
class SmtpServer:
    """``refusals`` are answers for recipients, ``answers`` for the next mails: ``hang_before`` and ``hang_after`` say
    nothing, not having or having taken it. Receivers show a Message-ID once, as most mailboxes do."""

    login: str
    password: str
    refusals: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    tries: int = 0
    port: int = 0
    is_locked: bool = False

    def mails(self) -> list[EmailMessage]:
        seen: dict[str, EmailMessage] = {}
        for _recipients, content in self.taken:
            mail = message_from_bytes(content, policy=default)
            assert isinstance(mail, EmailMessage)
            seen.setdefault(str(mail["Message-ID"]), mail)
        return list(seen.values())

    # aiosmtpd calls these names.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 log in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 go on"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 go on"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        assert isinstance(envelope.content, bytes)
        if answer in (ACCEPTED, "hang_after"):
            self.taken.append((list(envelope.rcpt_tos), envelope.content))
        if answer.startswith("hang"):
            await asyncio.sleep(3600)
        return answer

    def authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        is_right = (given.login, given.password) == (self.login.encode(), self.password.encode())
        return AuthResult(success=is_right and not self.is_locked, handled=False)


@contextmanager
def smtp_server(login: str, password: str) -> Iterator[SmtpServer]:
    server = SmtpServer(login, password)

    def talk() -> SMTP:
        return SMTP(
            server, hostname="localhost", authenticator=server.authenticated, auth_require_tls=False,
            data_size_limit=36 * 1024 * 1024, loop=running.loop,
        )  # fmt: skip

    with loop_in_thread("smtp") as running:
        listening = running.run(running.loop.create_server(talk, "127.0.0.1", 0))
        server.port = listening.sockets[0].getsockname()[1]
        try:
            yield server
        finally:
            running.call(listening.close)
