"""Dovecot judges how mailboxes are read, aiosmtpd how mails are sent."""

import shutil
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from channels_connectors.connector import Account
from channels_connectors.email.connector import Email
from channels_connectors.errors import ConnectorError
from tests.channels_connectors.email.letters import ANNA, letter
from tests.providers.email.dovecot import LOGIN, PASSWORD, Dovecot, dovecot

pytestmark = [
    pytest.mark.row("C12"),
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("dovecot"), reason="Dovecot is not installed (apt-get install dovecot-imapd)"),
]

JUDGES = {
    "email": {
        "Dovecot": "mailboxes: IDLE, TLS, cuts, renumbered folders, sent mails, large mails, wrong passwords",
        "aiosmtpd": "mails that we send, refusals of the server",
    }
}


@pytest.fixture
def server():
    with dovecot() as running:
        yield running


@pytest.fixture
def email():
    connector = Email()
    yield connector
    connector._mailboxes.close()


def account_at(server: Dovecot, **changes: Any) -> Account:
    settings = {
        "address": LOGIN, "imap_host": "127.0.0.1", "imap_port": str(server.port), "imap_security": "plain",
        "sent_folder": "Sent", "read_seconds": 5,
    }  # fmt: skip
    return Account(
        channel_id=1, scope=f"email:{LOGIN}", credentials={"password": PASSWORD}, webhook_secret="secret",
        settings=settings | changes,
    )  # fmt: skip


def keys(polled) -> list[str]:
    return [event.key for event in polled.events]


def test_mails_from_now_on_are_read_once_and_stay_unread(server, email):
    account = account_at(server)
    server.deliver(letter("Before", number=1))
    first = email.poll(cursor="", timeout=0, account=account)
    server.deliver(letter("After", number=2))
    second = email.poll(cursor=first.cursor, timeout=0, account=account)
    third = email.poll(cursor=second.cursor, timeout=0, account=account)

    assert (keys(first), keys(second), keys(third)) == ([], ["<anna-2@example.org>"], [])
    client = server.client()
    client.select_folder("INBOX")
    assert client.search("SEEN") == []
    client.logout()


def test_a_push_arrives_within_a_second(server, email):
    account = account_at(server)
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    delivered: list[float] = []

    def deliver() -> None:
        time.sleep(1.0)
        server.deliver(letter())
        delivered.append(time.monotonic())

    thread = threading.Thread(target=deliver)
    thread.start()
    # As the poller does: whatever else the server tells ends a wait, too.
    until = time.monotonic() + 15
    while not (polled := email.poll(cursor=cursor, timeout=20, account=account)).events and time.monotonic() < until:
        cursor = polled.cursor
    waited = time.monotonic() - delivered[0] if delivered else 99.0
    thread.join()

    assert keys(polled) == ["<anna-1@example.org>"]
    assert waited < 1.0


def test_the_line_is_kept_between_polls_and_mended_when_it_was_cut(server, email):
    account = account_at(server)
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    line = email._mailboxes._open[1]
    cursor = email.poll(cursor=cursor, timeout=1, account=account).cursor
    assert email._mailboxes._open[1] is line

    server.kick()
    server.deliver(letter())
    with pytest.raises(ConnectorError) as caught:
        email.poll(cursor=cursor, timeout=1, account=account)

    assert (caught.value.kind, caught.value.is_outage) == ("RETRY", True)
    assert keys(email.poll(cursor=cursor, timeout=0, account=account)) == ["<anna-1@example.org>"]


def test_a_folder_that_was_numbered_anew_loses_nothing(server, email):
    account = account_at(server)
    server.deliver(letter(number=1))
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    server.deliver(letter(number=2))
    cursor = email.poll(cursor=cursor, timeout=0, account=account).cursor
    email._mailboxes.close()
    server.renumber()
    server.deliver(letter(number=3))

    polled = email.poll(cursor=cursor, timeout=0, account=account)

    assert {"<anna-2@example.org>", "<anna-3@example.org>"} <= set(keys(polled))
    assert polled.cursor.split(".")[0] != cursor.split(".")[0]


def test_sent_mails_of_staff_are_told_apart(server, email):
    account = account_at(server)
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    server.deliver(letter(sender=LOGIN, to=ANNA, number=5), folder="Sent")
    polled = email.poll(cursor=cursor, timeout=0, account=account)

    assert keys(polled) == ["sent:<anna-5@example.org>"]
    assert polled.events[0].body.startswith(b"X-Taken-From: sent\r\n")


def test_many_mails_come_in_bites(server, email):
    account = account_at(server)
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    for number in range(30):
        server.deliver(letter(number=number))
    first = email.poll(cursor=cursor, timeout=20, account=account)
    second = email.poll(cursor=first.cursor, timeout=20, account=account)

    assert (len(first.events), len(second.events)) == (25, 5)
    assert keys(first)[0] == "<anna-0@example.org>"


def test_a_large_mail_whole_and_a_larger_one_by_its_headers(server, email, monkeypatch):
    monkeypatch.setattr("channels_connectors.email.mailbox.LARGEST_MAIL", 2_000_000)
    account = account_at(server)
    cursor = email.poll(cursor="", timeout=0, account=account).cursor
    server.deliver(letter("x" * 70 + "\n" + ("y" * 70 + "\n") * 20_000, number=1))
    server.deliver(letter(("y" * 70 + "\n") * 40_000, number=2))
    events = email.poll(cursor=cursor, timeout=0, account=account).events

    assert len(events[0].body) > 1_400_000
    assert events[1].body.startswith(b"X-Taken-From: inbox; headers-only\r\n")
    assert len(events[1].body) < 2000


def test_tls_with_a_certificate_that_is_trusted_or_not(server, email):
    secure = {"imap_port": str(server.tls_port), "imap_security": "tls", "imap_host": "localhost"}
    trusted = account_at(server, ca_bundle=str(server.certificate), **secure)

    assert email.poll(cursor="", timeout=0, account=trusted).cursor
    email._mailboxes.close()
    with pytest.raises(ConnectorError, match="certificate"):
        email.poll(cursor="", timeout=0, account=account_at(server, **secure))


def test_starttls(server, email):
    account = account_at(server, ca_bundle=str(server.certificate), imap_security="starttls", imap_host="localhost")

    assert email.poll(cursor="", timeout=0, account=account).cursor


def test_a_wrong_password_is_told(server, email):
    with pytest.raises(ConnectorError) as caught:
        email.poll(cursor="", timeout=0, account=replace(account_at(server), credentials={"password": "wrong"}))

    assert caught.value.kind == "TOKEN"
