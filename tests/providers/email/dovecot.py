"""A real Dovecot with one mailbox, in the foreground, with a configuration of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from imapclient import IMAPClient

LOGIN, PASSWORD = "support@shop.test", "dovecot-password"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{home}/mail
mail_uid = {user}
mail_gid = {group}
mail_max_userip_connections = 100
mailbox_list_index = yes
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    home: Path
    port: int
    tls_port: int

    @property
    def certificate(self) -> Path:
        return self.home / "cert.pem"

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login(LOGIN, PASSWORD)
        return client

    def deliver(self, mail: bytes, folder: str = "INBOX") -> None:
        client = self.client()
        try:
            client.append(folder, mail)
        finally:
            client.logout()

    def renumber(self) -> None:
        """What the server says of its numbers changes, as after a mailbox was moved."""
        self._doveadm("mailbox", "update", "-u", LOGIN, "--uid-validity", "7", "INBOX")

    def kick(self) -> None:
        """Every line is cut."""
        self._doveadm("kick", LOGIN)

    def _doveadm(self, *words: str) -> None:
        subprocess.run(["doveadm", "-c", str(self.home / "dovecot.conf"), *words], check=True, capture_output=True)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Its folder lies where users other than root, whom it runs as, may go."""
    with TemporaryDirectory(prefix="dovecot-") as folder:
        Path(folder).chmod(0o755)
        yield from _running(Path(folder))


def _running(home: Path) -> Iterator[Dovecot]:
    port, tls_port = _free_port(), _free_port()
    for name in ("run", "state", "mail"):
        (home / name).mkdir()
    _make_certificate(home)
    user, group = _user()
    text = CONFIGURATION.format(home=home, port=port, tls_port=tls_port, password=PASSWORD, user=user, group=group)
    (home / "dovecot.conf").write_text(text)
    if user != "root":
        for place in (home, home / "mail", home / "state"):
            shutil.chown(place, user, group)
    process = subprocess.Popen(["dovecot", "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait_for(port, process, home)
        yield Dovecot(home, port, tls_port)
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()


def _user() -> tuple[str, str]:
    return ("dovecot", "dovecot") if os.getuid() == 0 else (os.environ.get("USER", "nobody"), str(os.getgid()))


def _make_certificate(home: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            log = home / "dovecot.log"
            raise RuntimeError(
                f"Dovecot did not start: {log.read_text() if log.exists() else process.communicate()[1]!r}"
            )
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Dovecot does not answer")
