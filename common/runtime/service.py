import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from common.runtime.bound_child import NOBODY_ASKED
from common.runtime.errors import CannotStart

BOUND_CHILD = Path(__file__).with_name("bound_child.py")
LAST_LINES = 5
LONGEST_LOG_BYTES = 10 * 2**20
Process = subprocess.Popen[bytes]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A program that lives as long as we do: how to start it, as whom, and what asks it to stop."""

    name: str
    argv: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 60
    stop_seconds: float = 10
    account: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    log: Path | None = None
    inherited_sockets: tuple[int, ...] = ()

    def start(self) -> Process:
        with ExitStack() as opened:
            self._put_long_log_aside()
            output = opened.enter_context(self.log.open("ab")) if self.log else None
            return subprocess.Popen(
                bound(self.argv, death_signal=self.death_signal, account=self.account),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                pass_fds=self.inherited_sockets,
                # Ctrl-C at the terminal is for the parent alone, which stops its children in order.
                start_new_session=True,
            )

    def stop(self, process: Process) -> None:
        if process.poll() is None:
            process.send_signal(self.stop_signal)
        try:
            process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_until(self, is_ready: Callable[[Process], bool], process: Process) -> None:
        give_up = time.monotonic() + self.ready_seconds
        while not is_ready(process):
            if process.poll() is not None:
                raise CannotStart(f"{self.name} ended at once{self.last_words()}")
            if time.monotonic() > give_up:
                raise CannotStart(f"{self.name} is not ready after {self.ready_seconds:.0f} s{self.last_words()}")
            time.sleep(0.01)

    def last_words(self) -> str:
        if self.log is None or not self.log.exists():
            return "."
        return "\n".join([f"; {self.log} ends with:", *self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]])

    def _put_long_log_aside(self) -> None:
        if self.log and self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old"))


class Server(Protocol):
    """A database of our own, and the environment that leads others to it."""

    @property
    def environment(self) -> dict[str, str]: ...

    def service(self) -> Service: ...

    def is_ready(self, process: Process) -> bool: ...


def bound(
    argv: tuple[str, ...], *, death_signal: signal.Signals = signal.SIGTERM, account: str | None = None
) -> list[str]:
    """The command line that runs ``argv`` as a child which the kernel ends when we die."""
    program = shutil.which(argv[0])
    if program is None:
        raise CannotStart(f"There is no program {argv[0]} to run.")
    launcher = [sys.executable, "-I", "-S", str(BOUND_CHILD), death_signal.name, str(os.getpid())]
    return [*launcher, account or NOBODY_ASKED, program, *argv[1:]]
