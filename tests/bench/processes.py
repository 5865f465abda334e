"""What the kernel says of processes: the CPU time and the memory they have used."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Used so far by these processes and all that descend from them, those that have ended included."""
    children, ticks = defaultdict(list), {}
    for pid, parent, used in _all_processes():
        children[parent].append(pid)
        ticks[pid] = used
    total, todo = 0, list(pids)
    while todo:
        pid = todo.pop()
        total += ticks.get(pid, 0)
        todo.extend(children[pid])
    return total / TICKS


def _all_processes() -> Iterator[tuple[int, int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(folder.name), int(fields[1]), sum(map(int, fields[11:15]))


def parent_of(pid: int) -> int:
    return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


def memory_kb(pid: int) -> int:
    """Proportional set size: what is shared counts by the share."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def load_average() -> float:
    return os.getloadavg()[0]


def _busy_ticks() -> tuple[int, int]:
    ticks = [int(field) for field in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(ticks), ticks[3] + ticks[4]


def wait_for_calm(*, busy: float = 0.25, patience: float = 10.0) -> None:
    """Until others use less than this share of the machine, but not for ever."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        all_before, idle_before = _busy_ticks()
        time.sleep(0.4)
        all_after, idle_after = _busy_ticks()
        if 1 - (idle_after - idle_before) / max(1, all_after - all_before) < busy:
            return
