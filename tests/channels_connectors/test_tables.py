"""docs/channels.md says what the code declares and what the tests try."""

from importlib.metadata import packages_distributions

import pytest

from channels_connectors.registry import CONNECTORS
from tests.channels_connectors.contract.driver import CELLS
from tests.channels_connectors.tables import cells, judges
from tests.channels_connectors.tables.page import PAGE, page

pytestmark = pytest.mark.row("C18")


def test_the_page_is_what_the_code_and_the_tests_declare():
    assert PAGE.read_text("utf-8") == page(), "bin/channel-tables writes it anew"


def test_every_cell_is_told_in_words():
    assert set(cells.WORDS) == set(CELLS)


def test_every_simulator_is_judged_or_says_why_not():
    judged = {judge.kind for judge in judges.judges()}

    assert judged.isdisjoint(judges.UNJUDGED)
    assert judged | set(judges.UNJUDGED) == set(CONNECTORS)


def test_every_judge_that_is_named_is_at_work():
    """A package that is named is imported beside the tests that name it; one of npm has its script."""
    modules = packages_distributions()
    scripts = "".join(path.read_text("utf-8") for path in (judges.FOLDER / "judges").glob("*.mjs"))
    for judge in judges.judges():
        beside = [judges.FOLDER / judge.path, *(judges.FOLDER / judge.kind).glob("*.py")]
        sources = "".join(path.read_text("utf-8") for path in beside)
        names = [
            name for name, packages in modules.items() if judge.name in (one.replace("_", "-") for one in packages)
        ]
        is_imported = any(f"import {name}" in sources or f"from {name}" in sources for name in names)
        is_run = f'"{judge.name}' in scripts or f"'{judge.name}" in scripts
        assert is_imported or is_run or judge.name in judges.PROGRAMS, judge
