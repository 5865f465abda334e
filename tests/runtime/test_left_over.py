import subprocess
import sys

from common.runtime.left_over import birth_of, remember, stop_left_over


def sleeper():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_a_server_that_was_left_running_is_stopped(tmp_path):
    process = sleeper()
    remember(tmp_path, "worker", process.pid)

    stop_left_over(tmp_path)

    assert process.wait(5) != 0
    assert list(tmp_path.iterdir()) == []


def test_a_later_process_with_the_same_number_is_left_alone(tmp_path):
    process = sleeper()
    (tmp_path / "worker.pid").write_text(f"{process.pid}\nborn long ago\n")

    stop_left_over(tmp_path)

    assert process.poll() is None
    assert list(tmp_path.iterdir()) == []
    process.kill()
    process.wait()


def test_a_damaged_note_is_thrown_away(tmp_path):
    (tmp_path / "worker.pid").write_text("")

    stop_left_over(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_gone_has_no_birth():
    process = sleeper()
    born = birth_of(process.pid)
    process.kill()

    process.wait()

    assert born
    assert birth_of(process.pid) is None
