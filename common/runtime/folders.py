import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from common.runtime.errors import CannotStart
from common.runtime.service import bound

SERVER_ACCOUNT = "nobody"
LONGEST_SOCKET_FOLDER = 85
"""A unix socket's path holds 107 bytes; PostgreSQL adds its own file name."""


def unprivileged_account() -> str | None:
    """PostgreSQL refuses to run as root; an ordinary user keeps their own account."""
    return SERVER_ACCOUNT if os.geteuid() == 0 else None


def reachable_as(account: str | None, path: Path) -> bool:
    """Asked of the kernel in a child of that account, not guessed from modes."""
    return subprocess.run(bound(("test", "-x", str(path)), account=account), check=False, cwd="/").returncode == 0


def private_folder(path: Path, *, account: str | None = None) -> Path:
    """Make a folder that only its owner enters; an existing one must be such already."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"The folder {path} can't be made: {error.strerror}.") from error
    if account and path.stat().st_uid == os.geteuid():
        give_to(account, path)
    found = path.stat()
    if found.st_uid != owner_id(account) or stat.S_IMODE(found.st_mode) & 0o077:
        raise CannotStart(
            f"The folder {path} must belong to {account or 'this account'} and be closed to others (mode 0700). "
            "Was it made by another account? Run as that one, or choose another VAR_DIR."
        )
    return path


def owner_id(account: str | None) -> int:
    return pwd.getpwnam(account).pw_uid if account else os.geteuid()


def give_to(account: str, path: Path) -> None:
    user = pwd.getpwnam(account)
    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def give_tree_to(account: str, root: Path) -> None:
    give_to(account, root)
    for path in root.rglob("*"):
        give_to(account, path)


def socket_folder(home: Path, *, account: str | None = None) -> Path:
    wanted = home / "s"
    if len(os.fsencode(wanted)) > LONGEST_SOCKET_FOLDER:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        wanted = Path(tempfile.gettempdir()) / f"contact-centre-{name}"
    return private_folder(wanted, account=account)


def require_free_space(folder: Path, *, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise CannotStart(
            f"The disk that holds {folder} is full: {free} MB are free and at least {megabytes} MB are needed."
        )
