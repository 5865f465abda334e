"""What bare PostgreSQL does with the same message in the same run: pgbench, five statements, single commits."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import databases
from tests.bench.figures import percentile

SQL = Path(__file__).with_name("sql")
NAME = "ceiling"
CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Ceiling:
    per_second: float
    p99_ms: float


def prepare() -> None:
    databases.create(NAME)
    databases.execute(NAME, (SQL / "schema.sql").read_text(), "VACUUM ANALYZE")


def measure(*, seconds: float, per_second: float | None = None) -> Ceiling:
    """As fast as it goes, or at a given rate."""
    with tempfile.TemporaryDirectory() as folder:
        rate = ["--rate", str(per_second)] if per_second else []
        program = Path(os.environ["POSTGRES_PROGRAMS"]) / "pgbench"
        command = [
            str(program), "--no-vacuum", "--protocol=prepared", f"--file={SQL / 'five_statements.sql'}",
            f"--client={CLIENTS}", "--jobs=2", f"--time={seconds:.0f}", "--log", f"--log-prefix={folder}/log", *rate,
            databases.url_of(NAME),
        ]  # fmt: skip
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return Ceiling(per_second=_rate(printed), p99_ms=percentile(_latencies(Path(folder)), 0.99) * 1000)


def _rate(printed: str) -> float:
    found = re.search(r"^tps = ([0-9.]+)", printed, re.MULTILINE)
    assert found, printed
    return float(found[1])


def _latencies(folder: Path) -> list[float]:
    """In seconds; a line of the log is client, transaction, microseconds, …"""
    lines = (line for log in folder.iterdir() for line in log.read_text().splitlines())
    return [int(line.split()[2]) / 1e6 for line in lines]
