"""The whole product as ``make run`` starts it, for tests that kill parts of it or look at it from outside."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery"
INHERITED = (
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ENCRYPTION_KEY",
    "TEMPORARY_FOLDER",
    "POSTGRES_PROGRAMS",
)


@dataclass(frozen=True, slots=True)
class LiveProduct:
    url: str
    var_dir: Path

    def pid_of(self, service: str) -> int:
        return int((self.var_dir / "run" / f"{service}.pid").read_text().split()[0])

    def kill(self, service: str) -> None:
        os.kill(self.pid_of(service), signal.SIGKILL)

    def has_come_back(self, service: str, before: int) -> bool:
        """Another process has taken the place of this one."""
        try:
            return self.pid_of(service) != before
        except (OSError, IndexError):
            return False

    @property
    def environment(self) -> dict[str, str]:
        """What leads to its services."""
        lines = (self.var_dir / "env").read_text().splitlines()
        named = (line.removeprefix("export ").split("=", 1) for line in lines if "=" in line)
        return {name: value.strip("'\"") for name, value in named}

    def flush_redis(self) -> None:
        """Everything in it is lost."""
        import redis

        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushall()

    def manage(self, *words: str) -> str:
        command = [str(ROOT / "bin" / "manage"), *words]
        environment = _environment() | {"VAR_DIR": str(self.var_dir)}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def api(self, user: str) -> httpx.Client:
        """The REST API as this member of staff."""
        headers = {"Authorization": f"Bearer {self.manage('issue_token', user)}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=10, trust_env=False)


@contextmanager
def live_product(**settings: str) -> Iterator[LiveProduct]:
    """A product of its own on a free port. ``settings`` are environment variables."""
    with tempfile.TemporaryDirectory(prefix="live-") as folder:
        # PostgreSQL runs as another user where we are root, and must be able to enter.
        Path(folder).chmod(0o755)
        with _running(Path(folder) / "var", settings) as product:
            yield product


@contextmanager
def _running(var_dir: Path, settings: Mapping[str, str]) -> Iterator[LiveProduct]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment() | {"VAR_DIR": str(var_dir), "PORT": str(port), "DEMO_PASSWORD": PASSWORD, **settings}
    environment.setdefault("PUBLIC_URL", url)
    with (
        (var_dir.parent / "product.log").open("w") as log,
        subprocess.Popen(
            [str(ROOT / "bin" / "run")], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            _wait_until_ready(process, Path(log.name))
            yield LiveProduct(url=url, var_dir=var_dir)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return inherited | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def _wait_until_ready(process: "subprocess.Popen[str]", log: Path) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Ready:"):
            return
    raise AssertionError(f"The product did not start:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def rows(product: LiveProduct, query: str) -> list[tuple[Any, ...]]:
    """What is really in the database."""
    import psycopg

    with psycopg.connect(database_url(product)) as connection:
        return connection.execute(query).fetchall()


def database_url(product: LiveProduct) -> str:
    return product.environment["DATABASE_URL"]
