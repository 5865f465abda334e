import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from common.runtime.errors import CannotStart

LAST_PORT = 65535
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - asked about, not bound


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the person at the terminal may choose for ``make run``."""

    var_dir: Path
    port: int
    address: str
    web_processes: int
    hosts: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        return cls(
            var_dir=Path(environment.get("VAR_DIR") or "var").absolute(),
            port=whole_number(environment, "PORT", default=8000, highest=LAST_PORT),
            address=environment.get("BIND_ADDRESS") or "127.0.0.1",
            web_processes=whole_number(environment, "WEB_PROCESSES", default=1, highest=64),
            hosts=environment.get("ALLOWED_HOSTS", ""),
        )

    @property
    def local_address(self) -> str:
        return "127.0.0.1" if self.address in EVERY_ADDRESS else self.address

    @property
    def url(self) -> str:
        host = f"[{self.local_address}]" if ":" in self.local_address else self.local_address
        return f"http://{host}:{self.port}/"


def whole_number(environment: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    written = environment.get(name) or str(default)
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= highest:
        raise CannotStart(f"{name} must be a whole number from 1 to {highest}, not {written!r}.")
    return int(written)
