"""Who judged our simulated providers: each ``tests/providers/test_*_judged.py`` names its judges in ``JUDGES``.

``{kind: {judge: what it judged}}``. A judge is a Python package that is pinned in the lock file, a package of npm with
its version, or a program of the system.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from channels_connectors.registry import CONNECTORS, SETUPS
from tests.paths import ROOT

FOLDER = ROOT / "tests" / "providers"
LOCK = ROOT / "requirements-dev.txt"
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
PROGRAMS = {"Dovecot": "as the system has it"}
# Kinds whose simulators nobody but us has judged, and why.
UNJUDGED = {
    "ok": "no client of the Bot API for groups is alive; the simulator follows its documents alone",
    "facebook_comments": "no client of comments is alive; signatures and challenges are those of Messenger",
    "instagram_comments": "no client of comments is alive; signatures and challenges are those of Instagram",
    "livechat": "our own: no provider",
    "custom": "our own protocol: the page that describes it is run as a partner would",
    "sandbox": "our own: no provider",
}


@dataclass(frozen=True, kw_only=True)
class Judge:
    kind: str
    name: str
    version: str
    judged: str
    path: str


def judges() -> list[Judge]:
    """In the order of the registry. Raises ``KeyError`` for one that is not pinned."""
    pinned = dict(PINNED.findall(LOCK.read_text("utf-8")))
    found = []
    for path in sorted(FOLDER.glob("test_*_judged.py")):
        declared = import_module(f"tests.providers.{path.stem}").JUDGES
        for kind, judged_by in declared.items():
            for told, judged in judged_by.items():
                name, _, version = told.partition("@")
                version = version or PROGRAMS.get(name) or pinned[name]
                found.append(Judge(kind=kind, name=name, version=version, judged=judged, path=path.name))
    order = list(CONNECTORS)
    return sorted(found, key=lambda judge: order.index(judge.kind))


def table() -> Iterator[str]:
    yield "| simulated | judge | version | what it judged | in `tests/providers/` |"
    yield "|---|---|---|---|---|"
    for judge in judges():
        title = SETUPS[judge.kind].title
        yield f"| {title} | {judge.name} | {judge.version} | {judge.judged} | `{judge.path}` |"


def unjudged() -> Iterator[str]:
    for kind, reason in UNJUDGED.items():
        yield f"- {SETUPS[kind].title}: {reason}."
