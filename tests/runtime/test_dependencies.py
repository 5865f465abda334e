import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0].lower()


FOR_THE_PRODUCT = {name_of(requirement) for requirement in PROJECT["project"]["dependencies"]}
FOR_DEVELOPERS = {name_of(requirement) for group in ("test", "lint") for requirement in GROUPS[group]}


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==(\S+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize(
    ("lock", "declared"),
    [("requirements.txt", FOR_THE_PRODUCT), ("requirements-dev.txt", FOR_THE_PRODUCT | FOR_DEVELOPERS)],
)
def test_the_lock_pins_what_is_declared(lock: str, declared: set[str]) -> None:
    assert declared - pins(lock).keys() == set()


def test_the_tests_run_on_the_releases_that_production_gets() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address_of_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)

    assert [
        block.split()[0] for block in blocks if "==" in block.split("\n")[0] and "--hash=sha256:" not in block
    ] == []
    assert "://" not in text
    assert "--index-url" not in text


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ([a-z0-9-]+) \| .", page, re.MULTILINE)) - {"package"}

    assert explained == FOR_THE_PRODUCT | FOR_DEVELOPERS
