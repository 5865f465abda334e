import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rows import print_report, worse

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

@pytest.mark.row("R2")
@pytest.mark.row("L1", "R10")
def test_shows_three_rows():
    pass

@pytest.mark.row("R2")
def test_fails():
    raise AssertionError

def test_shows_none():
    pass
"""
CONFTEST = """
from tests.rows import RowKeeper

def pytest_configure(config):
    config.pluginmanager.register(RowKeeper(config))
"""
CONFIGURATION = """
[tool.pytest]
testpaths = ["suite"]
markers = ["row(id): a row"]
"""


@pytest.fixture
def suite(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "test_it.py").write_text(SUITE)
    (tmp_path / "suite" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION)

    def run(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", *arguments]
        subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return tmp_path / "var" / "rows.json"

    return run


@pytest.mark.slow
@pytest.mark.parametrize("parallel", [(), ("-n", "2")])
def test_a_whole_run_writes_the_outcome_of_each_rows_tests(suite, parallel):
    report = json.loads(suite(*parallel).read_text())

    passed = {"test": "suite/test_it.py::test_shows_three_rows", "outcome": "passed"}
    failed = {"test": "suite/test_it.py::test_fails", "outcome": "failed"}
    assert report == {"L1": [passed], "R10": [passed], "R2": [failed, passed]}


@pytest.mark.slow
@pytest.mark.parametrize("narrowed", [("suite/test_it.py",), ("-k", "three")])
def test_a_narrowed_run_says_nothing_of_rows(suite, narrowed):
    assert not suite(*narrowed).exists()


def test_rows_are_printed_in_their_order_with_what_is_not_passed(capsys):
    passed, failed = {"test": "a", "outcome": "passed"}, {"test": "b", "outcome": "failed"}

    assert not print_report({"R10": [passed], "R2": [passed, failed], "L1": [passed]})

    lines = [line.split() for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert lines == [["L1", "passed"], ["R2", "NOT", "PASSED"], ["R10", "passed"]]


def test_the_worst_part_of_a_test_is_its_outcome():
    assert worse("passed", "failed") == "failed"
    assert worse("skipped", "passed") == "skipped"
