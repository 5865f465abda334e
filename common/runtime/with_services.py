"""bin/with-services [--durable] COMMAND…: run a command beside a private PostgreSQL and Valkey."""

import os
import signal
import subprocess
import sys
from types import FrameType

from common.runtime.errors import CannotStart
from common.runtime.service import bound
from common.runtime.temporary_services import temporary_services

USAGE = "usage: bin/with-services [--durable] COMMAND…"


def main(arguments: list[str]) -> int:
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if not command:
        print(USAGE, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, end_as_if_interrupted)
    try:
        with temporary_services(durable=durable) as environment:
            return run(command, environment)
    except CannotStart as refusal:
        print(f"with-services: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(bound(tuple(command)), env={**os.environ, **environment})
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


def end_as_if_interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
