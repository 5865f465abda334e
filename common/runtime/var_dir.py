import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.runtime.errors import CannotStart
from common.runtime.folders import require_free_space
from common.runtime.options import Options

FIRST_START_MEGABYTES = 300
LATER_START_MEGABYTES = 50


def prepare_var_dir(var_dir: Path) -> None:
    # Root's database server runs under another account, which must pass through but not look around.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        var_dir.mkdir(mode=mode, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CannotStart(f"VAR_DIR {var_dir} is not a folder.") from error
    except OSError as error:
        raise CannotStart(f"The folder VAR_DIR {var_dir} can't be made: {error.strerror}.") from error
    if not os.access(var_dir, os.R_OK | os.W_OK | os.X_OK):
        raise CannotStart(f"VAR_DIR {var_dir} may not be written by this account. Choose another: make run VAR_DIR=…")
    is_new = not (var_dir / "postgres").exists()
    require_free_space(var_dir, megabytes=FIRST_START_MEGABYTES if is_new else LATER_START_MEGABYTES)


@contextmanager
def only_launcher_of(run_folder: Path) -> Iterator[None]:
    """Two launchers on the same data would fight over them; the lock goes with us, however we end."""
    with (run_folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise CannotStart(
                f"It is already running with VAR_DIR {run_folder.parent} (process {lock.read().strip()}). "
                "Stop that one first, or choose another VAR_DIR and PORT."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def listening(options: Options) -> Iterator[socket.socket]:
    """The web processes' socket, ours so that callers wait rather than fail while a web process is started again."""
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    try:
        listener = socket.create_server((options.address, options.port), family=family, backlog=2048)
    except OSError as error:
        raise CannotStart(why_not_listening(options, error)) from error
    with listener:
        yield listener


def why_not_listening(options: Options, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {options.port} is in use by another program. Choose another: make run PORT={options.port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {options.port} needs special rights. Choose one above 1023: make run PORT=8000"
    return f"Can't listen on {options.address} port {options.port}: {os.strerror(error.errno or errno.EINVAL)}."
