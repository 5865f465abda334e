"""Which tests show which row of the mission: ``@pytest.mark.row("R2")``, kept in VAR_DIR/rows.json.

Every run of the whole suite writes it; ``python -m tests.rows`` prints it: see ``make rows``.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

NOT_RUN = "not run"
PASSED = "passed"
Report = dict[str, list[dict[str, str]]]


def rows_file() -> Path:
    return Path(os.environ.get("VAR_DIR", "var")).absolute() / "rows.json"


class RowKeeper:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.rows_of: dict[str, list[str]] = {}
        self.outcome_of: dict[str, str] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            rows = [str(row) for mark in item.iter_markers("row") for row in mark.args]
            if rows:
                self.rows_of[item.nodeid] = rows

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            self.outcome_of[report.nodeid] = worse(self.outcome_of.get(report.nodeid, PASSED), report.outcome)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A parallel worker has ended and tells what it collected."""
        self.rows_of.update(getattr(node, "workeroutput", {}).get("rows_of", {}))

    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["rows_of"] = self.rows_of
        elif is_whole_suite(self.config):
            write(self.report())

    def report(self) -> Report:
        by_row: Report = defaultdict(list)
        for test, rows in sorted(self.rows_of.items()):
            for row in rows:
                by_row[row].append({"test": test, "outcome": self.outcome_of.get(test, NOT_RUN)})
        return by_row


def worse(one: str, other: str) -> str:
    return max(one, other, key=(PASSED, "skipped", "failed").index)


def is_whole_suite(config: pytest.Config) -> bool:
    """Not where paths or -k narrow it: such a run says nothing of the other rows."""
    narrowed = config.option.keyword or getattr(config.option, "lf", False) or config.option.collectonly
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def write(report: Report) -> None:
    target = rows_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(report, indent=1, sort_keys=True), encoding="utf-8")
    unfinished.replace(target)


def print_report(report: Report) -> bool:
    for row in sorted(report, key=lambda name: (name[:1], int(name[1:]) if name[1:].isdigit() else 0)):
        tests = report[row]
        passed = all(test["outcome"] == PASSED for test in tests)
        print(f"{row:5} {'passed' if passed else 'NOT PASSED'}")
        for test in tests:
            print(f"      {test['outcome']:8} {test['test']}")
    return all(test["outcome"] == PASSED for tests in report.values() for test in tests)


if __name__ == "__main__":
    sys.exit(0 if print_report(json.loads(rows_file().read_text(encoding="utf-8"))) else 1)
