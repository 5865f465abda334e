import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.launched import OF_THE_TESTS, eventually

ROOT = Path(__file__).resolve().parents[2]
WITH_SERVICES = str(ROOT / "bin" / "with-services")
ASK_BOTH = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT lower('ЁЖ')").fetchone()[0], redis.from_url(os.environ["REDIS_URL"]).ping())
print(os.environ["TEMPORARY_FOLDER"])
"""


def bare_environment():
    return {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}


def with_services(*command, **options):
    return subprocess.run(
        [WITH_SERVICES, *command],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


@pytest.mark.slow
def test_a_command_finds_both_servers_and_nothing_stays_behind():
    told = with_services(sys.executable, "-c", ASK_BOTH)

    answer, folder = told.stdout.splitlines()
    assert answer == "ёж True"
    assert not Path(folder).exists()


@pytest.mark.slow
def test_the_commands_own_code_is_handed_on(tmp_path):
    told = with_services("--durable", "sh", "-c", "exit 7", cwd=tmp_path)

    assert told.returncode == 7


@pytest.mark.slow
def test_killing_it_ends_the_command_and_the_servers():
    command = [WITH_SERVICES, "sh", "-c", "echo $$ $TEMPORARY_FOLDER; exec sleep 60"]
    with subprocess.Popen(command, env=bare_environment(), stdout=subprocess.PIPE, text=True) as process:
        pid, folder = process.stdout.readline().split()
        postmaster = (Path(folder) / "postgres/data/postmaster.pid").read_text().split()[0]

        process.send_signal(signal.SIGKILL)

        eventually(lambda: not Path(f"/proc/{pid}").exists() and not Path(f"/proc/{postmaster}").exists())


def test_nothing_to_run_is_said_so():
    told = with_services()

    assert told.returncode == 2
    assert "usage: bin/with-services" in told.stderr


@pytest.mark.slow
def test_a_program_that_is_not_there_is_said_so():
    told = with_services("nonesuch")

    assert told.returncode == 1
    assert told.stderr == "with-services: There is no program nonesuch to run.\n"
