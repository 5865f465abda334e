"""Servers that a killed launcher left running: remembered by number and time of birth, stopped at the next start.

On Linux the kernel ends them with their parent, which still takes them a moment; elsewhere this is the only way.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE_SECONDS = 15


def birth_of(pid: int) -> str | None:
    """Tells this process from a later one with the same number; nothing for one that is gone."""
    if Path("/proc/self/stat").exists():
        return birth_in_proc(pid)
    told = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, birth = told.stdout.strip().partition(" ")
    return birth.strip() if birth and not state.startswith("Z") else None


def birth_in_proc(pid: int) -> str | None:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, ticks = after_name[0], after_name[19]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state == "Z" else f"{ticks} {boot}"


def remember(folder: Path, name: str, pid: int) -> None:
    """Whole or not at all: whoever reads it in between, or after a crash, must not find half a note."""
    note = folder / f"{name}.pid"
    unfinished = note.with_suffix(".new")
    unfinished.write_text(f"{pid}\n{birth_of(pid)}\n")
    unfinished.replace(note)


def stop_left_over(folder: Path) -> None:
    for note in sorted(folder.glob("*.pid")):
        pid, birth = [*note.read_text().splitlines(), "", ""][:2]
        if pid.isdigit():
            stop(int(pid), birth)
        note.unlink()


def stop(pid: int, birth: str) -> None:
    # SIGTERM lets PostgreSQL wait for its clients for ever; SIGINT ends every one of our servers.
    for request in (signal.SIGINT, signal.SIGKILL):
        give_up = time.monotonic() + PATIENCE_SECONDS
        if birth_of(pid) == birth:
            os.kill(pid, request)
        while birth_of(pid) == birth and time.monotonic() < give_up:
            time.sleep(0.05)
