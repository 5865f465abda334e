"""No Docker engine is at hand: what docker-compose.yml, the Dockerfile and the docs name must at least exist."""

import ast
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "openlines"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/self-hosting.md").read_text(encoding="utf-8")
READERS = {"text", "words", "boolean", "integer", "secret", "optional_secret"}
READ_BY_UVICORN = {"FORWARDED_ALLOW_IPS"}
NOT_FOR_PEOPLE = {"WEB_FD", "PYTHONPATH", "PATH"}
READ_BY_PYTHON = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def read_by_the_settings() -> set[str]:
    tree = ast.parse((ROOT / "config/settings/base.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in READERS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def read_by_the_programs() -> set[str]:
    programs = (ROOT / "bin" / name for name in ("web", "worker", "beat", "prepare", "environment.sh"))
    return {name for program in programs for name in re.findall(r"\$\{([A-Z_]+)", program.read_text(encoding="utf-8"))}


def settings() -> set[str]:
    return read_by_the_settings() | read_by_the_programs() | READ_BY_UVICORN


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    assert documented() == settings() - NOT_FOR_PEOPLE


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_a_program_that_exists(name: str) -> None:
    program = ROOT / OURS[name]["command"].split()[0]

    assert os.access(program, os.X_OK)


def test_web_worker_and_beat_run_what_make_run_runs() -> None:
    assert {OURS[name]["command"] for name in ("web", "worker", "beat")} == {"bin/web", "bin/worker", "bin/beat"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_gets_only_settings_that_exist(name: str) -> None:
    assert OURS[name]["environment"].keys() <= settings()


def test_what_compose_asks_of_its_user_is_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))

    assert asked <= set(re.findall(r"\b[A-Z_]{4,}\b", GUIDE))


def test_a_container_waits_for_services_that_exist() -> None:
    waited_for = {other for service in COMPOSE["services"].values() for other in service.get("depends_on", [])}

    assert waited_for <= COMPOSE["services"].keys()


def test_volumes_lie_where_the_image_keeps_files() -> None:
    var_dir = re.search(r"VAR_DIR=(\S+)", DOCKERFILE)
    assert var_dir

    assert {volume for service in OURS.values() for volume in service["volumes"]} == {f"media:{var_dir[1]}/media"}


def test_the_image_names_files_and_settings_that_exist() -> None:
    programs = re.findall(r"\bbin/[a-z-]+", DOCKERFILE)
    named = set(re.findall(r"\b([A-Z_]+)=", DOCKERFILE)) - READ_BY_PYTHON

    assert [program for program in programs if not os.access(ROOT / program, os.X_OK)] == []
    assert "COPY requirements.txt" in DOCKERFILE
    assert (ROOT / "requirements.txt").exists()
    assert named <= settings()


def test_the_makefile_has_few_verbs_and_help_lists_each() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))

    assert len(verbs) <= 12
    assert verbs == set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE))
    assert {"run", "test", "check", "bench", "rows", "help"} <= verbs


@pytest.mark.parametrize("page", ["self-hosting.md", "development.md"])
def test_programs_that_the_docs_name_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    verbs = set(re.findall(r"make ([a-z]+)", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert [
        program for program in set(re.findall(r"(?<!/)\bbin/[a-z-]+", text)) if not os.access(ROOT / program, os.X_OK)
    ] == []
    assert [verb for verb in verbs if f"\n{verb}:" not in makefile] == []
