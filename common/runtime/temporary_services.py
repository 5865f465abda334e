"""A private PostgreSQL and Valkey for tests, checks and benchmarks, gone when their user is gone."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.runtime import postgres, valkey
from common.runtime.keys import new_key
from common.runtime.postgres import Postgres
from common.runtime.service import Server
from common.runtime.valkey import Valkey

MEMORY = Path("/dev/shm")  # noqa: S108 - only a private folder inside it
MEMORY_NEEDED = 2**30
PREFIX = "contact-centre-"


@contextmanager
def temporary_services(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """The environment that leads to them; a server that the caller's environment already names is used instead."""
    folder = new_folder(durable=durable)
    try:
        with running_postgres(folder, durable=durable) as database, running_valkey(folder, durable=durable) as redis:
            keys = {"SECRET_KEY": new_key(), "ENCRYPTION_KEY": new_key()}
            yield {**keys, **database, **redis, "TEMPORARY_FOLDER": str(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgres(folder: Path, *, durable: bool = False) -> Iterator[dict[str, str]]:
    if "DATABASE_URL" in os.environ:
        yield {}
        return
    server = Postgres(folder / "postgres", settings=postgres.DURABLE if durable else postgres.DISPOSABLE)
    with running(server):
        yield server.environment


@contextmanager
def running_valkey(folder: Path, *, durable: bool = False) -> Iterator[dict[str, str]]:
    if "REDIS_URL" in os.environ:
        yield {}
        return
    server = Valkey(folder / "valkey", settings=valkey.DURABLE if durable else valkey.DISPOSABLE)
    with running(server):
        yield server.environment


@contextmanager
def running(server: Server) -> Iterator[None]:
    service = server.service()
    process = service.start()
    try:
        service.wait_until(server.is_ready, process)
        yield
    finally:
        service.stop(process)


def new_folder(*, durable: bool = False) -> Path:
    parent = Path(os.environ.get("VAR_DIR", "var")).absolute() if durable else disposable_parent()
    parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    remove_leftovers(parent)
    folder = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o711)
    return folder


def disposable_parent() -> Path:
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    return MEMORY if has_room else Path(tempfile.gettempdir())


def remove_leftovers(parent: Path) -> None:
    """What users that were killed could not remove: their number is in the name."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
