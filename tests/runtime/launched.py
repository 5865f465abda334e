"""The real launcher in a process of its own, as a person starts it."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from common.runtime.left_over import birth_of

ROOT = Path(__file__).resolve().parents[2]
SERVERS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEY", "POSTGRES_PROGRAMS", "TEMPORARY_FOLDER"}
OF_THE_TESTS = SERVERS | {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
READY_SECONDS = 120


class Launched:
    def __init__(self, var_dir: Path, *, port: int, **environment: str) -> None:
        bare = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
        self.var_dir = var_dir
        self.port = port
        self.output = var_dir.with_suffix(".log")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                ["make", "--no-print-directory", "run"],
                cwd=ROOT,
                env={**bare, "VAR_DIR": str(var_dir), "PORT": str(port), **environment},
                stdout=output,
                stderr=output,
            )

    def wait_ready(self) -> None:
        give_up = time.monotonic() + READY_SECONDS
        while "Ready:" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return str(answer.read().decode())

    def pid_of(self, name: str) -> int:
        return int((self.var_dir / "run" / f"{name}.pid").read_text().split()[0])

    def pids(self) -> list[int]:
        return [int(note.read_text().split()[0]) for note in (self.var_dir / "run").glob("*.pid")]

    def launcher(self) -> int:
        return int((self.var_dir / "run" / "lock").read_text())

    def manage(self, *command: str) -> str:
        bare = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
        return subprocess.run(
            [ROOT / "bin" / "manage", *command],
            env={**bare, "VAR_DIR": str(self.var_dir)},
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
            check=True,
        ).stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_gone(pid: int) -> bool:
    return birth_of(pid) is None


def eventually(condition, *, seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.02)
