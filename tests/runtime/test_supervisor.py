import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.runtime.errors import CannotStart
from common.runtime.service import Service, bound
from tests.runtime.launched import eventually, is_gone

ROOT = Path(__file__).resolve().parents[2]
KEEP_TWO_SLEEPERS = """
import sys
from pathlib import Path
from common.runtime.service import Service
from common.runtime.supervisor import Stopped, Supervisor, stop_when_asked

stop_when_asked()
try:
    with Supervisor(Path(sys.argv[1])) as supervisor:
        supervisor.start_together([Service(name=name, argv=("sleep", "60")) for name in ("one", "two")])
        print("started", flush=True)
        supervisor.watch(parent=int(sys.argv[2]) if len(sys.argv) > 2 else None)
except Stopped:
    pass
"""


def pid_of(notes, name):
    return int((notes / f"{name}.pid").read_text().split()[0])


@pytest.fixture
def keeper(tmp_path):
    command = [sys.executable, "-c", KEEP_TWO_SLEEPERS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"started\n"
        yield process
        process.kill()


def test_what_dies_is_started_again_at_once(keeper, tmp_path):
    first = pid_of(tmp_path, "one")

    os.kill(first, signal.SIGKILL)

    eventually(lambda: pid_of(tmp_path, "one") != first)
    assert not is_gone(pid_of(tmp_path, "one"))
    assert not is_gone(pid_of(tmp_path, "two"))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_leaves_nothing_and_is_no_failure(keeper, tmp_path, asked):
    children = [pid_of(tmp_path, name) for name in ("one", "two")]

    keeper.send_signal(asked)

    assert keeper.wait(10) == 0
    assert all(map(is_gone, children))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_children_end_with_a_parent_that_was_killed(keeper, tmp_path):
    children = [pid_of(tmp_path, name) for name in ("one", "two")]

    keeper.kill()

    eventually(lambda: all(map(is_gone, children)))


def test_it_ends_when_its_parent_is_no_longer_its_parent(tmp_path):
    command = [sys.executable, "-c", KEEP_TWO_SLEEPERS, str(tmp_path), "1"]

    assert subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=10, check=False).returncode == 0


def test_a_program_that_is_not_there_is_said_so():
    with pytest.raises(CannotStart, match="There is no program nonesuch to run"):
        bound(("nonesuch",))


def test_a_service_that_ends_instead_of_becoming_ready_tells_why(tmp_path):
    service = Service(name="failing", argv=("sh", "-c", "echo the reason >&2; exit 3"), log=tmp_path / "failing.log")
    process = service.start()

    with pytest.raises(CannotStart, match=r"failing ended at once[^\n]*\nthe reason"):
        service.wait_until(lambda process: False, process)


def test_a_service_that_does_not_stop_when_asked_is_killed(tmp_path):
    stubborn = ("sh", "-c", "trap '' TERM; echo ready; sleep 60 & wait; sleep 60")
    service = Service(name="stubborn", argv=stubborn, log=tmp_path / "log", stop_seconds=0.2)
    process = service.start()
    eventually(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text())

    service.stop(process)

    assert process.returncode == -signal.SIGKILL
