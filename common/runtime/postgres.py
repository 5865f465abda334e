import signal
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from common.runtime.folders import socket_folder, unprivileged_account
from common.runtime.postgres_files import (
    DATABASE,
    ROLE,
    SERVER_ENVIRONMENT,
    make_cluster,
    server_home,
    server_programs,
)
from common.runtime.service import Process, Service

DURABLE = ("shared_buffers=256MB", "max_connections=100", "wal_compression=on", "jit=off")
DISPOSABLE = (*DURABLE, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
STATUS_LINE = 7


class Postgres:
    """A PostgreSQL of our own on a unix socket, with its files under ``home``."""

    def __init__(self, home: Path, *, settings: Sequence[str] = DURABLE) -> None:
        self.account = unprivileged_account()
        self.home = server_home(home, self.account)
        self.programs = server_programs(self.home, self.account)
        self.socket = socket_folder(self.home, account=self.account)
        self.cluster = make_cluster(self.home, self.programs, self.account)
        self.log = self.home / "postgres.log"
        self.settings = settings

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "POSTGRES_PROGRAMS": str(self.programs)}

    def service(self) -> Service:
        options = ("listen_addresses=", "unix_socket_permissions=0700", "log_checkpoints=off", *self.settings)
        switches = (part for option in options for part in ("-c", option))
        return Service(
            name="postgres",
            argv=(str(self.programs / "postgres"), "-D", str(self.cluster), "-k", str(self.socket), *switches),
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            stop_seconds=60,
            account=self.account,
            environment=SERVER_ENVIRONMENT,
            folder=self.home,
            log=self.log,
        )

    def is_ready(self, process: Process) -> bool:
        try:
            status = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        # A crash leaves a file that still says "ready": the process it names must be ours.
        return len(status) > STATUS_LINE and status[0] == str(process.pid) and status[STATUS_LINE].strip() == "ready"
