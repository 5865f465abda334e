import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.runtime.var_dir import prepare_var_dir
from tests.runtime.launched import Launched, eventually, free_port, is_gone

pytestmark = pytest.mark.slow
PASSWORD = "for the tests of the launcher"
COUNT_STAFF = "from crm.models import User; print(User.objects.filter(username='olga', first_name='Kept').count())"
RENAME_OLGA = "from crm.models import User; User.objects.filter(username='olga').update(first_name='Kept')"


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """Not under pytest's own folder: root's database server runs under another account, which may not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="launcher-"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder)


def refusal(var_dir: Path, **environment: str) -> str:
    launched = Launched(var_dir, port=int(environment.pop("PORT", free_port())), **environment)
    assert launched.process.wait(60) != 0
    return next(line for line in launched.said().splitlines() if line.startswith("Can't start:"))


def test_the_first_start_serves_and_a_stop_leaves_nothing(var_dir):
    launched = Launched(var_dir, port=free_port(), DEMO_PASSWORD=PASSWORD)
    launched.wait_ready()
    pids = [launched.launcher(), *launched.pids()]

    assert f"Ready: http://127.0.0.1:{launched.port}/\n" in launched.said()
    assert f"olga {PASSWORD}" in launched.said()
    assert launched.get("healthz") == "ok"
    assert "It is already running with VAR_DIR" in refusal(var_dir)
    assert f"Port {launched.port} is in use" in refusal(var_dir.with_name("other"), PORT=str(launched.port))

    launched.process.terminate()

    launched.process.wait(30)
    assert "Stopped." in launched.said()
    assert [pid for pid in pids if not is_gone(pid)] == []


def test_killed_services_are_started_again_and_a_killed_launcher_leaves_nothing_but_the_data(var_dir):
    port = free_port()
    launched = Launched(var_dir, port=port)
    launched.wait_ready()
    for name in ("web-1", "worker", "beat", "valkey", "postgres"):
        killed = launched.pid_of(name)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda name=name, killed=killed: launched.pid_of(name) != killed)
    eventually(lambda: '"database": true' in launched.get("readyz"))
    launched.manage("shell", "--no-imports", "-c", RENAME_OLGA)
    pids = [launched.launcher(), *launched.pids()]

    os.kill(launched.launcher(), signal.SIGKILL)

    launched.process.wait(30)
    eventually(lambda: all(map(is_gone, pids)))
    again = Launched(var_dir, port=port)
    again.wait_ready()
    assert again.manage("shell", "--no-imports", "-c", COUNT_STAFF) == "1\n"
    again.process.kill()
    again.process.wait()
    eventually(lambda: is_gone(again.launcher()))


def test_half_initialised_data_are_refused_and_left_as_they_are(var_dir):
    half = var_dir / "postgres" / "data" / "base"
    prepare_var_dir(var_dir)
    half.mkdir(parents=True, mode=0o700)
    half.parent.parent.chmod(0o700)

    assert "is not a complete database" in refusal(var_dir)
    assert half.exists()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "80000"}, "PORT must be a whole number from 1 to 65535"),
        ({"WEB_PROCESSES": "many"}, "WEB_PROCESSES must be a whole number"),
        ({"BIND_ADDRESS": "203.0.113.1"}, "Can't listen on 203.0.113.1"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(var_dir, environment, sentence):
    assert sentence in refusal(var_dir, **environment)


def test_a_file_in_the_place_of_the_folder_is_refused(var_dir):
    var_dir.touch()

    assert "is not a folder" in refusal(var_dir)
