"""The product under measurement: its own processes, started as bin/run starts them, on a database of their own."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import redis

from common.runtime.service import Process, Service
from tests.bench import databases
from tests.bench.ports import free_port, wait_for_port
from tests.bench.processes import cpu_seconds
from tests.bench.scene import Scene

PROGRAMS = Path(__file__).resolve().parents[2] / "bin"


@dataclass(frozen=True, slots=True)
class Product:
    database: str
    port: int
    scene: Scene
    web: Process
    others: list[Process] = field(default_factory=list)

    def cpu_seconds(self) -> float:
        """Of every process of the product, PostgreSQL and Redis included."""
        own = [self.web.pid, *(process.pid for process in self.others)]
        return cpu_seconds([*own, databases.server_pid(), redis_pid()])


@contextmanager
def running(name: str, scene: Scene, *, with_worker: bool) -> Iterator[Product]:
    """Web, and a worker if wanted, on the database ``name``; ready when this is entered."""
    port = free_port()
    with ExitStack() as started:
        web = started.enter_context(_process("web", name, port))
        others = [started.enter_context(_process("worker", name, port))] if with_worker else []
        wait_for_port(port)
        yield Product(database=name, port=port, scene=scene, web=web, others=others)


@contextmanager
def _process(program: str, database: str, port: int) -> Iterator[Process]:
    folder = Path(os.environ["TEMPORARY_FOLDER"])
    # Nobody asks for pages here, and Django would warn of every folder that is missing.
    (folder / "static").mkdir(exist_ok=True)
    environment = {
        "DATABASE_URL": databases.url_for_settings(database),
        "PORT": str(port),
        "VAR_DIR": str(folder),
        "API_RATE": "1000000/min",
    }
    service = Service(name=program, argv=(str(PROGRAMS / program),), environment=environment)
    process = service.start()
    try:
        yield process
    finally:
        service.stop(process)


def make_scene(name: str, *, operators: int = 10, dialogs: int = 300, bot_api: str = "") -> Scene:
    """A migrated database with a company at work."""
    databases.create(name, copy_of=migrated())
    wanted = json.dumps({"operators": operators, "dialogs": dialogs, "bot_api": bot_api})
    printed = databases.run_python(
        ["-m", "tests.bench.scene", wanted], {"DATABASE_URL": databases.url_for_settings(name)}
    )
    return Scene(**json.loads(printed))


@cache
def migrated() -> str:
    """The name of an empty database of the product; migrating takes seconds, copying does not."""
    name = "migrated"
    databases.create(name)
    databases.migrate(name)
    return name


def redis_pid() -> int:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        return int(client.info("server")["process_id"])
