"""The whole product on one machine: database, Redis, web, worker and beat under one supervisor. See bin/run."""

import argparse
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from common.runtime.errors import CannotStart
from common.runtime.folders import private_folder
from common.runtime.keys import KEYS, REPLACEABLE_KEYS, is_given, kept_keys, write_environment
from common.runtime.left_over import stop_left_over
from common.runtime.options import Options
from common.runtime.postgres import Postgres
from common.runtime.readiness import answer_of
from common.runtime.service import Server, Service, bound
from common.runtime.supervisor import Stopped, Supervisor, say, stop_when_asked
from common.runtime.valkey import Valkey
from common.runtime.var_dir import listening, only_launcher_of, prepare_var_dir

PROGRAMS = Path(__file__).resolve().parents[2] / "bin"
READY_SECONDS = 90
FAILURES_TO_GIVE_UP = 3
CONNECTIONS = ("DATABASE_URL", "REDIS_URL", *KEYS, *REPLACEABLE_KEYS)
GIVEN_BY_THE_USER = {*CONNECTIONS, *(f"{name}_FILE" for name in CONNECTIONS)}
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: list[str]) -> int:
    stop_when_asked()
    parser = argparse.ArgumentParser(prog="bin/run", description=__doc__)
    parser.add_argument("--parent", type=int, help="stop when this process is no longer our parent")
    parent = parser.parse_args(arguments).parent
    try:
        run(Options.from_environment(), parent=parent)
    except Stopped:
        say("Stopped.")
    except CannotStart as refusal:
        say(f"Can't start: {refusal}")
        return 1
    except OSError as error:
        reason = "the disk is full" if error.errno in DISK_IS_FULL else error.strerror
        say(f"Can't start: {error.filename or 'a file'}: {reason}.")
        return 1
    return 0


def run(options: Options, *, parent: int | None) -> None:
    prepare_var_dir(options.var_dir)
    notes = private_folder(options.var_dir / "run")
    with only_launcher_of(notes):
        stop_left_over(notes)
        with listening(options) as listener, Supervisor(notes) as supervisor:
            environment = start_servers(options, supervisor)
            write_environment(options.var_dir / "env", environment)
            prepare(environment)
            supervisor.start_together(product_services(options, environment, listener.fileno()))
            wait_until_ready(options, supervisor)
            announce(options)
            supervisor.watch(parent=parent)


def start_servers(options: Options, supervisor: Supervisor) -> dict[str, str]:
    """Those that the environment does not already name; returns the environment that leads to all of them."""
    has_own_data = (options.var_dir / "postgres" / "data" / "PG_VERSION").exists() and not is_given("DATABASE_URL")
    keys = kept_keys(options.var_dir, may_make=not has_own_data)
    servers = own_servers(options.var_dir)
    services = [server.service() for server in servers]
    processes = supervisor.start_together(services)
    for server, service, process in zip(servers, services, processes, strict=True):
        service.wait_until(server.is_ready, process)
    given = {name: value for name, value in os.environ.items() if name in GIVEN_BY_THE_USER}
    addresses = {name: value for server in servers for name, value in server.environment.items()}
    return {"VAR_DIR": str(options.var_dir), **given, **keys, **addresses}


def own_servers(var_dir: Path) -> list[Server]:
    servers: list[Server] = []
    if not is_given("DATABASE_URL"):
        servers.append(Postgres(var_dir / "postgres"))
    if not is_given("REDIS_URL"):
        servers.append(Valkey(var_dir / "valkey"))
    return servers


def prepare(environment: Mapping[str, str]) -> None:
    command = bound((str(PROGRAMS / "prepare"), "--demo"))
    with subprocess.Popen(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL) as process:
        try:
            code = process.wait()
        except Stopped:
            process.terminate()
            raise
    if code:
        raise CannotStart("the database could not be prepared, see above.")


def product_services(options: Options, environment: Mapping[str, str], socket_fd: int) -> list[Service]:
    everywhere = {**environment, "PYTHONUNBUFFERED": "1"}
    web = [
        Service(
            name=f"web-{number}",
            argv=(str(PROGRAMS / "web"),),
            environment={**everywhere, "WEB_FD": str(socket_fd)},
            inherited_sockets=(socket_fd,),
        )
        for number in range(1, options.web_processes + 1)
    ]
    worker = Service(name="worker", argv=(str(PROGRAMS / "worker"),), environment=everywhere)
    # Beat has nothing to finish, and asked to stop while it still starts it quarrels at length.
    beat = Service(name="beat", argv=(str(PROGRAMS / "beat"),), environment=everywhere, stop_signal=signal.SIGKILL)
    return [*web, worker, beat]


def wait_until_ready(options: Options, supervisor: Supervisor) -> None:
    give_up = time.monotonic() + READY_SECONDS
    failures = 0
    status, text = answer_of(options)
    while status != HTTPStatus.OK:
        failures += status == HTTPStatus.INTERNAL_SERVER_ERROR
        failing = supervisor.names_of_failing(deaths=FAILURES_TO_GIVE_UP)
        if failing or failures >= FAILURES_TO_GIVE_UP:
            raise CannotStart(f"{', '.join(failing) or 'the web process'} keeps failing, see above.")
        if time.monotonic() > give_up:
            raise CannotStart(f"not ready after {READY_SECONDS} s; {options.url}readyz says: {status or ''} {text}")
        time.sleep(0.1)
        supervisor.revive()
        status, text = answer_of(options)


def announce(options: Options) -> None:
    accounts = options.var_dir / "demo-accounts.txt"
    print(f"Ready: {options.url}")
    if accounts.exists():
        print(accounts.read_text(encoding="utf-8").rstrip())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
