"""Mailboxes over IMAP: what is new in them, and waiting for it with a line kept open between polls."""

import imaplib
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from channels_connectors.connector import Account
from channels_connectors.email.errors import failure_of
from channels_connectors.email.services import STARTTLS, TLS, login_of, server_of, uses_oauth
from channels_connectors.email.stored import stored_bytes
from channels_connectors.http import READ_SECONDS

INBOX, SENT = "inbox", "sent"
CONNECT_SECONDS = 10.0
MEGABYTE = 1024 * 1024
LARGEST_MAIL = 35 * MEGABYTE
# What one look takes at most.
MOST_MAILS, MOST_BYTES = 25, 60 * MEGABYTE
# Lines that nobody asked on for so long are of accounts that are paused, or polled elsewhere.
UNUSED_SECONDS = 300.0
BROKEN = (OSError, IMAPClientError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a folder was read; ``day`` is of the newest mail, for when the server numbers its mails anew."""

    validity: int = 0
    uid: int = 0
    day: str = ""

    @classmethod
    def read(cls, text: str) -> "Place":
        try:
            validity, uid, day = text.split(".")
            return cls(int(validity), int(uid), day)
        except ValueError:
            return cls()

    def __str__(self) -> str:
        return f"{self.validity}.{self.uid}.{self.day}"


class Mailbox:
    """One account's line. Used by one thread at a time."""

    def __init__(self, account: Account) -> None:
        self.login = _fingerprint(account)
        self.used_at = time.monotonic()
        self._account = account
        self._client = _connect(account)
        self._selected = ""
        self.can_idle = bool(self._client.has_capability("IDLE"))

    def close(self) -> None:
        try:
            self._client.shutdown()
        except BROKEN:
            return

    def end_of(self, folder: str) -> Place:
        """Where the folder ends now, without reading anything."""
        status: Mapping[bytes, int] = self._client.folder_status(self._name(folder), ["UIDVALIDITY", "UIDNEXT"])
        return Place(int(status[b"UIDVALIDITY"]), int(status[b"UIDNEXT"]) - 1)

    def today(self) -> str:
        """The server's day, by its newest mail; empty in an empty mailbox."""
        count = int(self._select(INBOX)[b"EXISTS"])
        if not count:
            return ""
        newest = self._client.fetch(self._client.search(f"{count}:{count}"), ["INTERNALDATE"])
        return max((_day(one) for one in newest.values()), default="")

    def news(self, folder: str, place: Place) -> tuple[list[bytes], Place, bool]:
        """Mails after a place, where to go on from, and whether there is more."""
        if folder != INBOX:
            end = self.end_of(folder)
            if (end.validity, end.uid) == (place.validity, place.uid):
                return [], place, False
        validity = int(self._select(folder)[b"UIDVALIDITY"])
        if not place.validity:
            return [], replace(self.end_of(folder), day=place.day or self.today()), False
        if validity != place.validity:
            place = Place(validity, 0, place.day)
        return self._take(folder, place)

    def _take(self, folder: str, place: Place) -> tuple[list[bytes], Place, bool]:
        uids = self._uids_after(place)
        sizes = self._client.fetch(uids[:MOST_MAILS], ["RFC822.SIZE", "INTERNALDATE"]) if uids else {}
        taken: list[bytes] = []
        room = MOST_BYTES
        for uid in uids[:MOST_MAILS]:
            size = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
            if taken and size > room:
                return taken, place, True
            if (body := self._fetch(uid, size)) is not None:
                taken.append(stored_bytes(body, folder=folder, is_complete=size <= LARGEST_MAIL))
            room -= size
            place = Place(place.validity, uid, max(place.day, _day(sizes.get(uid, {}))))
        return taken, place, len(uids) > MOST_MAILS

    def _uids_after(self, place: Place) -> list[int]:
        """``n:*`` gives the last mail even where its number is below n. A folder that was numbered anew is read from
        the day before its newest mail: what is known already is told by its Message-ID."""
        wanted: list[Any] = ["UID", f"{place.uid + 1}:*"]
        if place.uid == 0 and place.day:
            wanted += ["SINCE", date.fromisoformat(place.day) - timedelta(days=1)]
        return sorted(uid for uid in self._client.search(wanted) if uid > place.uid)

    def _fetch(self, uid: int, size: int) -> bytes | None:
        """Without marking it as seen; ``None`` for what somebody has removed meanwhile."""
        what = "BODY.PEEK[]" if size <= LARGEST_MAIL else "BODY.PEEK[HEADER]"
        answer = self._client.fetch([uid], [what]).get(uid, {})
        body = answer.get(what.replace(".PEEK", "").encode())
        return body if isinstance(body, bytes) else None

    def wait(self, seconds: float) -> None:
        """Until the server tells of something; ends by itself long before the half hour after which lines are cut."""
        self._select(INBOX)
        self._client.idle()
        try:
            self._client.idle_check(timeout=seconds)
        finally:
            self._client.idle_done()

    def _select(self, folder: str) -> Mapping[bytes, Any]:
        """Anew each time: what a selected folder holds is told only now and then."""
        name = self._name(folder)
        self._selected = name
        return dict(self._client.select_folder(name, readonly=True))

    def _name(self, folder: str) -> str:
        return "INBOX" if folder == INBOX else str(self._account.settings.get("sent_folder", ""))

    def folders(self) -> list[str]:
        return [str(name) for _flags, _delimiter, name in self._client.list_folders()]


class Mailboxes:
    """The lines of this process, one for each account that is polled here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, Mailbox] = {}

    @contextmanager
    def of(self, account: Account) -> Iterator[Mailbox]:
        """Whatever breaks closes the line; the next poll opens another."""
        mailbox = self._take(account)
        try:
            mailbox = mailbox or Mailbox(account)
            yield mailbox
        except BROKEN as error:
            if mailbox is not None:
                mailbox.close()
            raise failure_of(error) from None
        except BaseException:
            if mailbox is not None:
                mailbox.close()
            raise
        self._put_back(account, mailbox)

    def _take(self, account: Account) -> Mailbox | None:
        """Nobody else has it meanwhile. What has not been used for long is closed by the way."""
        now = time.monotonic()
        with self._lock:
            mailbox = self._open.pop(account.channel_id, None)
            unused = [pk for pk, one in self._open.items() if now - one.used_at > UNUSED_SECONDS]
            closing = [self._open.pop(pk) for pk in unused]
        if mailbox is not None and mailbox.login != _fingerprint(account):
            closing.append(mailbox)
            mailbox = None
        for one in closing:
            one.close()
        return mailbox

    def _put_back(self, account: Account, mailbox: Mailbox) -> None:
        mailbox.used_at = time.monotonic()
        with self._lock:
            before = self._open.pop(account.channel_id, None)
            self._open[account.channel_id] = mailbox
        if before is not None:
            before.close()

    def close(self) -> None:
        with self._lock:
            closing, self._open = list(self._open.values()), {}
        for mailbox in closing:
            mailbox.close()


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """A line for one look. Raises ``ConnectorError``."""
    try:
        mailbox = Mailbox(account)
    except BROKEN as error:
        raise failure_of(error) from None
    try:
        yield mailbox
    except BROKEN as error:
        raise failure_of(error) from None
    finally:
        mailbox.close()


def _connect(account: Account) -> IMAPClient:
    server = server_of(account, "imap")
    context = ssl.create_default_context(cafile=str(account.settings.get("ca_bundle") or "") or None)
    seconds = float(account.settings.get("read_seconds", READ_SECONDS))
    timeout = SocketTimeout(connect=min(CONNECT_SECONDS, seconds), read=seconds)
    client = IMAPClient(
        server.host, server.port, ssl=server.security == TLS, ssl_context=context if server.security == TLS else None,
        timeout=timeout, use_uid=True,
    )  # fmt: skip
    try:
        if server.security == STARTTLS:
            client.starttls(context)
        if uses_oauth(account):
            client.oauth2_login(login_of(account), account.credentials.get("access_token", ""))
        else:
            client.login(login_of(account), account.credentials.get("password", ""))
    except BaseException:
        client.shutdown()
        raise
    return client


def _fingerprint(account: Account) -> tuple[object, ...]:
    """A line is kept only as long as everything that it was opened with is the same."""
    settings = account.settings
    names: Sequence[str] = ("service", "imap_host", "imap_port", "imap_security", "login", "auth", "sent_folder")
    used = "access_token" if uses_oauth(account) else "password"
    return (account.scope, account.credentials.get(used), *(settings.get(name) for name in names))


def _day(answer: Mapping[bytes, Any]) -> str:
    moment = answer.get(b"INTERNALDATE")
    return moment.date().isoformat() if moment is not None else ""
