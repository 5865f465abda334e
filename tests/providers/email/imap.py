"""As much of an IMAP server as the connector asks of one, for machines without Dovecot, which judges it elsewhere."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.providers.email.loops import Loop, loop_in_thread

CAPABILITIES = "IMAP4rev1 IDLE"


@dataclass
class Folder:
    validity: int = 1
    next_uid: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)

    def add(self, mail: bytes) -> None:
        self.mails[self.next_uid] = mail
        self.next_uid += 1


@dataclass
class ImapServer:
    login: str
    password: str
    running: Loop
    port: int = 0
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder(), "Sent": Folder()})
    is_locked: bool = False
    logins: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def deliver(self, mail: bytes, folder: str = "INBOX") -> None:
        """What arrives in the mailbox; those that wait are told."""

        def add() -> None:
            self.folders[folder].add(mail)
            self.changed.set()
            self.changed = asyncio.Event()

        self.running.call(add)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        try:
            await session.talk()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


class Session:
    def __init__(self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._folder = Folder()

    async def talk(self) -> None:
        self._say(f"* OK [CAPABILITY {CAPABILITIES}] ready")
        while line := await self._read():
            tag, _space, rest = line.partition(" ")
            if rest.upper() == "IDLE":
                await self._idle()
                self._say(f"{tag} OK done")
                continue
            self._say(f"{tag} {self._answer(rest)}")
            await self._writer.drain()
            if rest.upper() == "LOGOUT":
                return

    async def _read(self) -> str:
        """A command on one line, with its literals in quotation marks."""
        line = (await self._reader.readline()).decode().rstrip("\r\n")
        while found := re.search(r"\{(\d+)\}$", line):
            self._say("+ go on")
            literal = (await self._reader.readexactly(int(found[1]))).decode()
            line = f'{line[: found.start()]}"{literal}"' + (await self._reader.readline()).decode().rstrip("\r\n")
        return line

    def _answer(self, command: str) -> str:
        word, _space, rest = command.partition(" ")
        method = getattr(self, f"_{word.lower()}", None)
        return str(method(rest)) if method else "BAD unknown"

    def _capability(self, rest: str) -> str:
        self._say(f"* CAPABILITY {CAPABILITIES}")
        return "OK done"

    def _login(self, rest: str) -> str:
        self._server.logins += 1
        given = tuple(word.strip('"') for word in rest.split(" ", 1))
        is_right = given == (self._server.login, self._server.password) and not self._server.is_locked
        return f"OK [CAPABILITY {CAPABILITIES}] in" if is_right else "NO [AUTHENTICATIONFAILED] no"

    def _logout(self, rest: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _list(self, rest: str) -> str:
        for name in self._server.folders:
            self._say(f'* LIST () "/" "{name}"')
        return "OK done"

    def _examine(self, rest: str) -> str:
        self._folder = self._server.folders[rest.strip('"')]
        self._say(f"* {len(self._folder.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self._folder.validity}] .")
        self._say(f"* OK [UIDNEXT {self._folder.next_uid}] .")
        return "OK [READ-ONLY] done"

    def _status(self, rest: str) -> str:
        name = rest.partition(" (")[0].strip('"')
        folder = self._server.folders[name]
        self._say(f'* STATUS "{name}" (UIDVALIDITY {folder.validity} UIDNEXT {folder.next_uid})')
        return "OK done"

    def _uid(self, rest: str) -> str:
        word, _space, wanted = rest.partition(" ")
        return self._search(wanted) if word.upper() == "SEARCH" else self._fetch(wanted)

    def _search(self, wanted: str) -> str:
        uids = sorted(self._folder.mails)
        if found := re.search(r"UID (\d+):\*", wanted):
            # The star is the last one, even where it is below the number.
            uids = [uid for uid in uids if uid >= int(found[1])] or uids[-1:]
        elif found := re.fullmatch(r"(\d+):\d+", wanted.strip()):
            uids = uids[int(found[1]) - 1 : int(found[1])]
        self._say(f"* SEARCH {' '.join(map(str, uids))}".rstrip())
        return "OK done"

    def _fetch(self, rest: str) -> str:
        uids, _space, what = rest.partition(" ")
        for number, (uid, mail) in enumerate(sorted(self._folder.mails.items()), 1):
            if str(uid) not in uids.split(","):
                continue
            head = f"* {number} FETCH (UID {uid} "
            if "SIZE" in what:
                self._say(f'{head}RFC822.SIZE {len(mail)} INTERNALDATE "25-Nov-2026 10:00:00 +0000")')
            else:
                self._say(f"{head}BODY[] {{{len(mail)}}}")
                self._writer.write(mail + b")\r\n")
        return "OK done"

    async def _idle(self) -> None:
        self._say("+ idling")
        reading = asyncio.ensure_future(self._reader.readline())
        while not reading.done():
            telling = asyncio.ensure_future(self._server.changed.wait())
            await asyncio.wait({reading, telling}, return_when=asyncio.FIRST_COMPLETED)
            if telling.done():
                self._say(f"* {len(self._folder.mails)} EXISTS")
            telling.cancel()

    def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())


@contextmanager
def imap_server(login: str, password: str) -> Iterator[ImapServer]:
    with loop_in_thread("imap") as running:
        server = ImapServer(login, password, running)
        listening = running.run(asyncio.start_server(server.talk, "127.0.0.1", 0))
        server.port = listening.sockets[0].getsockname()[1]
        try:
            yield server
        finally:
            running.call(listening.close)
